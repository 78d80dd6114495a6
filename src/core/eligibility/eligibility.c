/* SPDX-License-Identifier: Apache-2.0 */
#include "eligibility.h"
#include "arplet/arena.h"
#include "arplet/ip.h"
#include "arplet/object.h"
#include "arplet/rank.h"
#include "arplet/strings.h"
#include "core/base/ips.h"
#include "core/pools/pools.h"
#include "core/state/addrs.h"
#include "core/state/store.h"
#include "core/state/svc.h"
#include "core/state/world_state.h"
#include "reasons.h"

#include <string.h>

#define EXCLUDE_LABEL "node.kubernetes.io/exclude-from-external-load-balancers"

/* Who may answer for one Service's address: the facts that the candidates are held against. */
struct candidates_query {
	const struct world *world;
	const struct svc *svc; /* NULL: any */
	struct arena *mem;
	const struct l2adv **advs; /* that cover the pool and the Service */
	size_t n_advs;
	bool move;           /* from nodes whose endpoints end: others have one that is ready */
	bool assume_serving; /* no slice at all, and the dry run assumes endpoints */
};

/* NULL if it covers the pool and the Service (@svc NULL: any), else why not. */
static const char *
adv_refuses(const struct l2adv *adv, const struct pool_entry *pool, const struct meta *svc)
{
	const struct meta *meta = &pool->c.in_force->meta;

	if (svc && adv->svc_selectors.n && !selectors_match(&adv->svc_selectors, &svc->labels))
		return "its serviceSelectors do not match the Service's labels";
	if ((adv->pools.n || adv->pool_selectors.n) && !strings_contain(&adv->pools, meta->name) &&
	    !selectors_match(&adv->pool_selectors, &meta->labels))
		return "for other pools";
	return NULL;
}

/* What to do about a pool that nothing covers. */
static const char *
uncovered(const struct candidates_query *q, const struct pool_entry *pool)
{
	struct store *store = (struct store *)&q->world->store[KIND_L2ADV];
	struct reasons reasons = { .mem = q->mem };
	struct entry *e;

	RB_FOREACH(e, store, store) {
		const struct object *adv = ((struct config *)e)->in_force;
		const char *why = "its specification is wrong";

		if (adv)
			why = adv_refuses(&adv->u.l2adv, pool, &q->svc->e.obj->meta);
		reasons_add(&reasons, e->obj->meta.name, why);
	}
	if (!reasons.n)
		return arena_printf(q->mem, "no L2Advertisement covers pool \"%s\"; create one in "
		    "namespace \"%s\"", pool->c.in_force->meta.name, q->world->opts.pool_ns);
	return arena_printf(q->mem, "no L2Advertisement covers pool \"%s\" (%s)",
	    pool->c.in_force->meta.name, reasons_text(&reasons));
}

static void
query_advs(struct candidates_query *q, const struct pool_entry *pool)
{
	struct store *store = (struct store *)&q->world->store[KIND_L2ADV];
	const struct meta *svc = q->svc ? &q->svc->e.obj->meta : NULL;
	struct entry *e;
	size_t n = 0;

	RB_FOREACH(e, store, store)
		n++;
	q->advs = arena_calloc(q->mem, n, sizeof(*q->advs));
	RB_FOREACH(e, store, store) {
		const struct object *adv = ((struct config *)e)->in_force;

		if (adv && !adv_refuses(&adv->u.l2adv, pool, svc))
			q->advs[q->n_advs++] = &adv->u.l2adv;
	}
}

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

