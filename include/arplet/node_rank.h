/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_RANK_H
#define ARPLET_RANK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Rendezvous hashing: each node ranks the same candidates for a VIP, so all nodes have the same
 * order without a message.  When a node leaves, only its own VIPs move.
 *
 * The hash is MetalLB's, so that a cluster that migrates keeps its holders: SHA-256 of
 * "NODE#ADDRESS" with the address in RFC 5952 form; the lowest hash is the first in rank.
 */
struct rank {
	uint8_t sha256[32];
};

/* rank_of - compute the rank of @node; @vip is the address as ip_format() writes it. */
void rank_of(const char *node, const char *vip, struct rank *ret_rank);

/* rank_before - true if @a is before @b. */
bool rank_before(const struct rank *a, const struct rank *b);

#endif
