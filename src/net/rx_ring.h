/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_RX_RING_H
#define NET_RX_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_FRAME 62 /* bytes kept of each frame; an ARP frame has 42 bytes and padding */

/*
 * The frames that a packet socket receives, in memory that is shared with the kernel
 * (PACKET_RX_RING).  The daemon reads frames without a system call, and the kernel does not clone
 * each frame while a sender on this machine waits.  For measurements, see set_busy_poll() in
 * link_rx.c.
 */
struct rx_ring {
	uint8_t *slots; /* NULL: no ring */
	size_t at;      /* index of the slot that is read next */
};

/* rx_ring_open - attach a ring to a socket that is not bound yet; return 0 or a negative errno. */
int rx_ring_open(struct rx_ring *rx_ring, int fd) __attribute__((warn_unused_result));

/* rx_ring_done - unmap the ring; the kernel frees it when the socket is closed. */
void rx_ring_done(struct rx_ring *rx_ring);

/*
 * rx_ring_peek - return the oldest frame, valid until rx_ring_release(); NULL: there is none.
 * rx_ring_release - drop the oldest frame.
 */
const uint8_t *rx_ring_peek(const struct rx_ring *rx_ring, size_t *ret_len);
void rx_ring_release(struct rx_ring *rx_ring);

#endif
