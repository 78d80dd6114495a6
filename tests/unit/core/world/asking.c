/* SPDX-License-Identifier: Apache-2.0 */
#include "core/story/facts.h"
#include "history.h"

#include <stdlib.h>
#include <string.h>

/*
 * The LAN of a random history: which addresses other hosts use changes, and is found out at some
 * time.
 */
static const char *const hosts[HOSTS] = { "10.0.0.0", "10.0.0.2", "10.0.0.3", "10.0.1.0", "10.0.1.2",
	"fd00::", "fd01::1" };

void
lan_change(void)
{
	hist.hosts ^= 1u << history_pick(HOSTS);
	hist.api.n_used = 0;
	for (size_t i = 0; i < HOSTS; i++) {
		if (hist.hosts >> i & 1)
			hist.api.used[hist.api.n_used++] = fact_ip(hosts[i]);
	}
}

struct wishes {
	struct ip *v;
	size_t n;
};

static void
add(void *arg, const struct probe_target *wish)
{
	struct wishes *w = arg;

	if (w->n == WISHES_MAX)
		abort();
	w->v[w->n++] = wish->ip;
}

static bool
has(const struct ip *ips, size_t n, const struct ip *ip)
{
	while (n && !ip_equal(&ips[n - 1], ip))
		n--;
	return n;
}

static struct answer *
answer_of(struct daemon *d, const struct ip *ip)
{
	for (size_t i = 0; i < d->n_known; i++) {
		if (ip_equal(&d->known[i].ip, ip))
			return &d->known[i];
	}
	return NULL;
}

static bool
same(const struct wishes *a, const struct wishes *b)
{
	bool is = a->n == b->n;

	for (size_t i = 0; is && i < a->n; i++)
		is = ip_equal(&a->v[i], &b->v[i]);
	return is;
}

static const char *
texts(const struct wishes *w, struct arena *mem)
{
	const char *text = "";
	char buf[IP_TEXT_MAX];

	for (size_t i = 0; i < w->n; i++)
		text = arena_printf(mem, "%s %s", text, ip_format(&w->v[i], buf));
	return text;
}

/* The answers that hold are those about addresses that are still wanted. */
static void
keep_known(struct daemon *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_known; i++) {
		if (has(d->wanted, d->n_wanted, &d->known[i].ip))
			d->known[n++] = d->known[i];
	}
	d->n_known = n;
}

/* Told of an address for the first time, or that it is used now, or is no more. */
static void
tell_one(struct daemon *d, const struct ip *ip, bool used)
{
	static const struct mac mac = { { 2, 0, 0, 0, 0, 7 } };
	struct answer *answer = answer_of(d, ip);

	if (!answer)
		answer = &d->known[d->n_known++];
	*answer = (struct answer){ *ip, used };
	world_set_probe_result(d->world, ip, used ? &mac : NULL);
	world_set_probe_result(d->twin, ip, used ? &mac : NULL);
}

static void
note(struct daemon *d, const struct ip *ip)
{
	if (has(d->given, d->n_given, ip))
		return;
	if (d->n_given == WISHES_MAX)
		abort();
	d->given[d->n_given++] = *ip;
}

static void
note_status(void *arg, const struct object *svc)
{
	for (size_t i = 0; i < svc->u.service.n_status; i++)
		note(arg, &svc->u.service.status[i]);
}

void
daemon_check_asked(struct daemon *d, const struct plan *plan)
{
	struct arena mem = { 0 };

	world_each(d->world, KIND_SERVICE, note_status, d);
	for (size_t i = 0; i < plan->n; i++) {
		const struct action *act = &plan->v[i];

		for (size_t j = 0; act->kind == ACT_SERVICE_STATUS && j < act->u.service_status.n; j++) {
			const struct ip *ip = &act->u.service_status.ips[j];
			const struct answer *answer = answer_of(d, ip);

			if (!has(d->given, d->n_given, ip) && (!answer || answer->used))
				history_check(action_text(act, &mem), answer ? "given though used"
				    : "given unasked");
			note(d, ip);
		}
	}
	arena_done(&mem);
}

size_t
daemon_ask(struct daemon *d)
{
	struct ip before[WISHES_MAX], full[WISHES_MAX];
	struct wishes old = { before, d->n_wanted }, now = { d->wanted, 0 }, twin = { full, 0 };
	struct arena mem = { 0 };
	const char *a, *b;
	bool changed = world_probes_changed(d->world);
	size_t news = 0;

	memcpy(before, d->wanted, sizeof(before));
	world_each_probe(d->world, add, &now);
	world_each_probe(d->twin, add, &twin);
	d->n_wanted = now.n;
	a = texts(&now, &mem);
	b = texts(&twin, &mem);
	history_check(strcmp(a, b) == 0 ? NULL : arena_printf(&mem, "%s against%s", a, b),
	    "a full pass wants to know something else");
	arena_done(&mem);
	history_check(changed || same(&now, &old) ? NULL : "", "wishes change and nobody says so");
	keep_known(d);
	for (size_t i = 0; i < d->n_wanted; i++) {
		const struct answer *answer = answer_of(d, &d->wanted[i]);
		bool used = has(hist.api.used, hist.api.n_used, &d->wanted[i]);

		if (answer && answer->used == used)
			continue;
		news++;
		if (history_pick(2)) /* else it takes longer */
			tell_one(d, &d->wanted[i], used);
	}
	return news;
}
