/* SPDX-License-Identifier: Apache-2.0 */
#include "feed.h"

#include "arplet/client.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * What is followed, and what of it.  Headless Services' slices never matter to us.  A pool or an
 * advertisement that goes takes addresses away, so it has to be sure (wary).  Where it does no harm
 * that a watch tells a moment late, the API server's cache will do at first (cached): a list from
 * etcd takes it several times as long, of custom resources most of all.
 */
static const struct followed {
	bool in_pool_ns, raw, wary, cached;
	const char *query;
} followed[KINDS] = {
	[KIND_SERVICE] = { .raw = true },
	[KIND_POOL] = { .in_pool_ns = true, .raw = true, .wary = true },
	[KIND_L2ADV] = { .in_pool_ns = true, .wary = true },
	[KIND_SLICE] = { .query = "labelSelector=%21service.kubernetes.io%2Fheadless",
	    .cached = true },
	[KIND_NODE] = { .cached = true },
	[KIND_NAMESPACE] = { .cached = true },
	[KIND_L2STATUS] = { .in_pool_ns = true, .cached = true },
	[KIND_SECRET] = { .in_pool_ns = true }, /* and the one of that name alone */
};

#define REST_MS 5000 /* what nothing waits for is listed after this at the latest */

struct channel {
	struct feed *feed;
	enum kind kind;
	struct reflector *reflector;
};

struct feed {
	struct world *world;
	struct feed_ops ops;
	void *arg;
	struct channel channels[KINDS];
};

static void
on_list_begin(void *arg)
{
	struct channel *ch = arg;

	world_list_begin(ch->feed->world, ch->kind);
}

static void
on_put(void *arg, struct object *obj)
{
	struct channel *ch = arg;

	world_put(ch->feed->world, obj);
	ch->feed->ops.on_change(ch->feed->arg);
}

static void
on_del(void *arg, const char *ns, const char *name)
{
	struct channel *ch = arg;

	world_del(ch->feed->world, ch->kind, ns, name);
	ch->feed->ops.on_change(ch->feed->arg);
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
begin_rest(struct feed *feed)
{
	if (!world_synced(feed->world))
		list_first(feed->channels[KIND_L2STATUS].reflector);
}

static void
on_list_end(void *arg)
{
	struct channel *ch = arg;

	world_list_end(ch->feed->world, ch->kind);
	begin_rest(ch->feed);
	ch->feed->ops.on_listed(ch->feed->arg, ch->kind);
	ch->feed->ops.on_change(ch->feed->arg);
}

static void
on_doubt(void *arg, const char *ns, const char *name)
{
	struct channel *ch = arg;

	if (name)
		world_doubt(ch->feed->world, ch->kind, ns, name);
	else
		world_list_doubt(ch->feed->world, ch->kind);
	ch->feed->ops.on_change(ch->feed->arg);
}

static void
on_state(void *arg, enum reflector_state state, const char *why)
{
	static const char *const names[REFLECTOR_STATES] = { "starting", "synced", "retrying",
		"not installed", "forbidden", "holding" };
	const struct channel *ch = arg;
	const char *resource = kind_info[ch->kind].resource;

	if (ch->feed->ops.on_state)
		ch->feed->ops.on_state(ch->feed->arg, ch->kind, state, why);
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
start_ms(const struct feed_opts *opts, enum kind kind)
{
	if (kind == KIND_SERVICE || kind == KIND_POOL || kind == KIND_SLICE)
		return opts->relist_ms;
	return kind == KIND_L2STATUS && opts->relist_ms ? REST_MS : 0;
}

struct feed *
feed_new(struct ev_loop *loop, struct client *client, struct world *world,
    const struct feed_opts *opts, const struct feed_ops *ops, void *arg)
{
	static const struct reflector_ops reflector_ops = {
		.list_begin = on_list_begin,
		.put = on_put,
		.del = on_del,
		.list_end = on_list_end,
		.doubt = on_doubt,
		.state = on_state,
	};
	struct feed *feed = xcalloc(1, sizeof(*feed));
	char secret[320];

	snprintf(secret, sizeof(secret), "fieldSelector=metadata.name%%3D%s",
	    opts->hello_secret ? opts->hello_secret : "");
	feed->world = world;
	feed->ops = *ops;
	feed->arg = arg;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct channel *ch = &feed->channels[kind];
		struct reflector_opts r = {
			.kind = kind,
			.ns = followed[kind].in_pool_ns ? opts->pool_ns : NULL,
			.query = kind == KIND_SECRET ? secret : followed[kind].query,
			.start_ms = start_ms(opts, kind),
			.keep_raw = opts->keep_raw && followed[kind].raw,
			.cached = followed[kind].cached,
			.wary = followed[kind].wary,
		};

		if (kind == KIND_LEASE || (kind == KIND_SECRET && !opts->hello_secret))
			continue; /* the leader's own; and what nobody asked for */
		ch->feed = feed;
		ch->kind = kind;
		ch->reflector = reflector_new(loop, client, &r, &reflector_ops, ch);
	}
	return feed;
}

void
feed_free(struct feed *feed)
{
	if (!feed)
		return;
	for (enum kind kind = 0; kind < KINDS; kind++)
		reflector_free(feed->channels[kind].reflector);
	free(feed);
}

void
feed_relist(struct feed *feed, enum kind kind)
{
	reflector_relist(feed->channels[kind].reflector);
	if (kind == KIND_SERVICE)
		list_first(feed->channels[KIND_SLICE].reflector);
}

const struct reflector *
feed_reflector(const struct feed *feed, enum kind kind)
{
	return feed->channels[kind].reflector;
}
