/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "core/story/facts.h"
#include "core/world/judge.h"
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
check_leaders(struct sim *sim)
{
	const struct host *leader = NULL;

	for (size_t i = 0; i < sim->n_nodes; i++) {
		const struct host *node = &sim->nodes[i];

		if (!node->running || !lease_leads(&node->elector, node_now(node)))
			continue;
		if (leader)
			sim_fail(sim, "%s and %s both lead", leader->name, node->name);
		leader = node;
	}
}

/* What a person changed since the last rest may move addresses: of one Service, or of all. */
void
check_edit(struct sim *sim, const char *line)
{
	const char *svc = strstr(line, "svc d/s");

	if (svc)
		sim->check.excused[svc[7] - '0'] = true;
	else if (strstr(line, "pool "))
		memset(sim->check.excused, true, sizeof(sim->check.excused));
}

static bool
is_allocation(const struct action *act)
{
	return act->kind == ACT_SERVICE_STATUS || act->kind == ACT_POOL_STATUS ||
	    act->kind == ACT_SERVICE_CONDITIONS;
}

void
check_before_write(struct sim *sim, const struct host *node, const struct action *act)
{
	char key[FACT_LEN_MAX];
	const struct stored *obj;

	(void)node;
	free(sim->check.before);
	sim->check.before = NULL;
	if (act->kind != ACT_SERVICE_STATUS)
		return;
	snprintf(key, sizeof(key), "svc %s/%s", act->on.ns, act->on.name);
	obj = api_find(&sim->kube.api, key);
	sim->check.before = xstrdup(obj ? obj->status : "");
}

/* Without a cause a Service keeps what it has, unless it waits for what it asks for. */
static void
check_stays(struct sim *sim, const struct stored *svc, const struct action *act)
{
	char buf[FACT_LEN_MAX], ip[IP_TEXT_MAX], *save;

	if (sim->check.excused[act->on.name[1] - '0'] || strlen(sim->check.before) < 8 ||
	    strstr(svc->spec, "ann-ips=") || strstr(svc->spec, "pool="))
		return;
	snprintf(buf, sizeof(buf), "%s", sim->check.before + strlen("status="));
	for (char *s = strtok_r(buf, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		bool stays = false;

		for (size_t i = 0; i < act->u.service_status.n; i++)
			stays |= strcmp(s, ip_format(&act->u.service_status.ips[i], ip)) == 0;
		if (!stays)
			sim_fail(sim, "%s lost %s without a cause", act->on.name, s);
	}
}

void
check_after_write(struct sim *sim, const struct host *node, const struct action *act)
{
	const struct lease_state *lease = &sim->kube.lease;
	struct arena mem = { 0 };
	char key[FACT_LEN_MAX];
	const char *twice;

	if (!is_allocation(act))
		return;
	if (lease->there && *lease->holder && sim->now_ms > sim->kube.lease_gone_ms + SIM_LEASE_MS &&
	    strncmp(lease->holder, node->name, strlen(node->name)) != 0)
		sim_fail(sim, "%s wrote %s while %s had the Lease", node->name, act->on.name,
		    lease->holder);
	if (act->kind != ACT_SERVICE_STATUS)
		return;
	snprintf(key, sizeof(key), "svc %s/%s", act->on.ns, act->on.name);
	check_stays(sim, api_find(&sim->kube.api, key), act);
	twice = judge_twice(&sim->kube.api, &mem);
	if (twice)
		sim_fail(sim, "%s", twice);
	arena_done(&mem);
}

/* Can somebody allocate?  All that lasts over a rest counts as it is. */
static bool
can_allocate(const struct sim *sim)
{
	for (size_t i = 0; i < sim->n_nodes; i++) {
		const struct host *node = &sim->nodes[i];

		if (node->running && !node->leaving && !node->frozen && !node->cut && !sim->kube.down &&
		    world_synced(node->world) == NULL) {
			bool late = false;

			for (int kind = 0; kind < KINDS; kind++)
				late |= node->watches[kind].late;
			if (!late && node->leads)
				return true;
		}
	}
	return false;
}

static void
check_allocator(struct sim *sim)
{
	int able = 0, lead = 0;

	for (size_t i = 0; i < sim->n_nodes; i++) {
		const struct host *node = &sim->nodes[i];

		lead += node->running && node->leads && lease_leads(&node->elector, node_now(node));
		able += node->running && !node->leaving && !node->frozen && !node->cut &&
		    !node->watches[KIND_LEASE].late;
	}
	if (lead > 1)
		sim_fail(sim, "%d daemons lead at rest", lead);
	if (lead == 0 && able && !sim->kube.down)
		sim_fail(sim, "nobody leads at rest");
}

void
check_rest(struct sim *sim)
{
	struct arena mem = { 0 };
	const char *wrong = NULL;

	sim_tell(sim, "--- rest");
	check_allocator(sim);
	if (can_allocate(sim)) {
		wrong = judge_served(&sim->kube.api, &mem);
		if (!wrong)
			wrong = judge_counts(&sim->kube.api, &mem);
		memset(sim->check.excused, false, sizeof(sim->check.excused));
	}
	if (wrong)
		sim_fail(sim, "at rest: %s", wrong);
	arena_done(&mem);
}

void
check_done(struct sim *sim)
{
	free(sim->check.before);
}
