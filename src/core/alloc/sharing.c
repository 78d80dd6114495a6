/* SPDX-License-Identifier: Apache-2.0 */
#include "sharing.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"

#include <string.h>

/*
 * Returns the first port that both Services have, or NULL.  The ports are sorted, so the search
 * takes one pass over both.
 */
static const struct service_port *
common_port(const struct sharing *a, const struct sharing *b)
{
	for (size_t i = 0, j = 0; i < a->n_ports && j < b->n_ports;) {
		int order = service_ports_cmp(&a->ports[i], &b->ports[j]);

		if (order == 0)
			return &a->ports[i];
		i += order < 0;
		j += order > 0;
	}
	return NULL;
}

/* Why two Services may not share an address. */
enum obstacle { NO_OBSTACLE, NO_KEY, OTHER_NAMESPACE, OTHER_KEY, OTHER_POLICY, OTHER_SELECTOR,
	MANY_PORTS, COMMON_PORT };

/*
 * The namespace comes before the key, so that no message tells a tenant whether he guessed the key
 * of another tenant.
 */
static enum obstacle
find_obstacle(const struct world *world, const struct svc *svc_a, const struct svc *svc_b,
    const struct ip *ip)
{
	const struct service *a = svc_spec(svc_a), *b = svc_spec(svc_b);
	bool both_have = ips_contain(&svc_a->have, ip) && ips_contain(&svc_b->have, ip);

	if (!a->share)
		return NO_KEY;
	if (strcmp(svc_a->e.obj->meta.ns, svc_b->e.obj->meta.ns) != 0 && !both_have) {
		const struct pool_entry *pool = pools_containing(world, ip);
		enum share_namespaces which = pool ? pool->rules.share_namespaces
						   : SHARE_NO_NAMESPACES;

		if (which == SHARE_NO_NAMESPACES || (which == SHARE_CLUSTER_POLICY && a->local))
			return OTHER_NAMESPACE;
	}
	if (!b->share || strcmp(a->share->key, b->share->key) != 0)
		return OTHER_KEY;
	if (a->local != b->local)
		return OTHER_POLICY;
	if (a->local && !labels_equal(&a->share->selector, &b->share->selector))
		return OTHER_SELECTOR;
	if (a->share->many_ports || b->share->many_ports)
		return MANY_PORTS; /* the ports are not stored, so they could be the same */
	return common_port(a->share, b->share) ? COMMON_PORT : NO_OBSTACLE;
}

bool
sharing_allowed(const struct world *world, const struct svc *a, const struct svc *b,
    const struct ip *ip)
{
	return find_obstacle(world, a, b, ip) == NO_OBSTACLE;
}

const char *
sharing_hint(const struct world *world, const struct svc *svc, const struct svc *other,
    const struct ip *ip, struct arena *mem)
{
	const struct pool_entry *pool = pools_containing(world, ip);
	const struct service_port *port;

	switch (find_obstacle(world, svc, other, ip)) {
	case NO_OBSTACLE:
		return arena_printf(mem, "at most %d Services share an address", SHARERS_MAX);
	case NO_KEY:
	case OTHER_KEY:
		return "to share it, both need the same metallb.io/allow-shared-ip";
	case OTHER_NAMESPACE:
		return arena_printf(mem, "Services of different namespaces share an address%s only "
		    "if pool \"%s\" has the annotation %s: \"%s\"",
		    svc_spec(svc)->local ? " with externalTrafficPolicy: Local" : "",
		    pool ? pool->c.in_force->meta.name : "?",
		    pool_annotation_keys[ANNOTATION_SHARE_NAMESPACES],
		    svc_spec(svc)->local ? "metallb" : "true");
	case OTHER_POLICY:
		return "to share it, both need the same externalTrafficPolicy";
	case OTHER_SELECTOR:
		return "to share it with externalTrafficPolicy: Local, both need the same selector";
	case MANY_PORTS:
		return arena_printf(mem, "to share it, both need at most %d ports",
		    SERVICE_PORTS_MAX);
	case COMMON_PORT:
		break;
	}
	port = common_port(svc_spec(svc)->share, svc_spec(other)->share);
	return arena_printf(mem, "to share it, both need different ports, but both have port "
	    "%u/%s", port->port, protocol_names[port->protocol]);
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
 * Otherwise, the Service that had its addresses first precedes; if no status has the address, the
 * older Service precedes the newer one.
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
	return a_has ? svc_had_first(a, b) : is_older(a, b);
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
sharing_admits(const struct world *world, const struct svc *svc, const struct addr *addr,
    const struct svc **ret_other)
{
	const struct svc *first = NULL;
	struct addr_use *addr_use;
	size_t n = 0;

	if (!addr)
		return true;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		world_work(world, 1);
		if (addr_use->svc == svc)
			continue;
		if (++n == SHARERS_MAX && !ips_contain(&svc->have, &addr->ip)) {
			first = addr_use->svc;
			break;
		}
		if (sharing_allowed(world, svc, addr_use->svc, &addr->ip) ||
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
sharing_prior_user(const struct world *world, const struct svc *svc, const struct addr *addr)
{
	struct addr_use *addr_use;

	if (!addr)
		return NULL;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		const struct service *other = svc_spec(addr_use->svc);

		world_work(world, 1);
		/*
		 * a Service that is no longer of type LoadBalancer is about to release the address
		 */
		if (addr_use->svc != svc && other->load_balancer &&
		    !sharing_allowed(world, svc, addr_use->svc, &addr->ip) &&
		    precedes(addr_use->svc, svc, &addr->ip))
			return addr_use->svc;
	}
	return NULL;
}

bool
sharing_clashes(const struct world *world, const struct svc *svc)
{
	struct addr_use *addr_use;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		if (!sharing_admits(world, svc, addr_use->addr, NULL))
			return true;
	}
	return false;
}
