/* SPDX-License-Identifier: Apache-2.0 */
#include "node_reader.h"

#include "arplet/client.h"
#include "arplet/decode.h"
#include "arplet/world.h"
#include "core/election/api_nodes.h"
#include "util/clock.h"
#include "util/timer.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>

#define READS_MAX 4 /* nodes that are read at the same time */
#define TIMEOUT_MS 5000
#define PODS "/api/v1/namespaces/%s/pods?labelSelector=app.kubernetes.io%%2Fname%%3Darplet" \
	     "&fieldSelector=spec.nodeName%%3D%s"
#define NODE_LEASE "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/%s"

/* A read of one node: first of its pod, then of its Lease. */
struct node_read {
	struct node_reader *reader;
	char node[API_NODE_NAME_MAX]; /* "": no read */
	struct call *call;
	bool pod_ready;
};

struct node_reader {
	struct ev_loop *loop;
	struct client *client;
	const struct world *world;
	char *ns;
	struct api_nodes nodes;
	struct node_read reads[READS_MAX];
	ev_timer timer;
};

static void read_due(struct node_reader *reader);

static void
send(struct node_read *read, const char *path, void (*on_response)(void *, const struct response *))
{
	read->call = client_request(read->reader->client, &(struct request){
		.path = path,
		.want_body = true,
		.timeout_ms = TIMEOUT_MS,
		.on_response = on_response,
		.arg = read,
	});
}

static bool
accepted(const struct response *resp)
{
	return resp->status >= 200 && resp->status <= 299;
}

static void
on_lease(void *arg, const struct response *resp)
{
	struct node_read *read = arg;
	struct object *lease = NULL;

	read->call = NULL;
	if (!accepted(resp) ||
	    decode_kind(KIND_LEASE, resp->body, resp->len, 0, &lease, NULL) < 0)
		lease = NULL;
	api_nodes_answer(&read->reader->nodes, read->node, read->pod_ready,
	    lease ? lease->meta.version : "", clock_ms());
	object_free(lease);
	read->node[0] = '\0';
	read_due(read->reader);
}

static void
on_pods(void *arg, const struct response *resp)
{
	struct node_read *read = arg;
	char path[API_NODE_NAME_MAX + sizeof(NODE_LEASE)];

	read->pod_ready = accepted(resp) && decode_pods_ready(resp->body, resp->len);
	snprintf(path, sizeof(path), NODE_LEASE, read->node);
	send(read, path, on_lease);
}

static void
begin(struct node_read *read, const char *node)
{
	char path[1024];

	snprintf(read->node, sizeof(read->node), "%s", node);
	snprintf(path, sizeof(path), PODS, read->reader->ns, node);
	send(read, path, on_pods);
}

/* Read the nodes that are due, and set the timer for the next one. */
static void
read_due(struct node_reader *reader)
{
	int64_t now_ms = clock_ms(), next_ms;
	bool busy = true;

	for (size_t i = 0; i < READS_MAX; i++) {
		struct node_read *read = &reader->reads[i];
		const char *node;

		if (read->call)
			continue;
		node = api_nodes_due(&reader->nodes, now_ms);
		if (node)
			begin(read, node);
		busy &= node != NULL;
	}
	next_ms = busy ? INT64_MAX : api_nodes_next_ms(&reader->nodes, now_ms);
	timer_at(reader->loop, &reader->timer, next_ms, now_ms);
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	read_due(w->data);
}

bool
node_reader_runs(struct node_reader *reader, const char *node)
{
	const struct object *obj = world_get(reader->world, KIND_NODE, "", node);
	bool runs;

	if (!obj)
		return false;
	runs = api_nodes_runs(&reader->nodes, node, obj->u.node.ready, clock_ms());
	read_due(reader);
	return runs;
}

struct node_reader *
node_reader_new(struct ev_loop *loop, struct client *client, const struct world *world,
    const char *ns)
{
	struct node_reader *reader = xcalloc(1, sizeof(*reader));

	reader->loop = loop;
	reader->client = client;
	reader->world = world;
	reader->ns = xstrdup(ns);
	for (size_t i = 0; i < READS_MAX; i++)
		reader->reads[i].reader = reader;
	ev_timer_init(&reader->timer, on_timer, 0, 0);
	reader->timer.data = reader;
	return reader;
}

void
node_reader_free(struct node_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < READS_MAX; i++)
		call_cancel(reader->reads[i].call);
	ev_timer_stop(reader->loop, &reader->timer);
	free(reader->ns);
	free(reader);
}
