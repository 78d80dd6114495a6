/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HELLO_H
#define ARPLET_HELLO_H

#include "arplet/ip.h"
#include "arplet/mac.h"

/*
 * A hello is a multicast Ethernet frame that each node sends a few times a second.  A hello lists
 * the VIPs that its sender holds.  Most switches flood hellos and gratuitous ARP alike, so a node
 * receives either both or neither.  Some switches drop the multicast frame, but not ARP.  So the
 * same bytes, from the version on, can also arrive as the payload of a UDP datagram.
 *
 *	Ethernet header: to HELLO_GROUP, EtherType HELLO_ETHERTYPE
 *	u8 version, u8 flags, u16 length of the frame without Ethernet header and padding
 *	u32 key id, u32 start, u32 nonce, u32 link nonce, u32 sequence number
 *	6 bytes MAC of the sender's link
 *	u16 interval in ms, u16 dead time in ms, u16 number of stable peers
 *	u8 length of the node name, the node name
 *	fields: u8 type, u16 length, value; a receiver skips unknown types
 *	     1  heard: u32 link nonce and u32 sequence number of some peers that the sender hears
 *	     2  polls: u32 link nonce of each peer that must answer at once
 *	     3  page of held VIPs: first and last address of the page; address and u32 term of each
 *	        VIP; an address is u8 family (4, 6) and 4 or 16 bytes
 *	     4  heard by UDP: like heard, for peers whose multicast frames do not arrive
 *	     5  unproven: like heard, for senders that have not yet proved that their hellos are new
 *	HMAC-SHA256 (RFC 2104) of all bytes from the version on, cut to HELLO_MAC_LEN bytes
 *
 * A later release of arplet can add fields to the hello without a new version.  The version number
 * in the hello changes only when a field above changes its meaning.
 */
#define HELLO_ETHERTYPE 0x88b5 /* IEEE 802, local experimental */
#define HELLO_PORT      7475   /* UDP port of hellos that are sent to node addresses */
#define HELLO_GROUP     ((struct mac){ { 0x03, 0x61, 0x72, 0x70, 0x6c, 0x74 } })
#define HELLO_ETHER_LEN 14     /* bytes of the Ethernet header, which a hello in UDP lacks */
#define HELLO_FRAME_MAX 1294   /* 1,280, the smallest MTU of IPv6, plus the Ethernet header */
#define HELLO_NODE_MAX  254    /* longest Kubernetes node name, with its final NUL */
#define HELLO_HEARD_MAX 32
#define HELLO_POLLS_MAX 16
#define HELLO_HELD_MAX  144    /* more VIPs than one frame can list */
#define HELLO_MAC_LEN   16
#define HELLO_KEY_MIN   16     /* bytes of the shortest accepted secret */

struct evp_mac_ctx_st;

/* The key that the daemons of one cluster share. */
struct hello_key {
	uint8_t bytes[32];
	uint32_t id; /* identifies the key in each hello, without revealing the key */
	struct evp_mac_ctx_st *hmac; /* OpenSSL's HMAC context for this key */
};

/* hello_key_init - make a key from a secret of any length; hello_key_done() frees the key. */
void hello_key_init(struct hello_key *key, const void *secret, size_t len);
/* hello_key_copy - copy a key; the copy has an OpenSSL context of its own. */
void hello_key_copy(struct hello_key *key, const struct hello_key *from);
/* hello_key_done - free the OpenSSL context of the key, and overwrite the key. */
void hello_key_done(struct hello_key *key);
bool hello_key_equal(const struct hello_key *a, const struct hello_key *b);

enum hello_flags {
	HELLO_LEAVING = 1,   /* the sender is about to stop: its VIPs need a successor */
	HELLO_LISTENING = 2, /* the sender has just started, and claims no VIP yet */
	HELLO_STARTED = 4,   /* the sender's cold start (election.h) is over */
	HELLO_UNCHANGED = 8, /* no change since the last hello, so a receiver may read it late */
	/* the sender dropped VIPs that peers hold; these peers must announce the VIPs again */
	HELLO_YIELDED = 16,
};
#define HELLO_FLAGS_AT 15 /* offset of flags in the frame, for the kernel's socket filter */

