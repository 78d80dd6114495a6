/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_NODE_RANK_H
#define ARPLET_NODE_RANK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Rendezvous hashing: for each VIP, all nodes compute the same order of candidates without
 * exchanging messages.  When a node leaves, only the VIPs that it held move to other nodes.
 *
 * The hash is MetalLB's, so that each VIP keeps its node when a cluster migrates from MetalLB.  The
 * hash is the SHA-256 of "NODE#ADDRESS" with the address in RFC 5952 form.  The node with the
 * lowest hash is first in rank.
 */
struct rank {
	uint8_t sha256[32];
};

/* rank_of - compute the rank of @node; @vip is the address as ip_format() writes it. */
void rank_of(const char *node, const char *vip, struct rank *ret_rank);

/* rank_before - true if the node with rank @a comes before the node with rank @b. */
bool rank_before(const struct rank *a, const struct rank *b);

#endif
