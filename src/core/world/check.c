/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/iface.h"
#include "check.h"
#include "claims.h"
#include "holder.h"
#include "pools.h"

#include <stdlib.h>

/*
 * The prober asks for what world_wants() names; what it finds comes back by world_set_check().  A
 * Service that needs an address which has not been asked for yet waits for that, a tenth of a
 * second, so that none is given unasked.
 */
#define REPORT_MS 300000 /* as long as an answer to a question of ours, see prober.h */

int
check_cmp(const struct check *a, const struct check *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
RB_GENERATE(checks, check, link, check_cmp)

struct check *
check_find(const struct world *world, const struct ip *ip)
{
	struct check key = { .ip = *ip };

	return RB_FIND(checks, (struct checks *)&world->checks, &key);
}

void
place_init(struct place *place, const struct world *world, const struct pool_entry *pool)
{
	*place = (struct place){ 0 };
	place->here = holder_ifaces(world, pool, &place->mem, &place->ifaces);
	place->found = arena_calloc(&place->mem, world->n_links, sizeof(*place->found));
}

bool
place_links(const struct world *world, const struct place *place, const struct ip *ip,
    struct probe_wish *ret)
{
	const struct link **links = place->found;
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
	here = place_links(world, &place, ip, &wish);
	arena_done(&place.mem);
	return here;
}

bool
check_refuses(const struct world *world, const struct ip *ip)
{
	const struct check *check = world->checking ? check_find(world, ip) : NULL;

	return check && check->used;
}

enum check_state
check_state(const struct world *world, const struct ip *ip)
{
	const struct check *check = world->checking ? check_find(world, ip) : NULL;

	if (check)
		return check->used ? CHECK_USED : CHECK_FREE;
	return world->checking && lives_here(world, ip) ? CHECK_UNKNOWN : CHECK_FREE;
}

bool
check_unasked(const struct world *world, const struct ip *ip)
{
	return world->checking && !check_find(world, ip) && !lives_here(world, ip);
}

const char *
check_text(const struct world *world, const struct ip *ip, struct arena *mem)
{
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	return arena_printf(mem, "%s is used by another host on its LAN, %s", ip_format(ip, text),
	    mac_format(&check_find(world, ip)->mac, mac));
}

void
world_set_checking(struct world *world, bool checking)
{
	world->checking = checking;
	world->wants_changed = true;
}

static struct check *
find_or_new(struct world *world, const struct ip *ip)
{
	struct check *check = check_find(world, ip);

	if (!check) {
		check = xcalloc(1, sizeof(*check));
		check->ip = *ip;
		RB_INSERT(checks, &world->checks, check);
	}
	return check;
}

static void
drop(struct world *world, struct check *check)
{
	world->n_reported -= check->until_ms != 0;
	RB_REMOVE(checks, &world->checks, check);
	free(check);
}

/* One that was used has been passed over: from now on it is asked for like any other. */
void
check_forget(struct world *world, struct check *check)
{
	const struct ip ip = check->ip;
	bool used = check->used;

	drop(world, check);
	if (used)
		pool_reconsider(world, &ip);
}

void
check_report(struct world *world, const struct ip *ip, const struct mac *mac)
{
	struct check *check = find_or_new(world, ip);

	world->n_reported += !check->until_ms;
	check->until_ms = world->now_ms + REPORT_MS;
	check->used = true;
	check->told = check->told_service = false;
	check->mac = *mac;
	world->checks_untold = true;
	world->wants_changed = true;
}

void
check_update(struct world *world)
{
	struct check *check, *next;

	if (!world->n_reported)
		return;
	RB_FOREACH_SAFE(check, checks, &world->checks, next) {
		if (check->until_ms && check->until_ms <= world->now_ms)
			check_forget(world, check);
	}
}

int64_t
check_next_ms(const struct world *world)
{
	struct check *check;
	int64_t next_ms = INT64_MAX;

	if (!world->n_reported)
		return next_ms;
	RB_FOREACH(check, checks, (struct checks *)&world->checks) {
		if (check->until_ms && check->until_ms < next_ms)
			next_ms = check->until_ms;
	}
	return next_ms;
}

void
world_set_check(struct world *world, const struct ip *ip, const struct mac *used_by)
{
	struct check *check = check_find(world, ip);

	if (!world->checking || claims_find(world, ip))
		return; /* it is given: the holder looks after it */
	if (check && check->used == !!used_by)
		return;
	check = find_or_new(world, ip);
	check->used = used_by;
	check->told = check->told_service = false;
	world->checks_untold |= check->used;
	if (used_by)
		check->mac = *used_by;
	pool_reconsider(world, ip);
	world->wants_changed = true; /* also where no pool contains it any more */
}

void
check_tell(struct world *world, struct arena *mem, struct plan *plan)
{
	struct check *check;

	if (!world->checks_untold)
		return;
	world->checks_untold = false;
	RB_FOREACH(check, checks, &world->checks) {
		const struct pool_entry *pool =
		    check->used && !check->told ? pools_containing(world, &check->ip) : NULL;

		if (!pool)
			continue;
		check->told = true;
		say(plan, pool->c.e.obj, true, "AddressInUse",
		    "%s; it is not given to a Service %s", check_text(world, &check->ip, mem),
		    check->until_ms ? "for five minutes" : "as long as that host answers");
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

	RB_FOREACH_SAFE(check, checks, &world->checks, next)
		check_forget(world, check);
}
