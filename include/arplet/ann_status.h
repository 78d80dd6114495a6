/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ANN_STATUS_H
#define ARPLET_ANN_STATUS_H

#include "arplet/ip.h"
#include "arplet/mac.h"

/* The announcer's state of an address that this node holds on a link. */
enum ann_state {
	ANN_ELECTED,  /* this node holds the address, but the link is missing or down */
	ANN_CLAIMING, /* this node answers requests, and sends the first announcements */
	ANN_HOLDING,  /* this node answers requests, and announces the address every refresh_ms */
	ANN_YIELDED,  /* for yield_ms this node leaves the address to a conflicting host */
	ANN_PROBING,  /* after yield_ms this node probes whether the address is free again */
	ANN_STATES
};

/* announcer_answers - true if this node answers requests for an address in @state. */
static inline bool
announcer_answers(enum ann_state state)
{
	return state == ANN_CLAIMING || state == ANN_HOLDING;
}

/* Whether and how another host uses an address that this node holds. */
enum ann_conflict {
	CONFLICT_NONE,
	CONFLICT_DEFENDED,    /* a conflicting host claims the address; this node defends it */
	CONFLICT_YIELDED,     /* this node has yielded the address to a conflicting host */
	CONFLICT_PEER_KERNEL, /* a peer's kernel has the address configured, and answers requests */
	CONFLICTS
};

/* What this node does if a host claims an address again despite a defence (RFC 5227 2.4). */
enum ann_policy {
	POLICY_DEFEND, /* 2.4 (c): defend the address, at most once per ANNOUNCER_DEFEND_MS */
	POLICY_YIELD,  /* 2.4 (b): leave the address to the host for yield_ms */
};

#define ANN_HOSTS_MAX 4

/* The announcer's state of an address on a link, for metrics and tests. */
struct ann_status {
	struct ip ip;
	/* These enums take one byte, so the announcer needs 184 bytes for an address, not 208. */
	enum ann_state state : 8;
	enum ann_conflict conflict : 8; /* the last conflict that on_conflict() reported */
	uint8_t n_hosts;
	int ifindex;
	uint64_t requests, answers, gratuitous, conflicts; /* frames since announcer_add() */
	/*
	 * The conflicting hosts that claimed the address: an array of ANN_HOSTS_MAX; NULL: none.
	 * If a fifth host claims the address, it replaces the host in the array that has sent the
	 * fewest frames.
	 */
	struct conflicting_host {
		struct mac mac;
		uint64_t frames;
	} *hosts;
};

#endif