/* How a hello lists a hello that its sender has received. */
enum hello_heard_as {
	HEARD,          /* the peer's hellos arrive as multicast frames */
	HEARD_BY_UDP,   /* only UDP brings the peer's hellos */
	HEARD_UNPROVEN, /* the peer must list a hello of the sender, as a proof: see hello_proof.c */
	HEARD_KINDS
};

/* Link nonce and sequence number of the latest hello that the sender has received from a peer. */
struct hello_heard {
	uint32_t link_nonce, seq;
	enum hello_heard_as as;
};

/* A VIP that the sender holds. */
struct held_vip {
	struct ip ip;
	uint32_t term; /* grows with each claim of the VIP */
};

struct hello {
	/* MAC of the sender's link; a bridge can change the Ethernet header, but not this copy */
	struct mac src;
	uint8_t flags;           /* of enum hello_flags */
	uint32_t start_s;        /* wall-clock time when the sender's daemon started */
	uint32_t nonce;          /* random number of the daemon's start */
	/* random number of the sender's link; new when the link comes up, or is made again */
	uint32_t link_nonce;
	uint32_t seq;            /* sequence number; grows with each hello with this link nonce */
	uint16_t interval_ms;    /* time between two hellos of the sender */
	uint16_t dead_ms;        /* silence after which peers take the sender for dead */
	uint16_t n_stable_peers; /* number of the sender's stable peers */
	char node[HELLO_NODE_MAX];
	size_t n_heard, n_polls, n_held;
	/* some of the peers; the next hello lists other peers */
	struct hello_heard heard[HELLO_HEARD_MAX];
	uint32_t polls[HELLO_POLLS_MAX]; /* link nonces of peers that must answer at once */
	/*
	 * A page of the VIPs that the sender holds on this link, ascending.  The page lists all
	 * addresses from @from to @to that the sender holds.
	 */
	bool paged;
	struct ip from, to;
	struct held_vip held[HELLO_HELD_MAX];
};

#define IP_FIRST ((struct ip){ IPV4, { 0 } })
#define IP_LAST                                                                                   \
	((struct ip){ IPV6, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,   \
			      0xff, 0xff, 0xff, 0xff, 0xff } })

/* hello_link_nonce - derive the nonce of the @n-th link object of a daemon from the daemon's nonce. */
uint32_t hello_link_nonce(uint32_t nonce, uint32_t n);

/* hello_room - bytes that the frame of @hello has left for held VIPs. */
size_t hello_room(const struct hello *hello);
/* hello_held_len - bytes that the held VIP @ip needs in a frame. */
size_t hello_held_len(const struct ip *ip);

/* hello_build - write the signed frame of @hello, which must fit; returns the frame's length. */
size_t hello_build(const struct hello *hello, const struct hello_key *key,
    uint8_t frame[HELLO_FRAME_MAX]);

/* hello_is_unchanged - true if the frame has HELLO_UNCHANGED; checks no signature. */
bool hello_is_unchanged(const uint8_t *frame, size_t len);

/*
 * hello_parse - decode a received frame, and verify its signature.
 * hello_parse_udp - the same for the payload of a UDP datagram, which has no Ethernet header.
 *
 * -EBADMSG: the frame is no hello, or malformed; -EPROTONOSUPPORT: it has another version; -ENOKEY:
 * it is signed with another key, perhaps by another cluster; -EACCES: its signature is wrong.
 */
int hello_parse(const uint8_t *frame, size_t len, const struct hello_key *key,
    struct hello *ret_hello) __attribute__((warn_unused_result));
int hello_parse_udp(const uint8_t *payload, size_t len, const struct hello_key *key,
    struct hello *ret_hello) __attribute__((warn_unused_result));

#endif
