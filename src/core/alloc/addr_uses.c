/* SPDX-License-Identifier: Apache-2.0 */
#include "addr_uses.h"
#include "core/eligibility/shared_nodes.h"
#include "core/pools/cooldown.h"
#include "core/pools/pool_counts.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "shared_addrs.h"
#include "sharing.h"

#include <stdlib.h>
#include <string.h>

static void
on_first_use(struct world *world, const struct ip *ip)
{
	struct pool_entry *pool = pools_containing(world, ip);

	world->probes_changed = true;
	if (pool)
		pool_count_assigned(world, pool, ip, 1);
	cooldown_end(world, ip);
}

static void
on_last_use(struct world *world, const struct ip *ip)
{
	struct pool_entry *pool = pools_containing(world, ip);

	if (pool)
		pool_count_assigned(world, pool, ip, -1);
	pool_reconsider(world, ip);
}

static void
use_add(struct world *world, struct svc *svc, const struct ip *ip)
{
	struct addr_use *addr_use;
	struct addr *addr;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		if (ip_equal(&addr_use->addr->ip, ip))
			return;
	}
	addr = addrs_find(world, ip);
	if (!addr) {
		addr = xcalloc(1, sizeof(*addr));
		addr->ip = *ip;
		RB_INSERT(addrs, &world->addrs, addr);
		on_first_use(world, ip);
	}
	if (!SLIST_EMPTY(&addr->uses))
		world->freed = true; /* Events that name the address's users may change */
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		world_work(world, 1);
		if (!sharing_allowed(world, svc, addr_use->svc, ip))
			world_mark(world, addr_use->svc, MARK_ALLOC);
	}
	quota_count(world, addr, svc, 1);
	addr_use = xcalloc(1, sizeof(*addr_use));
	addr_use->addr = addr;
	addr_use->svc = svc;
	SLIST_INSERT_HEAD(&addr->uses, addr_use, of_addr);
	SLIST_INSERT_HEAD(&svc->uses, addr_use, of_svc);
	shared_addrs_update(world, addr_use);
}

static void
use_drop(struct world *world, struct addr_use *addr_use)
{
	struct addr *addr = addr_use->addr;

	shared_nodes_touch(world, addr_use->svc);
	shared_addrs_remove(world, addr_use);
	SLIST_REMOVE(&addr->uses, addr_use, addr_use, of_addr);
	SLIST_REMOVE(&addr_use->svc->uses, addr_use, addr_use, of_svc);
	quota_count(world, addr, addr_use->svc, -1);
	if (SLIST_EMPTY(&addr->uses)) {
		shared_nodes_forget(world, addr);
		RB_REMOVE(addrs, &world->addrs, addr);
		on_last_use(world, &addr->ip);
		if (addr_use->had)
			cooldown_begin(world, &addr->ip, &addr_use->svc->e.obj->meta);
		free(addr);
	}
	free(addr_use);
	world->freed = true;
}

/*
 * Returns how many addresses of the status count as used.  Addresses that another program wrote
 * count too, so that arplet allocates no address twice.  In the dry run, a Service with a decision
 * uses the addresses of the decision, not those of its status.
 */
static size_t
uses_of_status(const struct world *world, const struct svc *svc)
{
	return world->opts.assume_written && svc_is_decided(svc) ? 0 : svc_spec(svc)->n_status;
}

static bool
is_decided(const struct svc *svc, const struct ip *ip)
{
	return svc_is_decided(svc) && ips_contain(&svc->want, ip);
}

static bool
use_is_current(const struct world *world, const struct addr_use *addr_use)
{
	const struct service *spec = svc_spec(addr_use->svc);
	const struct ip *ip = &addr_use->addr->ip;

	for (size_t i = 0; i < uses_of_status(world, addr_use->svc); i++) {
		if (ip_equal(&spec->status[i], ip))
			return true;
	}
	return addr_use->sent || is_decided(addr_use->svc, ip);
}

void
addr_uses_mark_others(struct world *world, const struct svc *svc)
{
	struct addr_use *addr_use, *other;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		SLIST_FOREACH(other, &addr_use->addr->uses, of_addr)
			world_mark(world, other->svc, MARK_ALLOC);
	}
}

void
addr_uses_sent(struct svc *svc)
{
	struct addr_use *addr_use;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc)
		addr_use->sent |= is_decided(svc, &addr_use->addr->ip);
}

bool
addr_uses_seen(struct svc *svc)
{
	struct addr_use *addr_use;
	bool unwritten = false;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		unwritten |= addr_use->sent && !ips_contain(&svc->have, &addr_use->addr->ip);
		addr_use->sent = false;
	}
	return unwritten;
}

bool
addr_uses_outdated(const struct svc *svc)
{
	struct addr_use *addr_use;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		if (addr_use->sent && !is_decided(svc, &addr_use->addr->ip))
			return true;
	}
	return false;
}

void
addr_uses_deleted(struct svc *svc)
{
	struct addr_use *addr_use;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		addr_use->had |= addr_use->sent;
		addr_use->sent = false;
	}
}

void
addr_uses_update(struct world *world, struct svc *svc)
{
	const struct service *spec = svc_spec(svc);
	struct addr_use *addr_use, *next;

	for (addr_use = SLIST_FIRST(&svc->uses); addr_use; addr_use = next) {
		next = SLIST_NEXT(addr_use, of_svc);
		if (!use_is_current(world, addr_use))
			use_drop(world, addr_use);
	}
	for (size_t i = 0; i < uses_of_status(world, svc); i++)
		use_add(world, svc, &spec->status[i]);
	for (size_t i = 0; svc_is_decided(svc) && i < svc->want.n; i++)
		use_add(world, svc, &svc->want.v[i]);
	SLIST_FOREACH(addr_use, &svc->uses, of_svc)
		shared_addrs_update(world, addr_use);
	SLIST_FOREACH(addr_use, &svc->uses, of_svc)
		addr_use->had |= ips_contain(&svc->have, &addr_use->addr->ip) ||
		    world->opts.assume_written;
}
