/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_NODE_GATEWAY_H
#define CORE_POOLS_NODE_GATEWAY_H

#include "arplet/ip.h"

/*
 * Node and gateway addresses are the addresses in the status of all nodes, and the addresses,
 * default gateways and subnet ends of this node's links.  Automatic allocation never uses node and
 * gateway addresses.  A Service that requests a node or gateway address gets the address only if
 * the pool has the annotation arplet.io/allow-infrastructure.  A Service keeps a node or gateway
 * address that it already has.
 */
struct pool_entry;
struct world;

struct node_gateway {
	struct ip ip;
	const char *description; /* for a message: "is an address of node \"n1\"" */
};

/*
 * node_gateways_new - the node and gateway addresses of a world; node_gateways_free() frees them.
 */
struct node_gateways *node_gateways_new(void);
void node_gateways_free(struct world *world);
/*
 * node_gateways_changed - note that nodes or links have changed, so that the next
 * node_gateways_update() collects the addresses again.
 */
void node_gateways_changed(struct world *world);
/*
 * node_gateways_update - if nodes or links have changed, collect the addresses again and mark the
 * Services that use an added or removed address.  Returns true if an address was added or removed.
 */
bool node_gateways_update(struct world *world);
/* node_gateway_text - the description of @ip, or NULL if @ip is no node or gateway address. */
const char *node_gateway_text(const struct world *world, const struct ip *ip);
/*
 * pool_node_gateway_text - NULL if @pool has arplet.io/allow-infrastructure, else
 * node_gateway_text() of @ip.
 */
const char *pool_node_gateway_text(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/* pool_has_node_gateway - true if @pool contains a node or gateway address. */
bool pool_has_node_gateway(const struct world *world, const struct pool_entry *pool);
/*
 * node_gateways_from - the first node or gateway address that is @ip or greater.  The result points
 * into an array that is sorted by address and ends before @ret_end.  An address with two
 * descriptions is in the array twice.
 */
const struct node_gateway *node_gateways_from(const struct world *world, const struct ip *ip,
    const struct node_gateway **ret_end);

#endif
