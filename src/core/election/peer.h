/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_PEER_H
#define CORE_ELECTION_PEER_H

#include "election_link.h"
#include "peer_link.h"

/* A VIP that a peer holds, according to the peer's hellos. */
struct peer_claim {
	RB_ENTRY(peer_claim) by_ip; /* in peer->claims */
	SLIST_ENTRY(peer_claim) in_vip;
	struct election_vip *vip;
	struct peer *peer;
	uint32_t term;
	uint8_t links;       /* the links of the peer that list the VIP: see peer_link_bit() */
	int64_t received_ms; /* when a hello first listed the VIP with this term */
};
RB_HEAD(peer_claims, peer_claim);

/* The states of a peer; peer.c has the table of states and events. */
enum peer_state {
	PEER_UNPROVEN, /* no hello of the peer has been accepted yet */
	PEER_ALIVE,    /* hellos arrive */
	PEER_ISOLATED, /* hellos arrive, but the peer receives no hellos: see is_isolated() */
	PEER_DEAD,     /* no hello arrived within the dead time */
	PEER_STATES
};

enum peer_event {
	PEER_EV_START,     /* a hello proved a new start of the daemon; PEER_EV_HELLO follows */
	PEER_EV_HELLO,     /* a hello was accepted */
	PEER_EV_LEAVING,   /* the peer's first hello with HELLO_LEAVING was accepted */
	PEER_EV_ISOLATED,  /* is_isolated() is true */
	PEER_EV_REJOINED,  /* is_isolated() is false */
	PEER_EV_POLL,      /* the peer is late, and the next poll is due */
	PEER_EV_DEAD_TIME, /* no hello arrived for the peer's dead time */
	PEER_EV_FORGET,    /* no hello arrived for ten minutes */
	PEER_EVENTS
};

/* arplet on another node, as known from its hellos on one link. */
struct peer {
	RB_ENTRY(peer) by_node;
	struct election_link *link;
	char *node;
	/* these members come first, because a loop over all peers reads them after each hello */
	enum peer_state state;
	unsigned int n_links;         /* how many of links are used */
	int64_t last_hello_ms;        /* receive time of the peer's latest hello */
	int64_t interval_ms, dead_ms; /* values in the peer's latest hello, clamped */
	int64_t polled_ms;            /* when any node last polled the peer */

	uint32_t start_s, nonce;      /* of its latest hello */
	struct peer_link *last_link;  /* the link of its latest hello; NULL: none */
	/* a new link nonce or start of the peer must list a hello that we sent after this one */
	uint32_t proof_after_seq;
	bool list_first;              /* our next hello must list the peer before others */
	uint32_t listed_seq;          /* our last hello that listed the peer */
	uint8_t flags;                /* of its latest hello */
	uint16_t n_stable_peers;
	int64_t alive_since_ms;       /* since when the peer's hellos arrive without a gap */
	int64_t listed_us_ms;         /* time of the peer's latest hello that listed us as heard */
	int64_t listed_nobody_ms;     /* time of the peer's latest hello that listed no peers */
	int64_t full_sent_ms;         /* when we last sent all pages of our VIPs for this peer */
	int64_t received_ms[HELLO_CARRIERS]; /* when a hello last arrived by each carrier */
	enum hello_heard_as listed_as; /* how the peer's latest hello that listed us listed us */
	enum hello_carrier carrier;   /* last reported by on_carrier(); at first HELLO_MULTICAST */
	int64_t carrier_since_ms;     /* since when the carrier that works is another one */
	uint32_t udp_round;           /* 0: UDP does not reach the peer on the link */
	bool answer_by_udp;           /* the next hello answers the peer by UDP, too */
	int64_t udp_sent_ms;          /* when a hello was last sent to the peer by UDP */
	bool has_unproven_mac;        /* a hello that is not proved had the MAC below */
	struct mac unproven_mac;
	/* the last resort: see last_resort.c */
	int64_t unproven_ms;          /* when an unproven hello of the peer last arrived */
	bool api_runs;                /* the last answer of election_ops.api_runs() */
	bool api_holds;               /* by the API, the peer has held a VIP */
	bool had_chance;              /* a free VIP was left to the peer, which did not claim it */
	bool reported_unheard;        /* on_last_resort() has reported the peer */
	int64_t silent_from_ms;       /* since when hellos are sent to the silent peer by UDP */
	struct peer_claims claims;
	size_t n_claims;
	struct peer_link links[PEER_LINKS_MAX];
};