/* Does an endpoint of the Service that @is so run on @node (NULL: on any)? */
static bool
has_on(const struct candidates_query *q, const char *node, bool (*is)(const struct endpoint *))
{
	const struct meta *meta = &q->svc->e.obj->meta;
	struct dependent *dependent = dependents_of((struct dependents *)&q->world->slices, meta->ns, meta->name);

	for (; dependent; dependent = dependents_next(dependent)) {
		const struct slice *slice = &dependent->e.obj->u.slice;

		/* left of a Service of the same name that was deleted */
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

static bool
advertised_from(const struct candidates_query *q, const struct labels *labels)
{
	for (size_t i = 0; i < q->n_advs; i++) {
		const struct selectors *sels = &q->advs[i]->node_selectors;

		if (sels->n == 0 || selectors_match(sels, labels))
			return true;
	}
	return false;
}

/* NULL if the node may answer, wherever endpoints run; else why not. */
static const char *
node_excludes(const struct candidates_query *q, const struct entry *e)
{
	const struct node *node = &e->obj->u.node;
	const struct labels *labels = &e->obj->meta.labels;

	if (!advertised_from(q, labels))
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

/* NULL if the node may answer, else why not. */
static const char *
node_refuses(const struct candidates_query *q, const struct entry *e)
{
	const char *name = e->obj->meta.name, *why = node_excludes(q, e);

	if (why || !svc_spec(q->svc)->local || q->assume_serving)
		return why;
	if (!has_on(q, name, can_serve))
		return "no ready endpoint on it (externalTrafficPolicy: Local)";
	if (q->move && !has_on(q, name, is_ready))
		return "its endpoints are about to end (externalTrafficPolicy: Local)";
	return NULL;
}

/*
 * An endpoint that ends serves for a while.  Who is moved off its node in that time is not cut off
 * when it is over; where there is no other node, it is better than none.
 */
static bool
should_move(const struct candidates_query *q)
{
	struct entry *e;

	if (!svc_spec(q->svc)->local || !has_on(q, NULL, is_ending))
		return false;
	RB_FOREACH(e, store, (struct store *)&q->world->store[KIND_NODE]) {
		if (has_on(q, e->obj->meta.name, is_ready) && !node_excludes(q, e))
			return true;
	}
	return false;
}

/* The interfaces that the advertisements name for @node; none when one of them names none. */
static void
query_ifaces(const struct candidates_query *q, const struct labels *labels, struct strings *ret)
{
	size_t room = 0;

	*ret = (struct strings){ 0 };
	for (size_t i = 0; i < q->n_advs; i++)
		room += q->advs[i]->interfaces.n;
	ret->v = arena_calloc(q->mem, room, sizeof(*ret->v));
	for (size_t i = 0; i < q->n_advs; i++) {
		const struct l2adv *adv = q->advs[i];

		if (adv->node_selectors.n && !selectors_match(&adv->node_selectors, labels))
			continue;
		if (adv->interfaces.n == 0) {
			ret->n = 0;
			return;
		}
		for (size_t j = 0; j < adv->interfaces.n; j++) {
			if (!strings_contain(ret, adv->interfaces.v[j]))
				ret->v[ret->n++] = arena_strdup(q->mem, adv->interfaces.v[j]);
		}
	}
}

/* Goes through the nodes: the first in rank of those that may, or why none may. */
static void
rank_nodes(const struct candidates_query *q, const struct ip *link_vip, struct eligibility *ret)
{
	struct store *store = (struct store *)&q->world->store[KIND_NODE];
	struct reasons reasons = { .mem = q->mem };
	char text[IP_TEXT_MAX];
	struct rank best, rank;
	struct entry *e;

	ip_format(link_vip, text);
	RB_FOREACH(e, store, store) {
		const char *why = node_refuses(q, e);

		if (why) {
			reasons_add(&reasons, e->obj->meta.name, why);
			continue;
		}
		if (!q->world->opts.assume_elected) {
			ret->node = e->obj->meta.name; /* any will do */
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

/* Gathers what the nodes are held against; false: @ret_why says why it holds for none. */
static bool
query_begin(struct candidates_query *q, const struct ip *ip, struct eligibility *ret)
{
	const struct meta *meta = &q->svc->e.obj->meta;
	const struct pool_entry *pool = pools_containing(q->world, ip);

	if (!pool) {
		ret->why = "no usable IPAddressPool contains its address";
		return false;
	}
	query_advs(q, pool);
	if (q->n_advs == 0) {
		ret->why = uncovered(q, pool);
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
    const char *self, struct arena *mem, struct eligibility *ret_holding)
{
	struct candidates_query q = { .world = world, .svc = svc, .mem = mem };
	const struct entry *e;

	*ret_holding = (struct eligibility){ 0 };
	if (!query_begin(&q, &ips->v[0], ret_holding))
		return;
	rank_nodes(&q, &ips->v[0], ret_holding);
	self = self ? self : ret_holding->node;
	e = self ? world_find(world, KIND_NODE, "", self) : NULL;
	if (e && ret_holding->node)
		query_ifaces(&q, &e->obj->meta.labels, &ret_holding->ifaces);
}

bool
eligibility_ifaces(const struct world *world, const struct pool_entry *pool, struct arena *mem,
    struct strings *ret_ifaces)
{
	const struct entry *e = world_find(world, KIND_NODE, "", world->opts.node_name);
	struct candidates_query q = { .world = world, .mem = mem };

	*ret_ifaces = (struct strings){ 0 };
	if (!e)
		return false;
	query_advs(&q, pool);
	query_ifaces(&q, &e->obj->meta.labels, ret_ifaces);
	return advertised_from(&q, &e->obj->meta.labels);
}

/*
 * The Services that are announced on an address: a node that is to hold it has to be right for all
 * of them.
 */
struct bench {
	struct candidates_query *v;
	size_t n;
};

static void
bench_fill(const struct world *world, const struct ip *ip, struct arena *mem, struct bench *ret)
{
	const struct addr *addr = addrs_find(world, ip);
	struct eligibility ignored = { 0 };
	const struct addr_use *addr_use;
	size_t n = 0;

	*ret = (struct bench){ 0 };
	if (!addr)
		return;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr)
		n++;
	ret->v = arena_calloc(mem, n, sizeof(*ret->v));
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		struct candidates_query *q = &ret->v[ret->n];

		*q = (struct candidates_query){ .world = world, .svc = addr_use->svc, .mem = mem };
		if (svc_wants_holder(addr_use->svc) && ips_contain(svc_ips(world, addr_use->svc), ip) &&
		    query_begin(q, &svc_ips(world, addr_use->svc)->v[0], &ignored))
			ret->n++;
	}
}

static bool
bench_takes(const struct bench *bench, const struct entry *node)
{
	for (size_t i = 0; i < bench->n; i++) {
		if (node_refuses(&bench->v[i], node))
			return false;
	}
	return bench->n > 0;
}

static bool
may_hold(const struct world *world, const struct ip *ip, const char *node, bool move)
{
	const struct entry *e = world_find(world, KIND_NODE, "", node);
	struct arena mem = { 0 };
	struct bench bench;
	bool may;

	bench_fill(world, ip, &mem, &bench);
	for (size_t i = 0; i < bench.n; i++)
		bench.v[i].move &= move;
	may = e && bench_takes(&bench, e);
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
	struct bench bench;
	struct entry *e;

	bench_fill(world, ip, &mem, &bench);
	RB_FOREACH(e, store, (struct store *)&world->store[KIND_NODE]) {
		if (bench_takes(&bench, e))
			visit(arg, e->obj->meta.name, e->obj->u.node.ready);
	}
	arena_done(&mem);
}
