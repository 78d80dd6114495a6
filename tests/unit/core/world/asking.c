/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include <stdlib.h>
#include <string.h>

/* The LAN of a random history: nobody uses an address, which is found out at some time. */

struct wishes {
	struct ip *v;
	size_t n;
};

static void
add(void *arg, const struct probe_wish *wish)
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
		if (has(d->wanted, d->n_wanted, &d->known[i]))
			d->known[n++] = d->known[i];
	}
	d->n_known = n;
}

size_t
daemon_ask(struct daemon *d)
{
	struct ip before[WISHES_MAX], full[WISHES_MAX];
	struct wishes old = { before, d->n_wanted }, now = { d->wanted, 0 }, twin = { full, 0 };
	struct arena mem = { 0 };
	const char *a, *b;
	bool changed = world_wants_changed(d->world);
	size_t news = 0;

	memcpy(before, d->wanted, sizeof(before));
	world_each_wanted(d->world, add, &now);
	world_each_wanted(d->twin, add, &twin);
	d->n_wanted = now.n;
	a = texts(&now, &mem);
	b = texts(&twin, &mem);
	history_check(strcmp(a, b) == 0 ? NULL : arena_printf(&mem, "%s against%s", a, b),
	    "a full pass wants to know something else");
	arena_done(&mem);
	history_check(changed || same(&now, &old) ? NULL : "", "wishes change and nobody says so");
	keep_known(d);
	for (size_t i = 0; i < d->n_wanted; i++) {
		if (has(d->known, d->n_known, &d->wanted[i]))
			continue;
		news++;
		if (history_pick(2))
			continue; /* the answer takes longer */
		d->known[d->n_known++] = d->wanted[i];
		world_set_check(d->world, &d->wanted[i], NULL);
		world_set_check(d->twin, &d->wanted[i], NULL);
	}
	return news;
}
