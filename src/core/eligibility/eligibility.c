/* SPDX-License-Identifier: Apache-2.0 */
#include "eligibility.h"
#include "advertisements.h"
#include "arplet/node_rank.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "reasons.h"

#include <string.h>

#define EXCLUDE_LABEL "node.kubernetes.io/exclude-from-external-load-balancers"

/* The criteria that decide which nodes are eligible to announce one Service. */
struct node_query {
	const struct world *world;
	const struct svc *svc;
	struct arena *mem;
	struct advs advs; /* the advertisements that cover the pool and the Service */
	bool move;        /* exclude nodes whose endpoints are all terminating */
	/* the dry run assumes endpoints for a Service without EndpointSlices */
	bool assume_serving;
};

static bool
can_serve(const struct endpoint *endpoint)
{
	return endpoint->serves;
}

static bool
is_ready(const struct endpoint *endpoint)
{
	return endpoint->ready;
}

static bool
is_ending(const struct endpoint *endpoint)
{
	return endpoint->serves && !endpoint->ready;
}

/*
 * True if the Service has an endpoint on @node (NULL: on any node) for which the function @is
 * returns true.
 */
static bool
has_on(const struct node_query *q, const char *node, bool (*is)(const struct endpoint *))
{
	const struct meta *meta = &q->svc->e.obj->meta;
	struct dependent *dependent =
	    dependents_of((struct dependents *)&q->world->slices, meta->ns, meta->name);

	for (; dependent; dependent = dependents_next(dependent)) {
		const struct slice *slice = &dependent->e.obj->u.slice;

		/* the EndpointSlice belongs to a deleted Service of the same name */
		if (*slice->owner && *meta->uid && strcmp(slice->owner, meta->uid) != 0)
			continue;
		for (size_t i = 0; i < slice->n; i++) {
			if (is(&slice->v[i]) &&
			    (!node || (slice->v[i].node && strcmp(slice->v[i].node, node) == 0)))
				return true;
		}
	}
	return false;
}

/*
 * Returns why the node is not eligible, whether or not it has endpoints; NULL: only missing
 * endpoints could exclude the node.
 */
static const char *
node_exclusion(const struct node_query *q, const struct entry *e)
{
	const struct node *node = &e->obj->u.node;
	const struct labels *labels = &e->obj->meta.labels;

	if (!advs_select(&q->advs, labels))
		return "no L2Advertisement selects it";
	if (!q->world->opts.ignore_exclude_lb && labels_get(labels, EXCLUDE_LABEL))
		return "excluded by the label " EXCLUDE_LABEL;
	if (node->network_unavailable)
		return "its network is unavailable";
	if (q->world->opts.leave_cordoned && node->unschedulable)
		return "cordoned (unschedulable)";
	if (q->world->opts.assume_elected && !node->ready)
		return "not Ready";
	return NULL;
}

/* Returns why the node is not eligible; NULL: it is eligible. */
static const char *
node_refusal(const struct node_query *q, const struct entry *e)
{
	const char *name = e->obj->meta.name, *why = node_exclusion(q, e);

	if (why || !svc_spec(q->svc)->local || q->assume_serving)
		return why;
	if (!has_on(q, name, can_serve))
		return "no ready endpoint on it (externalTrafficPolicy: Local)";
	if (q->move && !has_on(q, name, is_ready))
		return "its endpoints are terminating (externalTrafficPolicy: Local)";
	return NULL;
}

/*
 * True if the VIP should move away from nodes with only terminating endpoints to a node with a
 * ready endpoint.  Terminating endpoints still serve for a while, so an early move interrupts no
 * traffic.  If no node has a ready endpoint, the VIP stays.
 */
static bool
should_move(const struct node_query *q)
{
	struct entry *e;

	if (!svc_spec(q->svc)->local || !has_on(q, NULL, is_ending))
		return false;
	RB_FOREACH(e, store, (struct store *)&q->world->store[KIND_NODE]) {
		if (has_on(q, e->obj->meta.name, is_ready) && !node_exclusion(q, e))
			return true;
	}
	return false;
}

/*
 * Finds an eligible node; in the dry run, the eligible node that is first in rank.  If no node is
 * eligible, sets ret->why.
 */
static void
rank_nodes(const struct node_query *q, const struct ip *vip, struct eligibility *ret)
{
	struct store *store = (struct store *)&q->world->store[KIND_NODE];
	struct reasons reasons = { .mem = q->mem };
	char text[IP_TEXT_MAX];
	struct rank best, rank;
	struct entry *e;

	ip_format(vip, text);
	RB_FOREACH(e, store, store) {
		const char *why = node_refusal(q, e);

		if (why) {
			reasons_add(&reasons, e->obj->meta.name, why);
			continue;
		}
		if (!q->world->opts.assume_elected) {
			ret->node = e->obj->meta.name; /* the election chooses */
			return;
		}
		rank_of(e->obj->meta.name, text, &rank);
		if (!ret->node || rank_before(&rank, &best)) {
			best = rank;
			ret->node = e->obj->meta.name;
		}
	}
	if (!ret->node)
		ret->why = reasons.n ? reasons_text(&reasons) : "there is no Node";
}

