/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_PEER_LINK_H
#define CORE_ELECTION_PEER_LINK_H

#include "election_link.h"

/*
 * The links of one peer that reach one link of this node.  Usually a peer has one such link.  A peer
 * has several if it has two interfaces on the same LAN, or if its interface was made again.
 */
#define PEER_LINKS_MAX 4

struct peer;

struct peer_link {
	bool used;
	bool silent;              /* no hello for a dead time, while the peer has another link */
	uint32_t nonce;           /* a hello with this link nonce has been proved */
	uint32_t proved_to;       /* our link nonce, which that hello listed */
	uint32_t seq[HELLO_CARRIERS]; /* highest number that arrived by each carrier */
	int64_t last_hello_ms;    /* receive time of the latest hello */
	bool has_mac;             /* on_peer() has reported the MAC */
	struct mac mac;
};

/* peer_link_find - find the peer's link with the nonce, or NULL. */
struct peer_link *peer_link_find(struct peer *peer, uint32_t nonce);
/*
 * peer_link_add - add the link from which @hello, a proved hello, comes.  If the peer has too many
 * links, the link that has been silent for longest is forgotten.
 */
struct peer_link *peer_link_add(struct peer *peer, const struct hello *hello, int64_t now_ms);
/* peer_link_set_mac - report the MAC of the link, if it is new; NULL: it is no MAC of the peer. */
void peer_link_set_mac(struct peer *peer, struct peer_link *link, const struct mac *mac);
/*
 * peer_note_unproven_mac - report the MAC of a hello that is signed by the peer, but not proved: a
 * host with this MAC is no stranger, even if its hellos do not count.  NULL: forget the MAC.
 */
void peer_note_unproven_mac(struct peer *peer, const struct mac *mac);
/* peer_has_mac - true if a link of the peer has this MAC. */
bool peer_has_mac(const struct peer *peer, const struct mac *mac);
/* peer_links_clear - forget all links of the peer, and report that their MACs are no peers. */
void peer_links_clear(struct peer *peer);
/* peer_links_tick - end the claims that were made only on links that are silent now. */
void peer_links_tick(struct peer *peer, int64_t now_ms);
/* peer_links_next_ms - when peer_links_tick() is due. */
int64_t peer_links_next_ms(const struct peer *peer);

/* peer_link_seq - highest sequence number that has arrived from the link by any carrier. */
static inline uint32_t
peer_link_seq(const struct peer_link *link)
{
	uint32_t multicast = link->seq[HELLO_MULTICAST], udp = link->seq[HELLO_UDP];

	return (int32_t)(udp - multicast) > 0 ? udp : multicast;
}

#endif
