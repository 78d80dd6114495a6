/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_H
#define LAN_H

#include "node.h"

#include <stddef.h>
#include <stdint.h>

/* The LANs: who hears whom, and what becomes of a frame on its way.  Faults are counted. */
struct sim;

#define LAN_FRAME_MAX 1514
#define LAN_RECORDED  64

struct lan {
	int blocked[NODES_MAX][NODES_MAX]; /* from one node to another */
	int unplugged[NODES_MAX];          /* no carrier, and its node knows */
	int silent[NODES_MAX];             /* nothing comes through, though there is a carrier */
	int loss;                          /* of 1000 frames */
	int delay_ms, duplicates;                /* frames are late and overtake each other; come twice */
	int replayed;                      /* somebody sends again what the nodes have said */
	struct recording {
		int from;
		size_t len;
		uint8_t frame[LAN_FRAME_MAX];
	} recorded[LAN_RECORDED]; /* hellos, the last at (n_recorded - 1) % LAN_RECORDED */
	size_t n_recorded;
};

/* lan_send - a frame for all: a hello, or a gratuitous ARP. */
void lan_send(struct sim *sim, int from, int lan, const uint8_t *frame, size_t len);

/* lan_delivers - would @to hear now what @from says? */
bool lan_delivers(const struct sim *sim, int lan, int from, int to);

/* lan_fresh_ms - from the sending of a frame until it is there, at the most. */
int64_t lan_delay_max_ms(const struct lan *lan);

#endif
