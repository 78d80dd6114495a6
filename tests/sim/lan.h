/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_H
#define LAN_H

#include "node.h"

#include <stddef.h>
#include <stdint.h>

/*
 * A simulated LAN.  The LAN decides which nodes receive a frame, and when.  Several faults of one
 * type can be in effect at once, so a member such as @silent counts the faults in effect.
 */
struct sim;

#define LAN_FRAME_MAX 1514
#define LAN_RECORDED  64

struct lan {
	int blocked[NODES_MAX][NODES_MAX]; /* [from][to]: the LAN drops frames of @from to @to */
	int unplugged[NODES_MAX];          /* the node's link has no carrier, as its kernel knows */
	int silent[NODES_MAX];             /* the LAN drops all frames, but the carrier stays */
	/* faults of a carrier of hellos; ARP still gets through */
	int no_multicast, no_udp;          /* the LAN drops EtherType 0x88b5, or UDP */
	int deaf[NODES_MAX][NODES_MAX];    /* [from][to]: the LAN drops multicast hellos */
	int relayed;                       /* an attacker relays hellos to the next LAN at once */
	int loss;                          /* frames lost, of 1000 */
	int delay_ms;                      /* maximum delay; frames may arrive out of order */
	int duplicates;                    /* the LAN delivers a quarter of the frames twice */
	int replayed;                      /* an attacker sends recorded hellos again */
	struct recording {
		int from;
		size_t len;
		uint8_t frame[LAN_FRAME_MAX];
	} recorded[LAN_RECORDED]; /* the last hellos; newest: (n_recorded - 1) % LAN_RECORDED */
	size_t n_recorded;
};

/* lan_send - sends a broadcast or multicast frame (hello, gratuitous ARP) to all other nodes. */
void lan_send(struct sim *sim, int from, int lan, const uint8_t *frame, size_t len);

/* lan_send_udp - sends a hello as UDP to node @to. */
void lan_send_udp(struct sim *sim, int from, int to, int lan, const uint8_t *payload, size_t len);

/*
 * lan_delivers_hellos - true if hellos of node @from reach node @to now by one of the carriers,
 * except for random loss.
 */
bool lan_delivers_hellos(const struct sim *sim, int lan, int from, int to);

/* lan_delivers - true if a frame of node @from reaches node @to now, except for random loss. */
bool lan_delivers(const struct sim *sim, int lan, int from, int to);

/* lan_delay_max_ms - returns the maximum time from the sending of a frame to its arrival. */
int64_t lan_delay_max_ms(const struct lan *lan);

#endif
