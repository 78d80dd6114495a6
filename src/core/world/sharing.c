/* SPDX-License-Identifier: Apache-2.0 */
#include "claims.h"

#include <string.h>

/* Which Services are on an address, who may join them, and who was there first. */

int
addr_cmp(const struct addr *a, const struct addr *b)
{
	return ip_cmp(&a->ip, &b->ip);
}
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
claims_next(const struct addr *addr)
{
	return RB_NEXT(addrs, NULL, (struct addr *)addr);
}

static bool
ports_meet(const struct sharing *a, const struct sharing *b)
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

bool
claims_shareable(const struct service *a, const struct service *b)
{
	if (!a->share || !b->share || a->local != b->local)
		return false;
	if (strcmp(a->share->key, b->share->key) != 0)
		return false;
	if (a->local && !labels_equal(&a->share->selector, &b->share->selector))
		return false;
	return !ports_meet(a->share, b->share);
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
		if (claim->svc == svc || claims_shareable(svc_spec(svc), svc_spec(claim->svc)) ||
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
		    !claims_shareable(svc_spec(svc), other) && was_before(claim->svc, svc, &addr->ip))
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
