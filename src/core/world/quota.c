/* SPDX-License-Identifier: Apache-2.0 */
#include "claims.h"
#include "pools.h"

#include <stdlib.h>
#include <string.h>

#define NAMED_MAX 5 /* users that a sentence names */

/*
 * How many addresses of a pool each namespace uses (arplet.io/namespace-quota).  One that several
 * of its Services share counts once; what only waits to be written counts.
 */
static int
usage_cmp(const struct usage *a, const struct usage *b)
{
	return strcmp(a->ns, b->ns);
}
RB_PROTOTYPE(usages, usage, link, usage_cmp)
RB_GENERATE(usages, usage, link, usage_cmp)

static const char *
ns_of(const struct svc *svc)
{
	return svc->e.obj->meta.ns;
}

static struct usage *
find(const struct pool_entry *pool, const char *ns)
{
	struct usage key = { .ns = (char *)ns };

	return RB_FIND(usages, (struct usages *)&pool->usages, &key);
}

static void
count(struct pool_entry *pool, const char *ns, int n)
{
	struct usage *usage = find(pool, ns);

	if (!usage) {
		usage = xcalloc(1, sizeof(*usage));
		usage->ns = xstrdup(ns);
		RB_INSERT(usages, &pool->usages, usage);
	}
	usage->n += (size_t)n;
	if (usage->n)
		return;
	RB_REMOVE(usages, &pool->usages, usage);
	free(usage->ns);
	free(usage);
}

bool
quota_counted(const struct addr *addr, const struct svc *svc)
{
	struct claim *claim;

	if (!addr)
		return false;
	SLIST_FOREACH(claim, &addr->claims, of_addr) {
		if (claim->svc != svc && strcmp(ns_of(claim->svc), ns_of(svc)) == 0)
			return true;
	}
	return false;
}

void
quota_moved(struct world *world, const struct addr *addr, const struct svc *svc, int n)
{
	struct pool_entry *pool = world->quotas ? pools_containing(world, &addr->ip) : NULL;

	if (!pool || !pool->rules.quota)
		return;
	world->freed = true; /* who waits is told by whom the quota is used */
	if (!quota_counted(addr, svc))
		count(pool, ns_of(svc), n);
}

void
quota_forget(struct pool_entry *pool)
{
	struct usage *usage;

	while ((usage = RB_ROOT(&pool->usages))) {
		RB_REMOVE(usages, &pool->usages, usage);
		free(usage->ns);
		free(usage);
	}
}

/* Counts a Service once for the namespace on an address: the first of it there. */
static void
recount_addr(struct pool_entry *pool, const struct addr *addr)
{
	struct claim *claim, *before;

	SLIST_FOREACH(claim, &addr->claims, of_addr) {
		SLIST_FOREACH(before, &addr->claims, of_addr) {
			if (before == claim || strcmp(ns_of(before->svc), ns_of(claim->svc)) == 0)
				break;
		}
		if (before == claim)
			count(pool, ns_of(claim->svc), 1);
	}
}

void
quota_recount(struct world *world, struct pool_entry *pool)
{
	quota_forget(pool);
	if (!pool->rules.quota)
		return;
	world->quotas = true;
	for (size_t i = 0; i < pool->n_ranges; i++) {
		struct addr *addr = claims_from(world, &pool->ranges[i].first);

		for (; addr && ip_range_contains(&pool->ranges[i], &addr->ip);
		     addr = claims_next(addr)) {
			if (pools_containing(world, &addr->ip) == pool)
				recount_addr(pool, addr);
		}
	}
}

/* How many addresses the namespace uses, but for those of @svc alone. */
static size_t
used_by_others(const struct world *world, const struct pool_entry *pool, const struct svc *svc)
{
	const struct usage *usage = find(pool, ns_of(svc));
	size_t used = usage ? usage->n : 0;
	struct claim *claim;

	SLIST_FOREACH(claim, &svc->claims, of_svc) {
		if (pools_containing(world, &claim->addr->ip) == pool &&
		    !quota_counted(claim->addr, svc))
			used--;
	}
	return used;
}

size_t
quota_room(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    const struct ips *ips)
{
	size_t used, quota = (size_t)pool->rules.quota;

	if (!quota)
		return SIZE_MAX;
	used = used_by_others(world, pool, svc);
	for (size_t i = 0; i < ips->n; i++)
		used += pools_containing(world, &ips->v[i]) == pool &&
		    !quota_counted(claims_find(world, &ips->v[i]), svc);
	return used < quota ? quota - used : 0;
}

/* "d/a (10.0.0.1), d/b (10.0.0.2)": the first few of the others of the namespace. */
static const char *
users_text(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    struct arena *mem)
{
	struct object key = { .meta = { .ns = ns_of(svc), .name = "" } };
	struct entry *e = RB_NFIND(store, (struct store *)&world->store[KIND_SERVICE],
	    &(struct entry){ .obj = &key });
	const char *text = "";
	size_t n = 0;

	for (; e && strcmp(e->obj->meta.ns, ns_of(svc)) == 0; e = RB_NEXT(store, NULL, e)) {
		const struct svc *user = (const struct svc *)e;
		struct ips ips = { 0 };
		struct claim *claim;

		SLIST_FOREACH(claim, &user->claims, of_svc) {
			if (pools_containing(world, &claim->addr->ip) == pool)
				ips_add(&ips, &claim->addr->ip);
		}
		if (user == svc || ips.n == 0)
			continue;
		if (n++ == NAMED_MAX)
			return arena_printf(mem, "%s and others", text);
		text = arena_printf(mem, "%s%s%s/%s (%s)", text, *text ? ", " : "",
		    e->obj->meta.ns, e->obj->meta.name, ips_text(&ips, mem));
	}
	return *text ? text : "none yet";
}

const char *
quota_text(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    struct arena *mem)
{
	return arena_printf(mem, "namespace \"%s\" may have %d of its addresses (%s); in use: %s",
	    ns_of(svc), (int)pool->rules.quota, pool_note_keys[NOTE_QUOTA],
	    users_text(world, pool, svc, mem));
}
