/* SPDX-License-Identifier: Apache-2.0 */
#include "api_nodes.h"

#include <stdio.h>
#include <string.h>

static struct api_node *
find(struct api_nodes *nodes, const char *name)
{
	for (size_t i = 0; i < API_NODES_MAX; i++) {
		if (strcmp(nodes->v[i].name, name) == 0)
			return &nodes->v[i];
	}
	return NULL;
}

/* Returns a new node in the place of the node that the election asked about least recently. */
static struct api_node *
add(struct api_nodes *nodes, const char *name)
{
	struct api_node *oldest = &nodes->v[0];

	for (size_t i = 1; i < API_NODES_MAX; i++) {
		if (nodes->v[i].asked_ms < oldest->asked_ms)
			oldest = &nodes->v[i];
	}
	*oldest = (struct api_node){ 0 };
	snprintf(oldest->name, sizeof(oldest->name), "%s", name);
	return oldest;
}

bool
api_nodes_runs(struct api_nodes *nodes, const char *name, bool node_ready, int64_t now_ms)
{
	struct api_node *node;

	if (!*name || strlen(name) >= API_NODE_NAME_MAX)
		return false;
	node = find(nodes, name);
	if (!node)
		node = add(nodes, name);
	node->asked_ms = now_ms;
	return node_ready && node->pod_ready && node->renewed_ms &&
	    now_ms - node->renewed_ms <= API_NODE_LEASE_MS;
}

/* When the node must be read; INT64_MAX: never. */
static int64_t
due_ms(const struct api_node *node, int64_t now_ms)
{
	int64_t due_ms = node->read_ms ? node->read_ms + API_NODE_READ_MS : now_ms;

	if (!*node->name || node->reading || due_ms > node->asked_ms + API_NODE_ASKED_MS)
		return INT64_MAX;
	return due_ms;
}

const char *
api_nodes_due(struct api_nodes *nodes, int64_t now_ms)
{
	for (size_t i = 0; i < API_NODES_MAX; i++) {
		struct api_node *node = &nodes->v[i];

		if (due_ms(node, now_ms) > now_ms)
			continue;
		node->read_ms = now_ms;
		node->reading = true;
		return node->name;
	}
	return NULL;
}

int64_t
api_nodes_next_ms(const struct api_nodes *nodes, int64_t now_ms)
{
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < API_NODES_MAX; i++) {
		int64_t due = due_ms(&nodes->v[i], now_ms);

		next_ms = due < next_ms ? due : next_ms;
	}
	return next_ms;
}

void
api_nodes_answer(struct api_nodes *nodes, const char *name, bool pod_ready, const char *version,
    int64_t now_ms)
{
	struct api_node *node = find(nodes, name);

	if (!node)
		return; /* another node took its place */
	node->reading = false;
	node->pod_ready = pod_ready;
	if (!*version || strcmp(node->version, version) == 0)
		return;
	snprintf(node->version, sizeof(node->version), "%s", version);
	node->renewed_ms = now_ms;
}
