/* SPDX-License-Identifier: Apache-2.0 */
#include "eligibility.h"
#include "arplet/node_rank.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "node_query.h"
#include "reasons.h"
#include "serving_nodes.h"

#include <string.h>

#define EXCLUDE_LABEL "node.kubernetes.io/exclude-from-external-load-balancers"

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

const char *
node_query_refusal(const struct node_query *q, const struct entry *e)
{
	const char *name = e->obj->meta.name, *why = node_exclusion(q, e);
	struct serving serving;

	if (why || !svc_spec(q->svc)->local || q->assume_serving)
		return why;
	serving = serving_on(q->world, q->svc, name);
	if (!serving.serves)
		return "no ready endpoint on it (externalTrafficPolicy: Local)";
	if (q->move && !serving.ready)
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

	if (!svc_spec(q->svc)->local || !serving_on(q->world, q->svc, NULL).ending)
		return false;
	RB_FOREACH(e, store, (struct store *)&q->world->store[KIND_NODE]) {
		if (serving_on(q->world, q->svc, e->obj->meta.name).ready &&
		    !node_exclusion(q, e))
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
		const char *why = node_query_refusal(q, e);

		world_work(q->world, 2);
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

bool
node_query_begin(struct node_query *q, const struct ip *ip, struct eligibility *ret)
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
	if (!q->assume_serving && !serving_on(q->world, q->svc, NULL).serves) {
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
	if (!node_query_begin(&q, &ips->v[0], ret_eligibility))
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
