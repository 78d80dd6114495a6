/* SPDX-License-Identifier: Apache-2.0 */
#include "world_impl.h"

#include <stdlib.h>
#include <string.h>

static int
addr_cmp(const struct addr *a, const struct addr *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
RB_PROTOTYPE(addrs, addr, link, addr_cmp)
RB_GENERATE(addrs, addr, link, addr_cmp)

struct addr *
claims_find(const struct world *world, const struct ip *ip)
{
	struct addr key = { .ip = *ip };

	return RB_FIND(addrs, (struct addrs *)&world->addrs, &key);
}

struct addr *
claims_from(const struct world *world, const struct ip *ip)
{
	struct addr key = { .ip = *ip };

	return RB_NFIND(addrs, (struct addrs *)&world->addrs, &key);
}

struct addr *
claims_next(struct addr *addr)
{
	return RB_NEXT(addrs, NULL, addr);
}

static bool
ports_meet(const struct service *a, const struct service *b)
{
	for (size_t i = 0; i < a->n_ports; i++) {
		for (size_t j = 0; j < b->n_ports; j++) {
			if (a->ports[i].port == b->ports[j].port &&
			    strcmp(a->ports[i].protocol, b->ports[j].protocol) == 0)
				return true;
		}
	}
	return false;
}

/*
 * Two Services may share an address: the same non-empty key, no port in common, and traffic that
 * goes to the same nodes (both policies Cluster, or both Local with the same selector).
 */
static bool
may_share(const struct service *a, const struct service *b)
{
	if (!a->ann_share || !*a->ann_share || !b->ann_share)
		return false;
	if (strcmp(a->ann_share, b->ann_share) != 0 || a->local != b->local)
		return false;
	if (a->local && !labels_equal(&a->selector, &b->selector))
		return false;
	return !ports_meet(a, b);
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
		pools_taken(world, ip);
	}
	if (!SLIST_EMPTY(&addr->claims))
		world->freed = true; /* who waits for it is told who is in the way */
	SLIST_FOREACH(claim, &addr->claims, of_addr) {
		if (!may_share(svc_spec(svc), svc_spec(claim->svc)))
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
		pools_released(world, &addr->ip);
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

static bool
is_older(const struct svc *a, const struct svc *b)
{
	if (a->e.obj->meta.created_s != b->e.obj->meta.created_s)
		return a->e.obj->meta.created_s < b->e.obj->meta.created_s;
	return entry_cmp(&a->e, &b->e) < 0;
}

/*
 * Was @a on @ip before @b?  Written beats decided, and of what is only decided, asked for beats
 * given by itself; who cannot be read drives nobody out, for the two may well share; who fits no
 * more since it was changed leaves; then the older Service; then the name.
 */
static bool
was_before(const struct svc *a, const struct svc *b, const struct ip *ip)
{
	bool a_has = ips_contain(&a->have, ip), b_has = ips_contain(&b->have, ip);

	if (a_has != b_has)
		return a_has;
	if (!a_has && svc_asks(a) != svc_asks(b))
		return svc_asks(a);
	if (a->e.obj->bad)
		return false;
	if (a->intrudes != b->intrudes)
		return b->intrudes;
	return is_older(a, b);
}

/* Has the address only been decided on, for a Service that did not ask for it? */
static bool
gives_way(const struct claim *claim)
{
	return !claim->had && !claim->sent && !svc_asks(claim->svc);
}

bool
claims_allow(const struct svc *svc, const struct addr *addr, const struct svc **ret_other)
{
	const struct svc *first = NULL;
	struct claim *claim;

	if (!addr)
		return true;
	SLIST_FOREACH(claim, &addr->claims, of_addr) {
		if (claim->svc == svc || may_share(svc_spec(svc), svc_spec(claim->svc)) ||
		    (svc_asks(svc) && gives_way(claim)))
			continue;
		if (!first || is_older(claim->svc, first))
			first = claim->svc;
	}
	if (first && ret_other)
		*ret_other = first;
	return !first;
}

const struct svc *
claims_yield(const struct svc *svc, const struct addr *addr)
{
	struct claim *claim;

	if (!addr)
		return NULL;
	SLIST_FOREACH(claim, &addr->claims, of_addr) {
		const struct service *other = svc_spec(claim->svc);

		/* one that is no LoadBalancer any more is about to leave, and drives nobody out */
		if (claim->svc != svc && other->load_balancer &&
		    !may_share(svc_spec(svc), other) && was_before(claim->svc, svc, &addr->ip))
			return claim->svc;
	}
	return NULL;
}

bool
claims_clash(const struct svc *svc)
{
	struct claim *claim;

	SLIST_FOREACH(claim, &svc->claims, of_svc) {
		if (!claims_allow(svc, claim->addr, NULL))
			return true;
	}
	return false;
}
