/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_ELECTION_CHECKS_H
#define FUZZ_ELECTION_CHECKS_H

#include "arplet/election.h"

#include <stdlib.h>
#include <string.h>

#define LINKS     2
#define VIPS 4
#define PEERS   3
#define NONCE     77
#define DEAD_MS   350 /* dead time of ELECTION_DEFAULTS on a LAN with few nodes */
#define WALL_S    1700000000

/* The election under test, and the state that the election should have after the calls so far. */
struct scene {
	const uint8_t *script;
	size_t left;
	struct election *e;
	int64_t now_ms, last_run_ms;
	bool has_key, leaving;
	struct hello_key keys[2];
	/*
	 * bits 0-3: this node or a peer is ineligible; bit 4: result of may_keep(); bits 5-7: the
	 * Node of a peer is not Ready
	 */
	uint8_t api;
	/* bits 0-2: UDP reaches the peer; bits 3-5: its daemon runs; bits 6-7: peer a, b hold VIPs */
	uint8_t nodes;
	struct lan {
		bool open, up;
		struct mac mac;
		int64_t listens_from_ms; /* when listening last started */
		bool wanted[VIPS], held[VIPS];
		int peers[2 * PEERS]; /* 1: on_peer() reported this MAC */
		uint32_t nonce, seq;      /* link nonce and seq of the last hello that was sent */
		uint8_t frame[HELLO_FRAME_MAX];
		size_t len; /* bytes in frame, which holds the last hello of a peer */
		enum hello_carrier carrier;
		uint8_t own[HELLO_FRAME_MAX];
		size_t own_len; /* bytes in own, which holds the last hello of the election */
	} lans[LINKS];
	uint32_t seqs[PEERS];
};

extern const struct ip election_vips[VIPS];
extern const char *const election_names[1 + PEERS];
/* callbacks that check each call by the scene, which is their argument */
extern const struct election_ops election_checks;

static inline void
must(bool condition)
{
	if (!condition)
		abort();
}

static inline bool
is_between(const struct ip *ip, const struct hello *hello)
{
	return ip_cmp(ip, &hello->from) >= 0 && ip_cmp(ip, &hello->to) <= 0;
}

#endif
