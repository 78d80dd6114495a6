/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_NODE_MACS_H
#define ARPLET_NODE_MACS_H

#include "arplet/ip.h"
#include "arplet/mac.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Finds out whether a MAC belongs to a node whose hellos have never arrived: only its host answers
 * the probes for an address of the node.  The module does no I/O.
 */
#define NODE_MACS_MAX    64    /* addresses of nodes that the module remembers */
#define NODE_MAC_ANSWERS 3     /* answers after which the MAC belongs to the node */
#define NODE_MAC_MS      10000 /* after this time without an answer, counting begins again */

struct node_macs {
	struct node_mac {
		struct ip ip;
		struct mac mac;
		unsigned int answers; /* consecutive answers from mac */
		bool ambiguous;       /* hosts with two MACs have answered */
		int64_t last_ms;
	} v[NODE_MACS_MAX];
	size_t n;
};

/*
 * node_macs_answer - note that the host @mac has answered a probe for @ip, an address of a node.
 * Returns true if NODE_MAC_ANSWERS answers for @ip came from @mac, and none from another MAC.
 */
bool node_macs_answer(struct node_macs *node_macs, const struct ip *ip, const struct mac *mac,
    int64_t now_ms);

#endif
