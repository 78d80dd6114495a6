/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LAN_NODES_H
#define ARPLET_LAN_NODES_H

#include "arplet/arena.h"
#include "arplet/link.h"

/*
 * The addresses of all nodes by the API (Node.status.addresses), and which of these addresses lie
 * on the LAN of a link.  Hellos that are sent as UDP go to these addresses, and come from them.
 */
struct lan_node {
	struct ip ip;
	const char *node;
};

struct lan_nodes {
	struct lan_node *by_node; /* sorted by node, then by address */
	struct lan_node *by_ip;   /* sorted by address, then by node; NULL before lan_nodes_sort() */
	size_t n, room;
	struct arena names;
};

/* lan_nodes_add - add an address of @node, whose name is copied. */
void lan_nodes_add(struct lan_nodes *nodes, const char *node, const struct ip *ip);
/* lan_nodes_sort - after the last lan_nodes_add(), make the addresses ready for searches. */
void lan_nodes_sort(struct lan_nodes *nodes);
void lan_nodes_done(struct lan_nodes *nodes); /* leaves empty lan_nodes */

/* lan_nodes_node_of - the node that has the address @ip; NULL: none. */
const char *lan_nodes_node_of(const struct lan_nodes *nodes, const struct ip *ip);

/*
 * lan_nodes_address - the lowest address of @node that has @family, and lies in a subnet of @link;
 * NULL: there is none.
 */
const struct ip *lan_nodes_address(const struct lan_nodes *nodes, const char *node,
    const struct link *link, uint8_t family);

/* lan_nodes_own - like lan_nodes_address(), but an address that @link itself has. */
const struct ip *lan_nodes_own(const struct lan_nodes *nodes, const char *node,
    const struct link *link, uint8_t family);

/* lan_nodes_next - the index of the first address of the next node; @at: an index of by_node. */
size_t lan_nodes_next(const struct lan_nodes *nodes, size_t at);

#endif
