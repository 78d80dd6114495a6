/* SPDX-License-Identifier: Apache-2.0 */
#include "quota.h"
#include "core/state/world_state.h"
#include "pools.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_SERVICES_MAX 5 /* maximum number of Services that quota_text() lists */

static int
usage_cmp(const struct quota_usage *a, const struct quota_usage *b)
{
	return strcmp(a->ns, b->ns);
}
RB_PROTOTYPE(quota_usages, quota_usage, link, usage_cmp)
RB_GENERATE(quota_usages, quota_usage, link, usage_cmp)

static const char *
ns_of(const struct svc *svc)
{
	return svc->e.obj->meta.ns;
}

static struct quota_usage *
find(const struct pool_entry *pool, const char *ns)
{
	struct quota_usage key = { .ns = (char *)ns };

	return RB_FIND(quota_usages, (struct quota_usages *)&pool->quota_usages, &key);
}

static void
drop(struct pool_entry *pool, struct quota_usage *usage)
{
	RB_REMOVE(quota_usages, &pool->quota_usages, usage);
	free(usage->users);
	free(usage->ns);
	free(usage);
}

static void
count(struct pool_entry *pool, const char *ns, int n)
{
	struct quota_usage *usage = find(pool, ns);

	if (!usage) {
		usage = xcalloc(1, sizeof(*usage));
		usage->ns = xstrdup(ns);
		RB_INSERT(quota_usages, &pool->quota_usages, usage);
	}
	usage->n += (size_t)n;
	if (usage->n == 0)
		drop(pool, usage);
}

bool
quota_is_counted(const struct addr *addr, const struct svc *svc)
{
	struct addr_use *addr_use;

	if (!addr)
		return false;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		if (addr_use->svc != svc && strcmp(ns_of(addr_use->svc), ns_of(svc)) == 0)
			return true;
	}
	return false;
}

void
quota_count(struct world *world, const struct addr *addr, const struct svc *svc, int n)
{
	struct pool_entry *pool = pools_containing(world, &addr->ip);
	struct quota_usage *usage;

	if (!pool || !pool->rules.quota)
		return;
	world->freed = true; /* Events on waiting Services list the users of the quota */
	usage = find(pool, ns_of(svc));
	if (usage)
		set_text(&usage->users, NULL);
	if (!quota_is_counted(addr, svc))
		count(pool, ns_of(svc), n);
}

void
quota_free(struct pool_entry *pool)
{
	while (!RB_EMPTY(&pool->quota_usages))
		drop(pool, RB_ROOT(&pool->quota_usages));
}

/* Counts @addr once for each namespace with Services that use @addr. */
static void
recount_addr(struct pool_entry *pool, const struct addr *addr)
{
	struct addr_use *addr_use, *before;

	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		SLIST_FOREACH(before, &addr->uses, of_addr) {
			if (before == addr_use ||
			    strcmp(ns_of(before->svc), ns_of(addr_use->svc)) == 0)
				break;
		}
		if (before == addr_use)
			count(pool, ns_of(addr_use->svc), 1);
	}
}

void
quota_recount(struct world *world, struct pool_entry *pool)
{
	quota_free(pool);
	if (!pool->rules.quota)
		return;
	for (size_t i = 0; i < pool->n_ranges; i++) {
		struct addr *addr = addrs_from(world, &pool->ranges[i].first);

		for (; addr && ip_range_contains(&pool->ranges[i], &addr->ip);
		     addr = addrs_next(addr)) {
			if (pools_containing(world, &addr->ip) == pool)
				recount_addr(pool, addr);
		}
	}
}

/* Returns how many addresses of @pool the other Services in the namespace of @svc use. */
static size_t
used_by_others(const struct world *world, const struct pool_entry *pool, const struct svc *svc)
{
	const struct quota_usage *usage = find(pool, ns_of(svc));
	size_t used = usage ? usage->n : 0;
	struct addr_use *addr_use;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		if (pools_containing(world, &addr_use->addr->ip) == pool &&
		    !quota_is_counted(addr_use->addr, svc))
			used--;
	}
	return used;
}

size_t
quota_left(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    const struct ips *ips)
{
	size_t used, quota = (size_t)pool->rules.quota;

	if (!quota)
		return SIZE_MAX;
	used = used_by_others(world, pool, svc);
	for (size_t i = 0; i < ips->n; i++)
		used += pools_containing(world, &ips->v[i]) == pool &&
		    !quota_is_counted(addrs_find(world, &ips->v[i]), svc);
	return used < quota ? quota - used : 0;
}

/*
 * Lists the other Services of the namespace by name, with their addresses: "d/a (10.0.0.1), d/b
 * (10.0.0.2)".
 */
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
		struct addr_use *addr_use;

		world_work(world, 2);
		SLIST_FOREACH(addr_use, &user->uses, of_svc) {
			if (pools_containing(world, &addr_use->addr->ip) == pool)
				ips_add(&ips, &addr_use->addr->ip);
		}
		if (user == svc || ips.n == 0)
			continue;
		if (n++ == TEXT_SERVICES_MAX)
			return arena_printf(mem, "%s and others", text);
		text = arena_printf(mem, "%s%s%s/%s (%s)", text, *text ? ", " : "",
		    e->obj->meta.ns, e->obj->meta.name, ips_text(&ips, mem));
	}
	return *text ? text : "none";
}

/* Returns users_text(), which is kept for Services that use no address of the pool. */
static const char *
kept_users_text(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    struct arena *mem)
{
	struct quota_usage *usage = find(pool, ns_of(svc));

	if (!usage)
		return "none";
	if (!SLIST_EMPTY(&svc->uses))
		return users_text(world, pool, svc, mem);
	if (!usage->users)
		usage->users = xstrdup(users_text(world, pool, svc, mem));
	return arena_strdup(mem, usage->users);
}

const char *
quota_text(const struct world *world, const struct pool_entry *pool, const struct svc *svc,
    struct arena *mem)
{
	return arena_printf(mem,
	    "namespace \"%s\" may use %d of the pool's addresses (%s); in use: %s",
	    ns_of(svc), (int)pool->rules.quota, pool_annotation_keys[ANNOTATION_QUOTA],
	    kept_users_text(world, pool, svc, mem));
}
