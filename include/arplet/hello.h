/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HELLO_H
#define ARPLET_HELLO_H

#include "arplet/ip.h"
#include "arplet/mac.h"

/*
 * What daemons say to each other on a LAN: a multicast Ethernet frame a few times a second, with
 * which addresses its sender holds.  What would stop a gratuitous ARP stops a hello too.
 *
 *	Ethernet   to HELLO_GROUP, EtherType HELLO_ETHERTYPE
 *	u8 version, u8 flags, u16 length of what follows the Ethernet header, without padding
 *	u32 key id, u32 start, u32 nonce, u32 sequence number, u64 wall clock, seconds
 *	the MAC of the sender's link
 *	u16 interval, u16 dead time (ms), u16 settled, u8 length of the name, the name
 *	fields: u8 type, u16 length, value; unknown types are skipped
 *	HMAC-SHA256 of all that, from the version on, cut to HELLO_MAC_LEN bytes
 *
 * A later release adds fields; the version changes only when the meaning of what is here does.
 */
#define HELLO_ETHERTYPE   0x88b5 /* IEEE 802, local experimental */
#define HELLO_GROUP       ((struct mac){ { 0x03, 0x61, 0x72, 0x70, 0x6c, 0x74 } })
#define HELLO_FRAME_MAX   1294 /* 1280 and the Ethernet header: fits any link that IPv6 does */
#define HELLO_NODE_MAX    254  /* a Kubernetes node name, with the final NUL */
#define HELLO_HEARD_MAX    32
#define HELLO_POLLS_MAX    16
#define HELLO_HELD_MAX   144 /* more than fit a frame */
#define HELLO_MAC_LEN     16
#define HELLO_KEY_MIN     16 /* bytes of a secret that is worth the name */

/* The key that the daemons of one cluster share. */
struct hello_key {
	uint8_t bytes[32];
	uint32_t id; /* tells another cluster's hellos from forged ones; says nothing of the key */
};

/* hello_key_init - from a secret of any length. */
void hello_key_init(struct hello_key *key, const void *secret, size_t len);

enum hello_flags {
	HELLO_LEAVING = 1,   /* it is about to stop: its addresses want an heir */
	HELLO_LISTENING = 2, /* it has just started, and claims nothing yet */
	HELLO_STARTED = 4,      /* the LAN has been at work for a while: see election.h */
	HELLO_UNCHANGED = 8,      /* nothing new: it may wait until its hearer wakes up anyway */
	HELLO_YIELDED = 16,  /* it let go of what others hold: whom it told before should hear of them */
};
#define HELLO_FLAGS_AT 15 /* in the frame: the kernel's filter looks there */

/* Another daemon is heard: by the nonce of its start, and its latest sequence number. */
struct hello_heard {
	uint32_t nonce, seq;
};

/* An address is held.  Whoever takes it over says a higher term. */
struct held_vip {
	struct ip ip;
	uint32_t term;
};

struct hello {
	struct mac src; /* of the link that it was sent from, whatever a bridge made of it */
	uint8_t flags;
	uint32_t start_s; /* when the sender started, by its wall clock */
	uint32_t nonce;   /* of that start, random */
	uint32_t seq;     /* grows with every hello on this link */
	int64_t wall_s;   /* the sender's wall clock */
	uint16_t interval_ms; /* how often it says hello */
	uint16_t dead_ms;     /* after so much silence it is gone */
	uint16_t n_stable_peers;     /* how many fellows it has had for a while, both ways */
	char node[HELLO_NODE_MAX];
	size_t n_heard, n_polls, n_held;
	struct hello_heard heard[HELLO_HEARD_MAX]; /* some of those it hears, in turns */
	uint32_t polls[HELLO_POLLS_MAX];         /* nonces of those that are to answer at once */
	/*
	 * A page of what it holds on this link, ascending.  An address between @from and @to that
	 * is not listed is not held.
	 */
	bool paged;
	struct ip from, to;
	struct held_vip held[HELLO_HELD_MAX];
};

#define IP_FIRST ((struct ip){ IPV4, { 0 } })
#define IP_LAST                                                                                   \
	((struct ip){ IPV6, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,   \
			      0xff, 0xff, 0xff, 0xff, 0xff } })

/* hello_room - how many bytes of holds fit a frame beside the rest of @hello. */
size_t hello_room(const struct hello *hello);
/* hello_held_len - how many of them an address takes. */
size_t hello_held_len(const struct ip *ip);

/* hello_build - the signed frame; returns its length.  What does not fit is a caller's mistake. */
size_t hello_build(const struct hello *hello, const struct hello_key *key,
    uint8_t frame[HELLO_FRAME_MAX]);

/* hello_is_unchanged - would it do to read the frame later?  It may be no hello at all. */
bool hello_is_unchanged(const uint8_t *frame, size_t len);

/*
 * hello_parse - decode and verify a frame.  -EBADMSG: not a hello, or damaged; -EPROTONOSUPPORT:
 * of another version; -ENOKEY: of another cluster; -EACCES: its signature is wrong.
 */
int hello_parse(const uint8_t *frame, size_t len, const struct hello_key *key,
    struct hello *ret_hello) __attribute__((warn_unused_result));

#endif
