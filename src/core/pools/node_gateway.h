/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_NODE_GATEWAY_H
#define CORE_POOLS_NODE_GATEWAY_H

#include "arplet/ip.h"

struct pool_entry;
struct world;

/* An address that belongs to the network itself, and what follows it in a sentence. */
struct node_gateway {
	struct ip ip;
	const char *what; /* "is an address of node \"n1\"" */
};

/* node_gateways_new - the part of a world that this module keeps; node_gateways_free() frees it. */
struct node_gateways *node_gateways_new(void);
/* node_gateways_changed - nodes or links have changed. */
void node_gateways_changed(struct world *world);
/* node_gateways_update - after nodes or links have changed; says whether these addresses did. */
bool node_gateways_update(struct world *world);
void node_gateways_free(struct world *world);
/* node_gateway_text - NULL, or what follows the address in a sentence. */
const char *node_gateway_text(const struct world *world, const struct ip *ip);
/* pool_node_gateway_text - NULL, or why the pool does not give @ip although it is asked for by name. */
const char *pool_node_gateway_text(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/* node_gateways_from - the first that is @ip or greater, up to @ret_end. */
const struct node_gateway *node_gateways_from(const struct world *world, const struct ip *ip,
    const struct node_gateway **ret_end);

#endif
