/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ANN_STATUS_H
#define ARPLET_ANN_STATUS_H

#include "arplet/ip.h"
#include "arplet/mac.h"

/* The state of an address that this node announces on a link. */
enum ann_state {
	ANN_ELECTED,  /* this node holds the address, but the link is missing or down */
	ANN_CLAIMING, /* requests are answered; the rounds of the claim are being sent */
	ANN_HOLDING,  /* requests are answered; a round is sent every refresh_ms */
	ANN_YIELDED,  /* a conflicting host has the address for yield_ms; no frame is sent */
	ANN_PROBING,  /* after yield_ms: probes test whether the address is free (RFC 5227 2.1.1) */
	ANN_STATES
};

/* announcer_answers - true if the node answers requests for an address in this state. */
static inline bool
announcer_answers(enum ann_state state)
{
	return state == ANN_CLAIMING || state == ANN_HOLDING;
}

/* How another host uses an address that this node holds. */
enum ann_conflict {
	CONFLICT_NONE,
	CONFLICT_DEFENDED,    /* a conflicting host claims the address; this node defends it */
	CONFLICT_YIELDED,     /* this node has left the address to a conflicting host */
	CONFLICT_PEER_KERNEL, /* a peer answers for the address, which its kernel has */
	CONFLICTS
};

/* What to do about a host that keeps claiming an address after a defence (RFC 5227 2.4). */
enum ann_policy {
	POLICY_DEFEND, /* 2.4 (c): defend again, at most once per ANNOUNCER_DEFEND_MS */
	POLICY_YIELD,  /* 2.4 (b): leave the address to the host for yield_ms, then probe it */
};

#define ANN_HOSTS_MAX 4

/* An address on a link, for metrics and tests. */
struct ann_status {
	struct ip ip;
	/* Enums of one byte: an address takes 184 bytes with them, and 208 without. */
	enum ann_state state : 8;
	enum ann_conflict conflict : 8; /* as last reported */
	uint8_t n_hosts;
	int ifindex;
	uint64_t requests, answers, gratuitous, conflicts; /* frames since announcer_add() */
	/*
	 * The hosts that claimed the address.  NULL for most addresses, else an array of
	 * ANN_HOSTS_MAX; a fifth host replaces the one with the fewest frames.
	 */
	struct conflicting_host {
		struct mac mac;
		uint64_t frames;
	} *hosts;
};

#endif
