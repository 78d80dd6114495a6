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
struct ring {
	uint8_t *slots; /* NULL: none */
	size_t at;      /* the next one to be filled */
};

/* ring_open - give a socket a ring, before it is bound; or a negative errno. */
int ring_open(struct ring *ring, int fd) __attribute__((warn_unused_result));

/* ring_done - the socket lets go of it when it is closed, too; none is fine. */
void ring_done(struct ring *ring);

/* ring_look - the frame that has waited longest, until ring_pass(); NULL: none waits. */
const uint8_t *ring_look(const struct ring *ring, size_t *ret_len);
void ring_pass(struct ring *ring);

#endif
