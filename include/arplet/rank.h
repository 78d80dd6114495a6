/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ELECT_H
#define ARPLET_ELECT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Rendezvous hashing: every daemon ranks the same candidates and takes the first, so all agree
 * without a message, and a node that leaves moves only the addresses it held.  The hash is
 * MetalLB's, SHA-256 of "NODE#ADDRESS" with the address in its RFC 5952 form, lowest first: a
 * cluster that changes over keeps its holders.
 */
struct rank {
	uint8_t sha256[32];
};

/* rank_of - @vip is the address as ip_format() writes it. */
void rank_of(const char *node, const char *vip, struct rank *ret_rank);

/* rank_before - does @a come before @b? */
bool rank_before(const struct rank *a, const struct rank *b);

#endif
