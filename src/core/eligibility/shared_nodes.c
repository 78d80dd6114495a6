/* SPDX-License-Identifier: Apache-2.0 */
#include "shared_nodes.h"
#include "core/state/world_state.h"
#include "node_query.h"

#include <stdlib.h>
#include <string.h>

/* A Service that uses an address, and the criteria that its nodes must meet. */
struct sharer {
	struct node_query query;
	struct addr_use *addr_use;
};

struct sharers {
	struct sharer *v; /* in the order of svc_had_first() */
	size_t n;
	struct arena *mem;
};

/* The eligible nodes, in the order of the store of Nodes; one element for each Node. */
struct node_set {
	bool *v;
	size_t n, n_in, n_ready; /* nodes in all, in the set, and in the set and Ready */
};

static int
sharer_order(const void *a, const void *b)
{
	const struct sharer *sa = a, *sb = b;

	if (sa->query.svc == sb->query.svc)
		return 0;
	return svc_had_first(sa->query.svc, sb->query.svc) ? -1 : 1;
}

/* Finds the Services with @addr for which a node is eligible. */
static void
sharers_of(const struct world *world, const struct addr *addr, bool move, struct arena *mem,
    struct sharers *ret)
{
	struct eligibility ignored = { 0 };
	struct addr_use *addr_use;
	size_t n = 0;

	*ret = (struct sharers){ .mem = mem };
	if (!addr)
		return;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr)
		n++;
	ret->v = arena_calloc(mem, n, sizeof(*ret->v));
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		const struct ips *ips = svc_ips(world, addr_use->svc);
		struct node_query *q = &ret->v[ret->n].query;

		*q = (struct node_query){ .world = world, .svc = addr_use->svc, .mem = mem };
		if (!svc_wants_holder(addr_use->svc) || !ips_contain(ips, &addr->ip) ||
		    !node_query_begin(q, &ips->v[0], &ignored))
			continue;
		world_work(world, 8);
		q->move &= move;
		ret->v[ret->n++].addr_use = addr_use;
	}
	if (ret->n > 1)
		qsort(ret->v, ret->n, sizeof(*ret->v), sharer_order);
}

/* True if the same nodes are eligible for both, because neither needs an endpoint on the node. */
static bool
same_nodes(const struct node_query *a, const struct node_query *b)
{
	return !svc_spec(a->svc)->local && !svc_spec(b->svc)->local && a->advs.n == b->advs.n &&
	    memcmp(a->advs.v, b->advs.v, a->advs.n * sizeof(*a->advs.v)) == 0;
}

/* Fills @ret with the nodes of @from that are eligible for @q. */
static void
narrow(const struct node_query *q, const struct node_set *from, struct node_set *ret)
{
	struct store *store = (struct store *)&q->world->store[KIND_NODE];
	struct entry *e;
	size_t i = 0;

	ret->n_in = ret->n_ready = 0;
	RB_FOREACH(e, store, store) {
		ret->v[i] = from->v[i] && !node_query_refusal(q, e);
		ret->n_in += ret->v[i];
		ret->n_ready += ret->v[i] && e->obj->u.node.ready;
		i++;
	}
	world_work(q->world, 2 * i);
}

/* Fills @ret with all nodes. */
static void
all_nodes(const struct world *world, struct arena *mem, struct node_set *ret)
{
	struct entry *e;

	*ret = (struct node_set){ 0 };
	RB_FOREACH(e, store, (struct store *)&world->store[KIND_NODE])
		ret->n++;
	ret->v = arena_calloc(mem, ret->n, sizeof(*ret->v));
	memset(ret->v, true, ret->n * sizeof(*ret->v));
}

/*
 * Finds the nodes that are eligible for the Services that count.  Sets @ret_out[i] (NULL is allowed)
 * if sharer i is shut out.  A Service also is shut out if only nodes that are not Ready would
 * remain.
 */
static void
common_nodes(const struct world *world, const struct sharers *sharers, struct node_set *ret,
    bool *ret_out)
{
	const struct node_query *counted = NULL;
	struct node_set next, before;

	all_nodes(world, sharers->mem, ret);
	all_nodes(world, sharers->mem, &next);
	for (size_t i = 0; i < sharers->n; i++) {
		const struct node_query *q = &sharers->v[i].query;

		if (counted && same_nodes(counted, q))
			continue;
		narrow(q, ret, &next);
		if (!next.n_in || (counted && ret->n_ready && !next.n_ready)) {
			if (ret_out)
				ret_out[i] = true;
			continue;
		}
		counted = q;
		before = *ret;
		*ret = next;
		next = before;
		next.n = ret->n;
	}
	if (!counted)
		memset(ret->v, false, ret->n * sizeof(*ret->v));
}

