/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HELLO_H
#define ARPLET_HELLO_H

#include "arplet/ip.h"
#include "arplet/mac.h"

/*
 * A hello: a multicast Ethernet frame that each node sends a few times a second, with the VIPs that
 * it holds.  Hellos take the way of gratuitous ARP, so that both arrive or neither.
 *
 *	Ethernet header: to HELLO_GROUP, EtherType HELLO_ETHERTYPE
 *	u8 version, u8 flags, u16 length of all after the Ethernet header, without padding
 *	u32 key id, u32 start, u32 nonce, u32 sequence number, u64 wall clock in seconds
 *	6 bytes MAC of the sender's link
 *	u16 interval in ms, u16 dead time in ms, u16 number of stable peers
 *	u8 length of the node name, the node name
 *	fields: u8 type, u16 length, value; a receiver skips unknown types
 *	     1  heard: u32 nonce, u32 sequence number; for some of the peers
 *	     2  polls: u32 nonce of each peer that must answer at once
 *	     3  page of held VIPs: first and last address of the page; address and u32 term of each
 *	        VIP; an address is u8 family (4, 6) and 4 or 16 bytes
 *	HMAC-SHA256 (RFC 2104) of all from the version on, cut to HELLO_MAC_LEN bytes
 *
 * A later release may add fields.  The version changes only when a field above changes its meaning.
 */
#define HELLO_ETHERTYPE 0x88b5 /* IEEE 802, local experimental */
#define HELLO_GROUP     ((struct mac){ { 0x03, 0x61, 0x72, 0x70, 0x6c, 0x74 } })
#define HELLO_FRAME_MAX 1294   /* 1280, which each link for IPv6 carries, and the Ethernet header */
#define HELLO_NODE_MAX  254    /* a Kubernetes node name, with the final NUL */
#define HELLO_HEARD_MAX 32
#define HELLO_POLLS_MAX 16
#define HELLO_HELD_MAX  144    /* more than fit a frame */
#define HELLO_MAC_LEN   16
#define HELLO_KEY_MIN   16     /* bytes of the shortest secret that is accepted */

struct evp_mac_ctx_st;

/* The key that the daemons of one cluster share. */
struct hello_key {
	uint8_t bytes[32];
	uint32_t id; /* in each hello: names the key, and reveals nothing of it */
	struct evp_mac_ctx_st *hmac; /* OpenSSL's context with this key */
};

/* hello_key_init - make a key from a secret of any length; free it with hello_key_done(). */
void hello_key_init(struct hello_key *key, const void *secret, size_t len);
/* hello_key_copy - make a second key of the same secret, with a context of its own. */
void hello_key_copy(struct hello_key *key, const struct hello_key *from);
/* hello_key_done - free the context, and wipe the key. */
void hello_key_done(struct hello_key *key);
bool hello_key_equal(const struct hello_key *a, const struct hello_key *b);

enum hello_flags {
	HELLO_LEAVING = 1,   /* the daemon is about to stop: its VIPs need a successor */
	HELLO_LISTENING = 2, /* the daemon has just started, and claims nothing yet */
	HELLO_STARTED = 4,   /* the LAN has had daemons for longer than cold_ms: see election.h */
	HELLO_UNCHANGED = 8, /* no change since the last hello: a receiver may read it later */
	HELLO_YIELDED = 16,  /* the sender dropped VIPs that others hold: re-announce them */
};
#define HELLO_FLAGS_AT 15 /* offset in the frame, for the kernel's socket filter */

/*
 * A peer that the sender receives hellos from: the nonce of its start, its latest sequence number.
 */
struct hello_heard {
	uint32_t nonce, seq;
};

/* A VIP that the sender holds. */
struct held_vip {
	struct ip ip;
	uint32_t term; /* grows with each claim of the VIP */
};

struct hello {
	struct mac src;          /* of the sender's link; a bridge cannot change this copy */
	uint8_t flags;           /* of enum hello_flags */
	uint32_t start_s;        /* the sender's wall clock when its daemon started */
	uint32_t nonce;          /* random, of that start */
	uint32_t seq;            /* grows with each hello on this link */
	int64_t wall_s;          /* the sender's wall clock */
	uint16_t interval_ms;    /* time between two hellos of the sender */
	uint16_t dead_ms;        /* silence after which the sender is dead */
	uint16_t n_stable_peers; /* peers that the sender has had for a while, both ways */
	char node[HELLO_NODE_MAX];
	size_t n_heard, n_polls, n_held;
	struct hello_heard heard[HELLO_HEARD_MAX]; /* some of the peers, by turns */
	uint32_t polls[HELLO_POLLS_MAX];           /* nonces of peers that must answer at once */
	/*
	 * A page of the VIPs that the sender holds on this link, ascending.  The sender does not
	 * hold an address from @from to @to that is not listed.
	 */
	bool paged;
	struct ip from, to;
	struct held_vip held[HELLO_HELD_MAX];
};

#define IP_FIRST ((struct ip){ IPV4, { 0 } })
#define IP_LAST                                                                                   \
	((struct ip){ IPV6, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,   \
			      0xff, 0xff, 0xff, 0xff, 0xff } })

/* hello_room - bytes that a frame has left for held VIPs, beside the rest of @hello. */
size_t hello_room(const struct hello *hello);
/* hello_held_len - bytes that a held VIP needs. */
size_t hello_held_len(const struct ip *ip);

/*
 * hello_build - write the signed frame; returns its length.  The caller makes sure that all fits.
 */
size_t hello_build(const struct hello *hello, const struct hello_key *key,
    uint8_t frame[HELLO_FRAME_MAX]);

/* hello_is_unchanged - true if the frame looks like a hello with HELLO_UNCHANGED; unverified. */
bool hello_is_unchanged(const uint8_t *frame, size_t len);

/*
 * hello_parse - decode and verify a frame.
 *
 * -EBADMSG: not a hello, or malformed; -EPROTONOSUPPORT: another version; -ENOKEY: signed with
 * another key, as by another cluster; -EACCES: the signature is wrong.
 */
int hello_parse(const uint8_t *frame, size_t len, const struct hello_key *key,
    struct hello *ret_hello) __attribute__((warn_unused_result));

#endif
