/* SPDX-License-Identifier: Apache-2.0 */
#include "sharing.h"

#include <string.h>

static bool
ports_overlap(const struct sharing *a, const struct sharing *b)
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
sharing_allowed(const struct service *a, const struct service *b)
{
	if (!a->share || !b->share || a->local != b->local)
		return false;
	if (strcmp(a->share->key, b->share->key) != 0)
		return false;
	if (a->local && !labels_equal(&a->share->selector, &b->share->selector))
		return false;
	return !ports_overlap(a->share, b->share);
}

static bool
is_older(const struct svc *a, const struct svc *b)
{
	if (a->e.obj->meta.created_s != b->e.obj->meta.created_s)
		return a->e.obj->meta.created_s < b->e.obj->meta.created_s;
	return entry_cmp(&a->e, &b->e) < 0;
}

/*
 * @a and @b cannot share @ip: true if @a has precedence over @b, so that @b must release @ip.  A
 * Service with the address in its status precedes a Service that has the address only in its
 * decision.  If both have the address only in their decisions, a Service that requests its address
 * precedes a Service with automatic allocation.  A Service whose object is invalid precedes no
 * other Service, because the corrected object might allow sharing.  If a user changed one of the
 * two Services so that it cannot share the address any more, the other Service precedes.
 * Otherwise, the older Service precedes the newer one.
 */
static bool
precedes(const struct svc *a, const struct svc *b, const struct ip *ip)
{
	bool a_has = ips_contain(&a->have, ip), b_has = ips_contain(&b->have, ip);

	if (a_has != b_has)
		return a_has;
	if (!a_has && svc_requests_ips(a) != svc_requests_ips(b))
		return svc_requests_ips(a);
	if (a->e.obj->bad)
		return false;
	if (a->unshareable != b->unshareable)
		return b->unshareable;
	return is_older(a, b);
}

/*
 * True if a request of another Service for the address has precedence: the Service of @addr_use
 * does not request the address and has it only in its decision, and no write of it was sent.
 */
static bool
yields_to_request(const struct addr_use *addr_use)
{
	return !addr_use->had && !addr_use->sent && !svc_requests_ips(addr_use->svc);
}

bool
sharing_admits(const struct svc *svc, const struct addr *addr, const struct svc **ret_other)
{
	const struct svc *first = NULL;
	struct addr_use *addr_use;

	if (!addr)
		return true;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		if (addr_use->svc == svc ||
		    sharing_allowed(svc_spec(svc), svc_spec(addr_use->svc)) ||
		    (svc_requests_ips(svc) && yields_to_request(addr_use)))
			continue;
		if (!first || is_older(addr_use->svc, first))
			first = addr_use->svc;
	}
	if (first && ret_other)
		*ret_other = first;
	return !first;
}

const struct svc *
sharing_prior_user(const struct svc *svc, const struct addr *addr)
{
	struct addr_use *addr_use;

	if (!addr)
		return NULL;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		const struct service *other = svc_spec(addr_use->svc);

		/*
		 * a Service that is no longer of type LoadBalancer is about to release the address
		 */
		if (addr_use->svc != svc && other->load_balancer &&
		    !sharing_allowed(svc_spec(svc), other) &&
		    precedes(addr_use->svc, svc, &addr->ip))
			return addr_use->svc;
	}
	return NULL;
}

bool
sharing_clashes(const struct svc *svc)
{
	struct addr_use *addr_use;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		if (!sharing_admits(svc, addr_use->addr, NULL))
			return true;
	}
	return false;
}
