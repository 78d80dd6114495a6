/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "history.h"

#include <stdlib.h>
#include <string.h>

/*
 * The LAN of a random history.  Hosts outside the cluster start and stop using addresses.  Some
 * time later, probes find out whether an address is used.
 */
static const char *const hosts[HOSTS] = { "10.0.0.0", "10.0.0.2", "10.0.0.3", "10.0.1.0",
    "10.0.1.2",
	"fd00::", "fd01::1" };

void
history_change_hosts(void)
{
	hist.hosts ^= 1u << history_random(HOSTS);
	hist.api.n_used = 0;
	for (size_t i = 0; i < HOSTS; i++) {
		if (hist.hosts >> i & 1)
			hist.api.used[hist.api.n_used++] = ip_from_text(hosts[i]);
	}
}

struct probe_set {
	struct ip *v;
	size_t n;
};

static void
add_probe(void *arg, const struct probe_target *target)
{
	struct probe_set *w = arg;

	if (w->n == PROBES_MAX)
		abort();
	w->v[w->n++] = target->ip;
}

static bool
ips_contain(const struct ip *ips, size_t n, const struct ip *ip)
{
	while (n && !ip_equal(&ips[n - 1], ip))
		n--;
	return n;
}

static struct probe_result *
find_result(struct daemon *d, const struct ip *ip)
{
	for (size_t i = 0; i < d->n_results; i++) {
		if (ip_equal(&d->results[i].ip, ip))
			return &d->results[i];
	}
	return NULL;
}

static bool
probes_equal(const struct probe_set *a, const struct probe_set *b)
{
	bool is = a->n == b->n;

	for (size_t i = 0; is && i < a->n; i++)
		is = ip_equal(&a->v[i], &b->v[i]);
	return is;
}

static const char *
probes_text(const struct probe_set *w, struct arena *mem)
{
	const char *text = "";
	char buf[IP_TEXT_MAX];

	for (size_t i = 0; i < w->n; i++)
		text = arena_printf(mem, "%s %s", text, ip_format(&w->v[i], buf));
	return text;
}

/* Drops the probe results of addresses that are no longer in the probe plan. */
static void
drop_stale_results(struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_results; i++) {
		if (ips_contain(d->probes, d->n_probes, &d->results[i].ip))
			d->results[n++] = d->results[i];
	}
	d->n_results = n;
}

/* Reports a new or changed probe result to both worlds of the daemon. */
static void
set_result(struct daemon *d, const struct ip *ip, bool used)
{
	static const struct mac mac = { { 2, 0, 0, 0, 0, 7 } };
	struct probe_result *result = find_result(d, ip);

	if (!result)
		result = &d->results[d->n_results++];
	*result = (struct probe_result){ *ip, used };
	world_set_probe_result(d->world, ip, used ? &mac : NULL);
	world_set_probe_result(d->full_world, ip, used ? &mac : NULL);
}

static void
note_allocated(struct daemon *d, const struct ip *ip)
{
	if (ips_contain(d->allocated, d->n_allocated, ip))
		return;
	if (d->n_allocated == PROBES_MAX)
		abort();
	d->allocated[d->n_allocated++] = *ip;
}

static void
note_status(void *arg, const struct object *svc)
{
	for (size_t i = 0; i < svc->u.service.n_status; i++)
		note_allocated(arg, &svc->u.service.status[i]);
}

void
daemon_check_probed(struct daemon *d, const struct plan *plan)
{
	struct arena mem = { 0 };

	world_each(d->world, KIND_SERVICE, note_status, d);
	for (size_t i = 0; i < plan->n; i++) {
		const struct action *act = &plan->v[i];

		for (size_t j = 0; act->kind == ACT_SERVICE_STATUS &&
		    j < act->u.service_status.n; j++) {
			const struct ip *ip = &act->u.service_status.ips[j];
			const struct probe_result *result = find_result(d, ip);

			if (!ips_contain(d->allocated, d->n_allocated, ip) && (!result ||
			    result->used))
				history_require(action_text(act, &mem),
				    result ? "an address in use is allocated"
				    : "an address is allocated without a probe");
			note_allocated(d, ip);
		}
	}
	arena_done(&mem);
}

size_t
daemon_probe(struct daemon *d)
{
	struct ip before[PROBES_MAX], full[PROBES_MAX];
	struct probe_set old = { before, d->n_probes }, now = { d->probes, 0 }, all = { full, 0 };
	struct arena mem = { 0 };
	const char *a, *b;
	bool changed = world_probes_changed(d->world);
	size_t news = 0;

	memcpy(before, d->probes, sizeof(before));
	world_each_probe(d->world, add_probe, &now);
	world_each_probe(d->full_world, add_probe, &all);
	d->n_probes = now.n;
	a = probes_text(&now, &mem);
	b = probes_text(&all, &mem);
	history_require(strcmp(a, b) == 0 ? NULL : arena_printf(&mem, "%s against%s", a, b),
	    "a full decision probes other addresses");
	arena_done(&mem);
	history_require(changed || probes_equal(&now, &old) ? NULL : "",
	    "the probe plan changed, but world_probes_changed() did not report it");
	drop_stale_results(d);
	for (size_t i = 0; i < d->n_probes; i++) {
		const struct probe_result *result = find_result(d, &d->probes[i]);
		bool used = ips_contain(hist.api.used, hist.api.n_used, &d->probes[i]);

		if (result && result->used == used)
			continue;
		news++;
		if (history_random(2)) /* otherwise, the new result arrives later */
			set_result(d, &d->probes[i], used);
	}
	return news;
}
