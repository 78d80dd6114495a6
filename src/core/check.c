/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "arplet/iface.h"

#include <stdlib.h>

/*
 * The prober asks for what world_wants() names; what it finds comes back by world_set_check().  A
 * Service that needs an address which has not been asked for yet waits for that, a tenth of a
 * second, so that none is given unasked.
 */
#define AHEAD     64 /* addresses of a pool and family that are known before they are needed ... */
#define AHEAD_MAX 1024 /* ... and as many as Services wait, up to this */

struct check {
	RB_ENTRY(check) link;
	struct ip ip;
	bool used, told, told_service, wanted;
	struct mac mac;
};

static int
check_cmp(const struct check *a, const struct check *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
RB_PROTOTYPE(checks, check, link, check_cmp)
RB_GENERATE(checks, check, link, check_cmp)

static struct check *
find(const struct world *world, const struct ip *ip)
{
	struct check key = { .ip = *ip };

	return RB_FIND(checks, (struct checks *)&world->checks, &key);
}

/* Where the addresses of a pool are asked for. */
struct place {
	struct arena mem;
	bool here;             /* they are announced from this node, too */
	struct strings ifaces; /* on these; none: any */
};

static void
place_init(struct place *place, const struct world *world, const struct pool_entry *pool)
{
	*place = (struct place){ 0 };
	place->here = holder_ifaces(world, pool, &place->mem, &place->ifaces);
}

/*
 * The links of this node on which @ip lives: those that would announce it; or, where it is announced
 * from other nodes alone, those whose prefix contains it, for then that is the same LAN.
 */
static bool
find_links(const struct world *world, struct place *place, const struct ip *ip,
    struct probe_wish *ret)
{
	const struct link **links = arena_calloc(&place->mem, world->n_links, sizeof(*links));
	size_t n = links_for_ip(world->links, world->n_links, ip, &place->ifaces, links), found = 0;

	*ret = (struct probe_wish){ .ip = *ip };
	for (size_t i = 0; i < n && found < PROBER_LINKS_MAX; i++) {
		if (place->here || link_has_prefix(links[i], ip))
			ret->links[found++] = links[i]->ifindex;
	}
	return found;
}

static bool
lives_here(const struct world *world, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	struct probe_wish wish;
	struct place place;
	bool here;

	if (!pool)
		return false;
	place_init(&place, world, pool);
	here = find_links(world, &place, ip, &wish);
	arena_done(&place.mem);
	return here;
}

bool
check_refuses(const struct world *world, const struct ip *ip)
{
	const struct check *check = world->checking ? find(world, ip) : NULL;

	return check && check->used;
}

enum check_state
check_state(const struct world *world, const struct ip *ip)
{
	const struct check *check = world->checking ? find(world, ip) : NULL;

	if (check)
		return check->used ? CHECK_USED : CHECK_FREE;
	return world->checking && lives_here(world, ip) ? CHECK_UNKNOWN : CHECK_FREE;
}

const char *
check_text(const struct world *world, const struct ip *ip, struct arena *mem)
{
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	return arena_printf(mem, "%s is used by another host on its LAN, %s", ip_format(ip, text),
	    mac_format(&find(world, ip)->mac, mac));
}

void
world_set_checking(struct world *world, bool checking)
{
	world->checking = checking;
	world->wants_changed = true;
}

void
world_set_check(struct world *world, const struct ip *ip, const struct mac *used_by)
{
	struct check *check = find(world, ip);

	if (!world->checking || claims_find(world, ip))
		return; /* it is given: the holder looks after it */
	if (!check) {
		check = xcalloc(1, sizeof(*check));
		check->ip = *ip;
		RB_INSERT(checks, &world->checks, check);
	} else if (check->used == !!used_by) {
		return;
	}
	check->used = used_by;
	check->told = check->told_service = false;
	if (used_by)
		check->mac = *used_by;
	pool_reconsider(world, ip);
	world->wants_changed = true; /* also where no pool contains it any more */
}

bool
world_wants_changed(const struct world *world)
{
	return world->wants_changed;
}

struct wants {
	void (*visit)(void *arg, const struct probe_wish *wish);
	void *arg;
	struct world *world;
	const struct pool_entry *pool; /* of the address before */
	struct place place;            /* where that pool's are asked for */
};

static void
want(struct wants *w, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(w->world, ip);
	struct check *check = find(w->world, ip);
	struct probe_wish wish;

	if (pool && pool != w->pool) {
		arena_done(&w->place.mem);
		place_init(&w->place, w->world, pool);
	}
	w->pool = pool;
	if (!pool || !find_links(w->world, &w->place, ip, &wish))
		return; /* what was known of it is forgotten */
	if (check)
		check->wanted = true;
	w->visit(w->arg, &wish);
}

static void
want_ahead(struct wants *w, const struct pool_entry *pool, size_t ahead)
{
	size_t left[2] = { ahead, ahead };

	for (size_t i = 0; i < pool->n_ranges; i++) {
		struct ip ip = pool->hints[i];
		size_t *n = &left[ip.family == IPV6];

		while (*n && pick_next(w->world, pool, i, &ip)) {
			want(w, &ip);
			(*n)--;
			if (ip_next(&ip) < 0)
				break;
		}
	}
}

/* What is used stays wanted, so that it is asked for again; what is given or gone is forgotten. */
static void
want_used(struct wants *w)
{
	struct check *check;

	RB_FOREACH(check, checks, &w->world->checks) {
		check->wanted = false;
		if (check->used && !claims_find(w->world, &check->ip))
			want(w, &check->ip);
	}
}

void
world_each_wanted(struct world *world, void (*visit)(void *arg, const struct probe_wish *wish),
    void *arg)
{
	struct wants w = { .visit = visit, .arg = arg, .world = world };
	struct check *check, *next;
	struct svc *svc;
	size_t ahead = AHEAD;

	world->wants_changed = false;
	if (!world->checking || !world->allocator) {
		check_free(world);
		return;
	}
	want_used(&w);
	TAILQ_FOREACH(svc, &world->waiting, waits) {
		ahead += ahead < AHEAD_MAX;
		for (size_t i = 0; i < svc->named.n; i++) {
			if (!claims_find(world, &svc->named.v[i]))
				want(&w, &svc->named.v[i]);
		}
	}
	for (size_t p = 0; p < world->n_pools; p++) {
		if (!world->pools[p]->closed)
			want_ahead(&w, world->pools[p], ahead);
	}
	arena_done(&w.place.mem);
	RB_FOREACH_SAFE(check, checks, &world->checks, next) {
		if (check->wanted)
			continue;
		RB_REMOVE(checks, &world->checks, check);
		free(check);
	}
}

void
check_tell(struct world *world, struct arena *mem, struct plan *plan)
{
	struct check *check;

	RB_FOREACH(check, checks, &world->checks) {
		const struct pool_entry *pool =
		    check->used && !check->told ? pools_containing(world, &check->ip) : NULL;

		if (!pool)
			continue;
		check->told = true;
		say(plan, pool->c.e.obj, true, "AddressInUse",
		    "%s; it is not given to a Service as long as that host answers",
		    check_text(world, &check->ip, mem));
	}
}

void
check_tell_passed(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	struct check *check;

	RB_FOREACH(check, checks, &world->checks) {
		if (!check->used || check->told_service || check->ip.family != ip->family ||
		    ip_cmp(&check->ip, ip) > 0 || pools_containing(world, &check->ip) != pool)
			continue;
		check->told_service = true;
		say(plan, svc->e.obj, true, "AddressInUse", "%s, so this Service got the next one",
		    check_text(world, &check->ip, mem));
	}
}

size_t
check_used(const struct world *world, const struct pool_entry *pool)
{
	struct check *check;
	size_t n = 0;

	RB_FOREACH(check, checks, (struct checks *)&world->checks)
		n += check->used && pools_containing(world, &check->ip) == pool;
	return n;
}

void
check_free(struct world *world)
{
	struct check *check, *next;

	RB_FOREACH_SAFE(check, checks, &world->checks, next) {
		RB_REMOVE(checks, &world->checks, check);
		free(check);
	}
}
