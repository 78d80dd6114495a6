/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/informers.h"

#include "arplet/client.h"
#include "util/log.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * How each kind is listed and watched.
 *
 * confirm_deletes is true for pools and advertisements: the deletion of such an object takes
 * addresses from Services, so a later list must confirm the deletion.  If @cached is true, the
 * first list permits the API server to answer from its watch cache, because slightly old data of
 * this kind do no harm.  A list from etcd takes several times as long as a list from the cache.
 */
static const struct informer_kind {
	bool in_pool_ns, keep_raw, confirm_deletes, cached;
	const char *query;
} informer_kinds[KINDS] = {
	[KIND_SERVICE] = { .keep_raw = true },
	[KIND_POOL] = { .in_pool_ns = true, .keep_raw = true, .confirm_deletes = true },
	[KIND_L2ADV] = { .in_pool_ns = true, .confirm_deletes = true },
	/*
	 * No decision reads the EndpointSlices of headless Services, so the query excludes these.
	 */
	[KIND_SLICE] = { .query = "labelSelector=%21service.kubernetes.io%2Fheadless",
	    .cached = true },
	[KIND_NODE] = { .cached = true },
	[KIND_NAMESPACE] = { .cached = true },
	[KIND_L2STATUS] = { .in_pool_ns = true, .cached = true },
	[KIND_SECRET] = { .in_pool_ns = true }, /* with a fieldSelector for opts->hello_secret */
};

/* longest time from the start to the first list of ServiceL2Statuses */
#define L2STATUS_START_MS 5000

struct informer {
	struct informers *all; /* the set of informers that contains this informer */
	enum kind kind;
	struct reflector *reflector;
};

struct informers {
	struct world *world;
	struct informers_ops ops;
	void *arg;
	struct informer by_kind[KINDS];
};

static void
on_list_begin(void *arg)
{
	struct informer *informer = arg;

	world_list_begin(informer->all->world, informer->kind);
}

static void
on_put(void *arg, struct object *obj)
{
	struct informer *informer = arg;

	world_put(informer->all->world, obj);
	informer->all->ops.on_change(informer->all->arg);
}

static void
on_del(void *arg, const char *ns, const char *name)
{
	struct informer *informer = arg;

	world_del(informer->all->world, informer->kind, ns, name);
	informer->all->ops.on_change(informer->all->arg);
}

static void
list_first(struct reflector *reflector)
{
	if (!reflector_stats(reflector)->lists)
		reflector_relist(reflector);
}

/*
 * List the ServiceL2Statuses after all other kinds, because no decision needs the
 * ServiceL2Statuses.  A list of thousands of custom resources would delay the other lists.
 */
static void
list_l2statuses_last(struct informers *informers)
{
	if (!world_synced(informers->world))
		list_first(informers->by_kind[KIND_L2STATUS].reflector);
}

static void
on_list_end(void *arg)
{
	struct informer *informer = arg;

	world_list_end(informer->all->world, informer->kind);
	list_l2statuses_last(informer->all);
	informer->all->ops.on_listed(informer->all->arg, informer->kind);
	informer->all->ops.on_change(informer->all->arg);
}

static void
on_pending_delete(void *arg, const char *ns, const char *name)
{
	struct informer *informer = arg;

	if (name)
		world_pend_delete(informer->all->world, informer->kind, ns, name);
	else
		world_list_pend_delete(informer->all->world, informer->kind);
	informer->all->ops.on_change(informer->all->arg);
}

static void
on_state(void *arg, enum reflector_state state, const char *reason)
{
	static const char *const names[REFLECTOR_STATES] = { "starting", "synced", "retrying",
		"not installed", "forbidden", "holding" };
	const struct informer *informer = arg;
	const char *resource = kind_info[informer->kind].resource;

	if (informer->all->ops.on_state)
		informer->all->ops.on_state(informer->all->arg, informer->kind, state, reason);
	else if (state == REFLECTOR_SYNCED)
		log_info("in sync", "resource", resource, NULL);
	else if (state == REFLECTOR_HOLDING)
		log_info("a deletion is pending", "resource", resource, "reason", reason, NULL);
	else if (state != REFLECTOR_STARTING)
		log_warn("out of sync", "resource", resource, "state", names[state], "reason",
		    reason, NULL);
}

/*
 * Returns the delay of a kind's first list, ms.  EndpointSlices are first listed at the same time
 * as Services, not earlier: while the API server answers such large lists, it answers requests for
 * the Lease slowly.
 */
static int64_t
start_ms(const struct informers_opts *opts, enum kind kind)
{
	if (kind == KIND_SERVICE || kind == KIND_POOL || kind == KIND_SLICE)
		return opts->relist_ms;
	return kind == KIND_L2STATUS && opts->relist_ms ? L2STATUS_START_MS : 0;
}

struct informers *
informers_new(struct ev_loop *loop, struct client *client, struct world *world,
    const struct informers_opts *opts, const struct informers_ops *ops, void *arg)
{
	static const struct reflector_ops reflector_ops = {
		.list_begin = on_list_begin,
		.put = on_put,
		.del = on_del,
		.list_end = on_list_end,
		.pending_delete = on_pending_delete,
		.state = on_state,
	};
	struct informers *informers = xcalloc(1, sizeof(*informers));
	char secret[320];

	snprintf(secret, sizeof(secret), "fieldSelector=metadata.name%%3D%s",
	    opts->hello_secret ? opts->hello_secret : "");
	informers->world = world;
	informers->ops = *ops;
	informers->arg = arg;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct informer *informer = &informers->by_kind[kind];
		struct reflector_opts r = {
			.kind = kind,
			.ns = informer_kinds[kind].in_pool_ns ? opts->pool_ns : NULL,
			.query = kind == KIND_SECRET ? secret : informer_kinds[kind].query,
			.start_ms = start_ms(opts, kind),
			.keep_raw = opts->keep_raw && informer_kinds[kind].keep_raw,
			.cached = informer_kinds[kind].cached,
			.confirm_deletes = informer_kinds[kind].confirm_deletes,
		};

		if (kind == KIND_LEASE || (kind == KIND_SECRET && !opts->hello_secret))
			continue; /* src/daemon/leader.c reads the Lease without an informer */
		informer->all = informers;
		informer->kind = kind;
		informer->reflector = reflector_new(loop, client, &r, &reflector_ops, informer);
	}
	return informers;
}

void
informers_free(struct informers *informers)
{
	if (!informers)
		return;
	for (enum kind kind = 0; kind < KINDS; kind++)
		reflector_free(informers->by_kind[kind].reflector);
	free(informers);
}

void
informers_relist(struct informers *informers, enum kind kind)
{
	reflector_relist(informers->by_kind[kind].reflector);
	if (kind == KIND_SERVICE)
		list_first(informers->by_kind[KIND_SLICE].reflector);
}

const struct reflector *
informers_reflector(const struct informers *informers, enum kind kind)
{
	return informers->by_kind[kind].reflector;
}
