/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RAWSOCK_H
#define RAWSOCK_H

#include "arplet/mac.h"
#include "rx_ring.h"

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A packet socket for one protocol on one link.  Functions that fail return a negative errno. */

/*
 * rawsock_open - a non-blocking socket that receives what @filter lets through of the frames of
 * @ethertype (ETH_P_ARP ...), from its first on: it is bound to nothing until the filter is in
 * place.  Frames come into @ret_ring unless that is NULL.  Needs CAP_NET_RAW.
 */
int rawsock_open(int ifindex, uint16_t ethertype, const struct sock_fprog *filter,
    struct rx_ring *ret_ring) __attribute__((warn_unused_result));

/* rawsock_error - what has gone wrong on the socket since it was last asked; 0: nothing. */
int rawsock_error(int fd) __attribute__((warn_unused_result));

/* rawsock_set_filter - @filter replaces the one before; no frame meets none of them. */
int rawsock_set_filter(int fd, const struct sock_fprog *filter) __attribute__((warn_unused_result));

/* rawsock_join - receive what is sent to a multicast MAC, too. */
int rawsock_join(int fd, int ifindex, const struct mac *group) __attribute__((warn_unused_result));

/* rawsock_timestamp - note when each frame comes in. */
int rawsock_timestamp(int fd) __attribute__((warn_unused_result));

#define RAWSOCK_BATCH 64
#define RAWSOCK_FRAME 1514 /* all of Ethernet's */

/* Frames that came in together, or go out together. */
struct frame_batch {
	uint8_t frame[RAWSOCK_BATCH][RAWSOCK_FRAME];
	size_t len[RAWSOCK_BATCH];
	int64_t age_ms[RAWSOCK_BATCH]; /* since it came in; 0 without rawsock_timestamp() */
	size_t n;
};

/* rawsock_recv_batch - of what waits, @max frames at most; how many, 0 when none waits. */
int rawsock_recv_batch(int fd, struct frame_batch *batch, size_t max)
    __attribute__((warn_unused_result));

/* rawsock_send_batch - all of them; how many the kernel did not take. */
size_t rawsock_send_batch(int fd, const struct frame_batch *batch);

/* rawsock_send - 0, when the kernel took the frame. */
int rawsock_send(int fd, const uint8_t *frame, size_t len) __attribute__((warn_unused_result));

#endif
