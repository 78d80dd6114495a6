/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_FRAME 62 /* of each frame so much is kept: all of ARP */

/*
 * What a packet socket receives, in memory that is shared with the kernel (PACKET_RX_RING): no call
 * reads it, and who sends on this machine pays for no copy of the frame's own.
 */
struct rx_ring {
	uint8_t *slots; /* NULL: none */
	size_t at;      /* the next one to be filled */
};

/* rx_ring_open - give a socket a ring, before it is bound; or a negative errno. */
int rx_ring_open(struct rx_ring *rx_ring, int fd) __attribute__((warn_unused_result));

/* rx_ring_done - the socket lets go of it when it is closed, too; none is fine. */
void rx_ring_done(struct rx_ring *rx_ring);

/* rx_ring_peek - the frame that has waited longest, until rx_ring_release(); NULL: none waits. */
const uint8_t *rx_ring_peek(const struct rx_ring *rx_ring, size_t *ret_len);
void rx_ring_release(struct rx_ring *rx_ring);

#endif
