/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/informers.h"

#include "arplet/client.h"
#include "util/log.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * What is followed, and what of it.  Headless Services' slices never matter to us.  A pool or an
 * advertisement that goes takes addresses away, so it has to be sure (wary).  Where it does no harm
 * that a watch tells a moment late, the API server's cache will do at first (cached): a list from
 * etcd takes it several times as long, of custom resources most of all.
 */
static const struct watched {
	bool in_pool_ns, raw, confirm_deletes, cached;
	const char *query;
} watched[KINDS] = {
	[KIND_SERVICE] = { .raw = true },
	[KIND_POOL] = { .in_pool_ns = true, .raw = true, .confirm_deletes = true },
	[KIND_L2ADV] = { .in_pool_ns = true, .confirm_deletes = true },
	[KIND_SLICE] = { .query = "labelSelector=%21service.kubernetes.io%2Fheadless",
	    .cached = true },
	[KIND_NODE] = { .cached = true },
	[KIND_NAMESPACE] = { .cached = true },
	[KIND_L2STATUS] = { .in_pool_ns = true, .cached = true },
	[KIND_SECRET] = { .in_pool_ns = true }, /* and the one of that name alone */
};

#define REST_MS 5000 /* what nothing waits for is listed after this at the latest */

struct informer {
	struct informers *informers;
	enum kind kind;
	struct reflector *reflector;
};

struct informers {
	struct world *world;
	struct informers_ops ops;
	void *arg;
	struct informer informers_[KINDS];
};

static void
on_list_begin(void *arg)
{
	struct informer *ch = arg;

	world_list_begin(ch->informers->world, ch->kind);
}

static void
on_put(void *arg, struct object *obj)
{
	struct informer *ch = arg;

	world_put(ch->informers->world, obj);
	ch->informers->ops.on_change(ch->informers->arg);
}

static void
on_del(void *arg, const char *ns, const char *name)
{
	struct informer *ch = arg;

	world_del(ch->informers->world, ch->kind, ns, name);
	ch->informers->ops.on_change(ch->informers->arg);
}

static void
list_first(struct reflector *reflector)
{
	if (!reflector_stats(reflector)->lists)
		reflector_relist(reflector);
}

/*
 * What nothing waits for is listed after what all waits for: an API server has much to do for
 * thousands of custom resources.
 */
static void
list_uncritical(struct informers *informers)
{
	if (!world_synced(informers->world))
		list_first(informers->informers_[KIND_L2STATUS].reflector);
}

static void
on_list_end(void *arg)
{
	struct informer *ch = arg;

	world_list_end(ch->informers->world, ch->kind);
	list_uncritical(ch->informers);
	ch->informers->ops.on_listed(ch->informers->arg, ch->kind);
	ch->informers->ops.on_change(ch->informers->arg);
}

static void
on_pending_delete(void *arg, const char *ns, const char *name)
{
	struct informer *ch = arg;

	if (name)
		world_pend_delete(ch->informers->world, ch->kind, ns, name);
	else
		world_list_pend_delete(ch->informers->world, ch->kind);
	ch->informers->ops.on_change(ch->informers->arg);
}

static void
on_state(void *arg, enum reflector_state state, const char *why)
{
	static const char *const names[REFLECTOR_STATES] = { "starting", "synced", "retrying",
		"not installed", "forbidden", "holding" };
	const struct informer *ch = arg;
	const char *resource = kind_info[ch->kind].resource;

	if (ch->informers->ops.on_state)
		ch->informers->ops.on_state(ch->informers->arg, ch->kind, state, why);
	else if (state == REFLECTOR_SYNCED)
		log_info("in sync", "resource", resource, NULL);
	else if (state == REFLECTOR_HOLDING)
		log_info("what is gone is kept for now", "resource", resource, "reason", why, NULL);
	else if (state != REFLECTOR_STARTING)
		log_warn("out of sync", "resource", resource, "state", names[state], "reason", why,
		    NULL);
}

/* EndpointSlices come with Services: an API server that lists them is late with the Lease. */
static int64_t
start_ms(const struct informers_opts *opts, enum kind kind)
{
	if (kind == KIND_SERVICE || kind == KIND_POOL || kind == KIND_SLICE)
		return opts->relist_ms;
	return kind == KIND_L2STATUS && opts->relist_ms ? REST_MS : 0;
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
		struct informer *ch = &informers->informers_[kind];
		struct reflector_opts r = {
			.kind = kind,
			.ns = watched[kind].in_pool_ns ? opts->pool_ns : NULL,
			.query = kind == KIND_SECRET ? secret : watched[kind].query,
			.start_ms = start_ms(opts, kind),
			.keep_raw = opts->keep_raw && watched[kind].raw,
			.cached = watched[kind].cached,
			.confirm_deletes = watched[kind].confirm_deletes,
		};

		if (kind == KIND_LEASE || (kind == KIND_SECRET && !opts->hello_secret))
			continue; /* the leader's own; and what nobody asked for */
		ch->informers = informers;
		ch->kind = kind;
		ch->reflector = reflector_new(loop, client, &r, &reflector_ops, ch);
	}
	return informers;
}

void
informers_free(struct informers *informers)
{
	if (!informers)
		return;
	for (enum kind kind = 0; kind < KINDS; kind++)
		reflector_free(informers->informers_[kind].reflector);
	free(informers);
}

void
informers_relist(struct informers *informers, enum kind kind)
{
	reflector_relist(informers->informers_[kind].reflector);
	if (kind == KIND_SERVICE)
		list_first(informers->informers_[KIND_SLICE].reflector);
}

const struct reflector *
informers_reflector(const struct informers *informers, enum kind kind)
{
	return informers->informers_[kind].reflector;
}
