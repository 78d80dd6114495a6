/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/lan_nodes.h"
#include "lower_bound.h"

#include <stdlib.h>
#include <string.h>

static int
cmp_node(const void *a, const void *b)
{
	const struct lan_node *x = a, *y = b;
	int order = strcmp(x->node, y->node);

	return order ? order : ip_cmp(&x->ip, &y->ip);
}

static int
cmp_ip(const void *a, const void *b)
{
	const struct lan_node *x = a, *y = b;
	int order = ip_cmp(&x->ip, &y->ip);

	return order ? order : strcmp(x->node, y->node);
}

void
lan_nodes_add(struct lan_nodes *nodes, const char *node, const struct ip *ip)
{
	bool is_new = !nodes->n || strcmp(nodes->by_node[nodes->n - 1].node, node) != 0;

	if (nodes->n == nodes->room) {
		nodes->room = nodes->room ? nodes->room * 2 : 8;
		nodes->by_node = xrealloc(nodes->by_node, nodes->room, sizeof(*nodes->by_node));
	}
	nodes->by_node[nodes->n] = (struct lan_node){ *ip,
		is_new ? arena_printf(&nodes->names, "%s", node)
		       : nodes->by_node[nodes->n - 1].node };
	nodes->n++;
}

void
lan_nodes_sort(struct lan_nodes *nodes)
{
	size_t size = sizeof(*nodes->by_ip);

	if (!nodes->n)
		return;
	qsort(nodes->by_node, nodes->n, size, cmp_node);
	nodes->by_ip = xrealloc(nodes->by_ip, nodes->n, size);
	memcpy(nodes->by_ip, nodes->by_node, nodes->n * size);
	qsort(nodes->by_ip, nodes->n, size, cmp_ip);
}

void
lan_nodes_done(struct lan_nodes *nodes)
{
	free(nodes->by_node);
	free(nodes->by_ip);
	arena_done(&nodes->names);
	*nodes = (struct lan_nodes){ 0 };
}

static int
cmp_key_ip(const void *element, const void *ip)
{
	return ip_cmp(&((const struct lan_node *)element)->ip, ip);
}

const char *
lan_nodes_node_of(const struct lan_nodes *nodes, const struct ip *ip)
{
	size_t at = lower_bound(ip, nodes->by_ip, nodes->n, sizeof(*nodes->by_ip), cmp_key_ip);

	return at < nodes->n && ip_equal(&nodes->by_ip[at].ip, ip) ? nodes->by_ip[at].node : NULL;
}

/* The first address of @node that has @family and fulfils @is_on for @link, or NULL. */
static const struct ip *
find(const struct lan_nodes *nodes, const char *node, const struct link *link, uint8_t family,
    bool (*is_on)(const struct link *link, const struct ip *ip))
{
	const struct lan_node key = { .node = node };
	size_t at = lower_bound(&key, nodes->by_node, nodes->n, sizeof(key), cmp_node);

	for (; at < nodes->n && strcmp(nodes->by_node[at].node, node) == 0; at++) {
		const struct ip *ip = &nodes->by_node[at].ip;

		if (ip->family == family && is_on(link, ip))
			return ip;
	}
	return NULL;
}

const struct ip *
lan_nodes_address(const struct lan_nodes *nodes, const char *node, const struct link *link,
    uint8_t family)
{
	return find(nodes, node, link, family, link_has_prefix);
}

const struct ip *
lan_nodes_own(const struct lan_nodes *nodes, const char *node, const struct link *link,
    uint8_t family)
{
	return find(nodes, node, link, family, link_has_address);
}

size_t
lan_nodes_next(const struct lan_nodes *nodes, size_t at)
{
	size_t next = at + 1;

	while (next < nodes->n && strcmp(nodes->by_node[next].node, nodes->by_node[at].node) == 0)
		next++;
	return next;
}