int peer_cmp(const struct peer *a, const struct peer *b);
RB_PROTOTYPE(peers, peer, by_node, peer_cmp)
int peer_claim_cmp(const struct peer_claim *a, const struct peer_claim *b);
RB_PROTOTYPE(peer_claims, peer_claim, by_ip, peer_claim_cmp)

static inline bool
peer_is_alive(const struct peer *peer)
{
	return peer->state == PEER_ALIVE || peer->state == PEER_ISOLATED;
}

static inline bool
peer_is_leaving(const struct peer *peer)
{
	return peer->flags & HELLO_LEAVING;
}

/*
 * peer_can_claim - true if the peer is ready to claim a VIP: alive, not leaving, not listening.
 */
static inline bool
peer_can_claim(const struct peer *peer)
{
	return peer_is_alive(peer) && !(peer->flags & (HELLO_LEAVING | HELLO_LISTENING));
}

struct peer *peer_find(const struct election_link *link, const char *node);
/* peer_get - find the peer, or make one that is unproven. */
struct peer *peer_get(struct election_link *link, const char *node);
void peer_free(struct peer *peer);

/* peer_fire - apply @event by the table in peer.c; @hello is NULL except for PEER_EV_START. */
void peer_fire(struct peer *peer, enum peer_event event, const struct hello *hello, int64_t now_ms);

/* peer_hears_multicast - true if a multicast hello of the peer arrived in its last 3 intervals. */
static inline bool
peer_hears_multicast(const struct peer *peer, int64_t now_ms)
{
	return now_ms - peer->received_ms[HELLO_MULTICAST] <= 3 * peer->interval_ms;
}

/* peer_late_ms - when the peer is late: 0.2 of the 2.2 intervals allow for delays on the LAN. */
static inline int64_t
peer_late_ms(const struct peer *peer)
{
	return peer->last_hello_ms + 2 * peer->interval_ms + peer->interval_ms / 5;
}

/* peer_poll_ms - when to poll the peer next, unless a hello of the peer arrives before. */
int64_t peer_poll_ms(const struct peer *peer);
/* peer_is_one_way - true if the peer's hellos arrive, but have not listed us for a while. */
bool peer_is_one_way(const struct peer *peer, int64_t now_ms);

/* peer_link_bit - the bit of @link in peer_claim.links. */
static inline uint8_t
peer_link_bit(const struct peer *peer, const struct peer_link *link)
{
	return (uint8_t)(1 << (link - peer->links));
}

/* peer_list_first - list the peer in our next hello, which is sent soon. */
void peer_list_first(struct peer *peer);

/* peer_claim_set - record that the peer's last_link holds @ip, and the @term of its claim. */
void peer_claim_set(struct peer *peer, const struct ip *ip, uint32_t term, int64_t now_ms);
/* peer_claim_unset - record that the peer's last_link does not hold the VIP any more. */
void peer_claim_unset(struct peer_claim *claim, int64_t now_ms);
/* peer_claim_end - free a claim, because the peer no longer holds the VIP; @change: why. */
void peer_claim_end(struct peer_claim *claim, enum holder_change change, int64_t now_ms);
/* peer_end_claims - call peer_claim_end() for all claims of the peer. */
void peer_end_claims(struct peer *peer, enum holder_change change, int64_t now_ms);

#endif