static bool
may_hold(const struct world *world, const struct ip *ip, const char *node, bool move)
{
	const struct entry *e = world_find(world, KIND_NODE, "", node);
	struct store *store = (struct store *)&world->store[KIND_NODE];
	struct arena mem = { 0 };
	struct sharers sharers;
	struct node_set set;
	struct entry *at;
	bool may = false;
	size_t i = 0;

	sharers_of(world, addrs_find(world, ip), move, &mem, &sharers);
	if (e && sharers.n == 1) {
		may = !node_query_refusal(&sharers.v[0].query, e);
	} else if (e && sharers.n) {
		common_nodes(world, &sharers, &set, NULL);
		RB_FOREACH(at, store, store)
			may |= set.v[i++] && at == e;
	}
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
	struct node_set set;
	struct entry *e;
	size_t i = 0;

	sharers_of(world, addrs_find(world, ip), true, &mem, &sharers);
	common_nodes(world, &sharers, &set, NULL);
	RB_FOREACH(e, store, (struct store *)&world->store[KIND_NODE]) {
		if (set.v[i++])
			visit(arg, e->obj->meta.name, e->obj->u.node.ready);
	}
	arena_done(&mem);
}

void
shared_nodes_touch(struct world *world, const struct svc *svc)
{
	struct addr_use *addr_use;

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		struct addr *addr = addr_use->addr;
		struct addr_use *first = SLIST_FIRST(&addr->uses);

		if (addr->touched || (!SLIST_NEXT(first, of_addr) && !first->shut_out))
			continue; /* the usual case: no other Service uses the address */
		addr->touched = true;
		TAILQ_INSERT_TAIL(&world->touched, addr, of_touched);
	}
}

void
shared_nodes_forget(struct world *world, struct addr *addr)
{
	if (addr->touched)
		TAILQ_REMOVE(&world->touched, addr, of_touched);
	addr->touched = false;
}

static void
update(struct world *world, struct addr *addr)
{
	struct arena mem = { 0 };
	struct addr_use *addr_use;
	struct sharers sharers;
	struct node_set set;
	bool *out;

	sharers_of(world, addr, true, &mem, &sharers);
	out = arena_calloc(&mem, sharers.n, sizeof(*out));
	common_nodes(world, &sharers, &set, out);
	SLIST_FOREACH(addr_use, &addr->uses, of_addr)
		addr_use->was_out = addr_use->shut_out, addr_use->shut_out = false;
	for (size_t i = 0; i < sharers.n; i++)
		sharers.v[i].addr_use->shut_out = out[i];
	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		if (addr_use->was_out != addr_use->shut_out)
			world_mark(world, addr_use->svc, MARK_REPORT);
	}
	arena_done(&mem);
}

bool
shared_nodes_update(struct world *world)
{
	struct addr *addr = TAILQ_FIRST(&world->touched);

	if (!addr)
		return false;
	shared_nodes_forget(world, addr);
	update(world, addr);
	return true;
}

/* Returns the Service that had @addr first, of those that are not shut out and have endpoints. */
static const struct svc *
first_of(const struct addr *addr)
{
	const struct svc *first = NULL;
	const struct addr_use *addr_use;

	SLIST_FOREACH(addr_use, &addr->uses, of_addr) {
		if (!addr_use->shut_out && svc_wants_holder(addr_use->svc) &&
		    (!first || svc_had_first(addr_use->svc, first)))
			first = addr_use->svc;
	}
	return first;
}

const char *
shared_nodes_text(const struct svc *svc, struct arena *mem)
{
	const struct addr_use *addr_use;
	char text[IP_TEXT_MAX];

	SLIST_FOREACH(addr_use, &svc->uses, of_svc) {
		const struct svc *first = addr_use->shut_out ? first_of(addr_use->addr) : NULL;

		if (first)
			return arena_printf(mem, "the node that announces %s serves Service %s/%s, "
			    "which had the address first, and no node can serve both; start "
			    "endpoints on the same nodes, or let the Services have different "
			    "addresses", ip_format(&addr_use->addr->ip, text),
			    first->e.obj->meta.ns, first->e.obj->meta.name);
	}
	return NULL;
}