/*
 * Fills @q for the Service q->svc, which has the address @ip.  Returns false if no node is
 * eligible; @ret then says why.
 */
static bool
query_begin(struct node_query *q, const struct ip *ip, struct eligibility *ret)
{
	const struct meta *meta = &q->svc->e.obj->meta;
	const struct pool_entry *pool = pools_containing(q->world, ip);

	if (!pool) {
		ret->why = "no usable IPAddressPool contains its address";
		return false;
	}
	advs_covering(q->world, pool, meta, q->mem, &q->advs);
	if (q->advs.n == 0) {
		ret->why = advs_none_text(q->world, pool, meta, q->mem);
		return false;
	}
	q->assume_serving = q->world->opts.assume_endpoints &&
	    !dependents_of((struct dependents *)&q->world->slices, meta->ns, meta->name);
	if (!q->assume_serving && !has_on(q, NULL, can_serve)) {
		ret->why = "the Service has no ready endpoint";
		ret->no_endpoint = true;
		return false;
	}
	q->move = should_move(q);
	return true;
}

void
eligibility_decide(const struct world *world, const struct svc *svc, const struct ips *ips,
    const char *self, struct arena *mem, struct eligibility *ret_eligibility)
{
	struct node_query q = { .world = world, .svc = svc, .mem = mem };
	const struct entry *e;

	*ret_eligibility = (struct eligibility){ 0 };
	if (!query_begin(&q, &ips->v[0], ret_eligibility))
		return;
	rank_nodes(&q, &ips->v[0], ret_eligibility);
	self = self ? self : ret_eligibility->node;
	e = self ? world_find(world, KIND_NODE, "", self) : NULL;
	if (e && ret_eligibility->node)
		advs_ifaces(&q.advs, &e->obj->meta.labels, mem, &ret_eligibility->ifaces);
}

bool
eligibility_ifaces(const struct world *world, const struct pool_entry *pool, struct arena *mem,
    struct strings *ret_ifaces)
{
	const struct entry *e = world_find(world, KIND_NODE, "", world->opts.node_name);
	struct advs advs;

	*ret_ifaces = (struct strings){ 0 };
	if (!e)
		return false;
	advs_covering(world, pool, NULL, mem, &advs);
	advs_ifaces(&advs, &e->obj->meta.labels, mem, ret_ifaces);
	return advs_select(&advs, &e->obj->meta.labels);
}

/*
 * One struct node_query for each of the Services that share an address.  The holder of the address
 * must be eligible for all these Services.
 */
struct sharers {
	struct node_query *v;
	size_t n;
};

static void
sharers_of(const struct world *world, const struct ip *ip, struct arena *mem, struct sharers *ret)
{
	const struct addr *addr = addrs_find(world, ip);
	struct eligibility ignored = { 0 };
	const struct addr_use *addr_use;
	size_t n = 0;

	*ret = (struct sharers){ 0 };
	if (!addr)
		return;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr)
		n++;
	ret->v = arena_calloc(mem, n, sizeof(*ret->v));
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		struct node_query *q = &ret->v[ret->n];

		*q = (struct node_query){ .world = world, .svc = addr_use->svc, .mem = mem };
		if (svc_wants_holder(addr_use->svc) &&
		    ips_contain(svc_ips(world, addr_use->svc), ip) &&
		    query_begin(q, &svc_ips(world, addr_use->svc)->v[0], &ignored))
			ret->n++;
	}
}

static bool
sharers_accept(const struct sharers *sharers, const struct entry *node)
{
	for (size_t i = 0; i < sharers->n; i++) {
		if (node_refusal(&sharers->v[i], node))
			return false;
	}
	return sharers->n > 0;
}

static bool
may_hold(const struct world *world, const struct ip *ip, const char *node, bool move)
{
	const struct entry *e = world_find(world, KIND_NODE, "", node);
	struct arena mem = { 0 };
	struct sharers sharers;
	bool may;

	sharers_of(world, ip, &mem, &sharers);
	for (size_t i = 0; i < sharers.n; i++)
		sharers.v[i].move &= move;
	may = e && sharers_accept(&sharers, e);
	arena_done(&mem);
	return may;
}

bool
eligibility_may_hold(const struct world *world, const struct ip *ip, const char *node)
{
	return may_hold(world, ip, node, true);
}

bool
eligibility_may_keep(const struct world *world, const struct ip *ip)
{
	return may_hold(world, ip, world->opts.node_name, false);
}

void
eligibility_each_candidate(const struct world *world, const struct ip *ip,
    void (*visit)(void *arg, const char *node, bool ready), void *arg)
{
	struct arena mem = { 0 };
	struct sharers sharers;
	struct entry *e;

	sharers_of(world, ip, &mem, &sharers);
	RB_FOREACH(e, store, (struct store *)&world->store[KIND_NODE]) {
		if (sharers_accept(&sharers, e))
			visit(arg, e->obj->meta.name, e->obj->u.node.ready);
	}
	arena_done(&mem);
}
