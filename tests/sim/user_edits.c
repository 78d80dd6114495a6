/* SPDX-License-Identifier: Apache-2.0 */
#include "check_alloc.h"
#include "core/scenario/object_text.h"
#include "sim.h"
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Edits of API objects by users.  step->value determines the text of an edit. */

static void
service_line(uint32_t v, char *buf, size_t size)
{
	static const char *const sharing[] = { "", "", "", " share=k", " share=k", " share=l" };
	static const char *const requests[] = { "", "", "", "", "", "", " pool=a",
	    " ann-ips=10.0.0.3",
		" type=ClusterIP", "" };
	uint32_t n = v % N_SERVICES, w = v / N_SERVICES;

	/* no edit changes the sharing key and externalTrafficPolicy: they depend only on n */
	snprintf(buf, size, "svc d/s%u%s ports=TCP/%u%s%s", n, requests[w % 10], n, sharing[n],
	    n % 3 == 2 ? " local selector=app:x" : "");
}

static void
endpoints_line(uint32_t v, char *buf, size_t size)
{
	static const char *const states[] = { "ready", "not", "ready", "ends" };
	uint32_t n = v % N_SERVICES, w = v / N_SERVICES;
	int len = snprintf(buf, size, "slice d/s%u", n);

	for (int i = 1; i <= NODES_MAX && (size_t)len < size; i++, w /= 4)
		len += snprintf(buf + len, size - (size_t)len, " n%d:%s", i, states[w % 4]);
}

const char *
edit_line(const struct step *step, char *buf, size_t size)
{
	static const char *const pools[] = { "pool a 10.0.0.1-10.0.0.4", "pool a 10.0.0.1-10.0.0.4",
		"pool a 10.0.0.2-10.0.0.5", "pool a 10.0.0.2/31", "pool b 10.1.0.2/31",
		"pool b 10.1.0.2/31 auto=no", "pool a 10.0.0.1-10.0.0.4 prio=3" };
	static const char *const advs[] = { "adv x", "adv x", "adv x nodes=zone:1",
	    "adv x nodes=zone!:1",
		"adv x pools=a" };
	uint32_t v = (uint32_t)step->value;

	switch (edit_of(step->kind)) {
	case EDIT_SERVICE:
		service_line(v, buf, size);
		break;
	case EDIT_SERVICE_GONE:
		snprintf(buf, size, "del svc d/s%u", v % N_SERVICES);
		break;
	case EDIT_ENDPOINTS:
		endpoints_line(v, buf, size);
		break;
	case EDIT_POOL:
		snprintf(buf, size, "%s", pools[v % 7]);
		break;
	case EDIT_ADV:
		snprintf(buf, size, "%s", advs[v % 5]);
		break;
	case EDIT_NONE:
		abort();
	}
	return buf;
}

void
edits_init(struct sim *sim)
{
	char line[OBJECT_TEXT_MAX];

	fake_api_put(&sim->api_server.api, "ns d");
	for (size_t i = 0; i < sim->n_nodes; i++) {
		snprintf(line, sizeof(line), "node n%zu%s", i + 1, i % 2 ? " labels=zone:1" : "");
		fake_api_put(&sim->api_server.api, line);
	}
	fake_api_put(&sim->api_server.api, "pool a 10.0.0.1-10.0.0.4");
	if (sim->n_lans > 1)
		fake_api_put(&sim->api_server.api, "pool b 10.1.0.2/31");
	fake_api_put(&sim->api_server.api, "adv x");
	for (int n = 0; n < N_SERVICES; n++) {
		snprintf(line, sizeof(line),
		    "slice d/s%d n1:ready n2:ready n3:ready n4:ready n5:ready", n);
		fake_api_put(&sim->api_server.api, line);
	}
}

void
edit_begin(struct sim *sim, const struct step *step)
{
	char line[OBJECT_TEXT_MAX];

	edit_line(step, line, sizeof(line));
	check_alloc_edit(sim, line);
	if (strncmp(line, "del ", 4) == 0)
		fake_api_delete(&sim->api_server.api, line + 4);
	else
		fake_api_put(&sim->api_server.api, line);
}
