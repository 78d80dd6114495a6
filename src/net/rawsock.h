/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_RAWSOCK_H
#define NET_RAWSOCK_H

#include "arplet/mac.h"
#include "rx_ring.h"
#include "udp_sock.h"

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A packet socket for one protocol on one link.  On failure, functions return a negative errno. */

/*
 * rawsock_open - open a non-blocking socket for frames of @ethertype (ETH_P_ARP ...) that pass
 * @filter.  The filter is attached before the socket is bound, so that no other frame is received.
 * Frames are received into @ret_ring unless it is NULL.  Needs CAP_NET_RAW.
 */
int rawsock_open(int ifindex, uint16_t ethertype, const struct sock_fprog *filter,
    struct rx_ring *ret_ring) __attribute__((warn_unused_result));

/* rawsock_error - read and clear the pending error of the socket; 0: none. */
int rawsock_error(int fd) __attribute__((warn_unused_result));

/* rawsock_set_filter - replace the filter; at any moment the old or the new filter applies. */
int rawsock_set_filter(int fd, const struct sock_fprog *filter) __attribute__((warn_unused_result));

/* rawsock_join - also receive frames to a multicast MAC. */
int rawsock_join(int fd, int ifindex, const struct mac *group) __attribute__((warn_unused_result));

/* rawsock_timestamp - let the kernel stamp each received frame with the time. */
int rawsock_timestamp(int fd) __attribute__((warn_unused_result));

#define RAWSOCK_BATCH 64
#define RAWSOCK_FRAME 1514 /* bytes of the largest Ethernet frame */

/* Frames of one recvmmsg(2) or sendmmsg(2). */
struct frame_batch {
	uint8_t frame[RAWSOCK_BATCH][RAWSOCK_FRAME];
	size_t len[RAWSOCK_BATCH];
	int64_t age_ms[RAWSOCK_BATCH]; /* age of each frame; 0 without rawsock_timestamp() */
	size_t n;
};

/*
 * rawsock_recv_batch - receive up to @max frames; return their number, 0 if no frame waits.  Also
 * receives datagrams from a UDP socket; then @ret_from (NULL: not needed) gets their sources.
 */
int rawsock_recv_batch(int fd, struct frame_batch *batch, size_t max, union sock_addr *ret_from)
    __attribute__((warn_unused_result));

/* rawsock_send_batch - send all frames; returns how many the kernel did not send. */
size_t rawsock_send_batch(int fd, const struct frame_batch *batch);

/* rawsock_send - send a frame; return 0 or a negative errno. */
int rawsock_send(int fd, const uint8_t *frame, size_t len) __attribute__((warn_unused_result));

#endif
