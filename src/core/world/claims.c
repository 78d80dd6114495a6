/* SPDX-License-Identifier: Apache-2.0 */
#include "claims.h"
#include "pools.h"

#include <stdlib.h>
#include <string.h>

/* How claims on addresses come and go. */

/* The address has its first user: its pool has one less to give. */
static void
taken(struct world *world, const struct ip *ip)
{
	struct pool_entry *pool = pools_containing(world, ip);

	world->wants_changed = true;
	if (pool)
		pool_count(world, pool, ip, 1);
	rest_taken(world, ip);
}

static void
released(struct world *world, const struct ip *ip)
{
	struct pool_entry *pool = pools_containing(world, ip);

	if (pool)
		pool_count(world, pool, ip, -1);
	pool_reconsider(world, ip);
}

static void
claim_add(struct world *world, struct svc *svc, const struct ip *ip)
{
	struct claim *claim;
	struct addr *addr;

	SLIST_FOREACH(claim, &svc->claims, of_svc) {
		if (ip_equal(&claim->addr->ip, ip))
			return;
	}
	addr = claims_find(world, ip);
	if (!addr) {
		addr = xcalloc(1, sizeof(*addr));
		addr->ip = *ip;
		RB_INSERT(addrs, &world->addrs, addr);
		taken(world, ip);
	}
	if (!SLIST_EMPTY(&addr->claims))
		world->freed = true; /* who waits for it is told who is in the way */
	SLIST_FOREACH(claim, &addr->claims, of_addr) {
		if (!claims_shareable(svc_spec(svc), svc_spec(claim->svc)))
			world_mark(world, claim->svc, MARK_ALLOC); /* one of them must go */
	}
	quota_moved(world, addr, svc, 1);
	claim = xcalloc(1, sizeof(*claim));
	claim->addr = addr;
	claim->svc = svc;
	SLIST_INSERT_HEAD(&addr->claims, claim, of_addr);
	SLIST_INSERT_HEAD(&svc->claims, claim, of_svc);
}

/* An address or a port on it is free again. */
static void
claim_drop(struct world *world, struct claim *claim)
{
	struct addr *addr = claim->addr;

	SLIST_REMOVE(&addr->claims, claim, claim, of_addr);
	SLIST_REMOVE(&claim->svc->claims, claim, claim, of_svc);
	quota_moved(world, addr, claim->svc, -1);
	if (SLIST_EMPTY(&addr->claims)) {
		RB_REMOVE(addrs, &world->addrs, addr);
		released(world, &addr->ip);
		if (claim->had)
			rest_begin(world, &addr->ip, &claim->svc->e.obj->meta);
		free(addr);
	}
	free(claim);
	world->freed = true;
}

/*
 * How many addresses in status count: all, whoever wrote them, because what a Service has is never
 * given twice.  None in the dry run once a decision is there in their place.
 */
static size_t
claims_of_status(const struct world *world, const struct svc *svc)
{
	return world->opts.assume_written && svc->decided ? 0 : svc_spec(svc)->n_status;
}

static bool
is_decided(const struct svc *svc, const struct ip *ip)
{
	return svc->decided && ips_contain(&svc->want, ip);
}

static bool
claim_holds(const struct world *world, const struct claim *claim)
{
	const struct service *spec = svc_spec(claim->svc);
	const struct ip *ip = &claim->addr->ip;

	for (size_t i = 0; i < claims_of_status(world, claim->svc); i++) {
		if (ip_equal(&spec->status[i], ip))
			return true;
	}
	return claim->sent || is_decided(claim->svc, ip);
}

void
claims_mark_fellows(struct world *world, const struct svc *svc)
{
	struct claim *claim, *fellow;

	SLIST_FOREACH(claim, &svc->claims, of_svc) {
		SLIST_FOREACH(fellow, &claim->addr->claims, of_addr)
			world_mark(world, fellow->svc, MARK_ALLOC);
	}
}

void
claims_sent(struct svc *svc)
{
	struct claim *claim;

	SLIST_FOREACH(claim, &svc->claims, of_svc)
		claim->sent |= is_decided(svc, &claim->addr->ip);
}

bool
claims_settled(struct svc *svc)
{
	struct claim *claim;
	bool unwritten = false;

	SLIST_FOREACH(claim, &svc->claims, of_svc) {
		unwritten |= claim->sent && !ips_contain(&svc->have, &claim->addr->ip);
		claim->sent = false;
	}
	return unwritten;
}

bool
claims_outdated(const struct svc *svc)
{
	struct claim *claim;

	SLIST_FOREACH(claim, &svc->claims, of_svc) {
		if (claim->sent && !is_decided(svc, &claim->addr->ip))
			return true;
	}
	return false;
}

void
claims_forgotten(struct svc *svc)
{
	struct claim *claim;

	SLIST_FOREACH(claim, &svc->claims, of_svc) {
		claim->had |= claim->sent;
		claim->sent = false;
	}
}

void
claims_update(struct world *world, struct svc *svc)
{
	const struct service *spec = svc_spec(svc);
	struct claim *claim, *next;

	for (claim = SLIST_FIRST(&svc->claims); claim; claim = next) {
		next = SLIST_NEXT(claim, of_svc);
		if (!claim_holds(world, claim))
			claim_drop(world, claim);
	}
	for (size_t i = 0; i < claims_of_status(world, svc); i++)
		claim_add(world, svc, &spec->status[i]);
	for (size_t i = 0; svc->decided && i < svc->want.n; i++)
		claim_add(world, svc, &svc->want.v[i]);
	SLIST_FOREACH(claim, &svc->claims, of_svc)
		claim->had |= ips_contain(&svc->have, &claim->addr->ip) ||
		    world->opts.assume_written;
}
