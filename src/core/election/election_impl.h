/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELECTION_IMPL_H
#define ELECTION_IMPL_H

/* The inside of the election; for election.c, segment.c, peer.c, seat.c and herald.c alone. */

#include "arplet/election.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#define NEVER_MS      (INT64_MIN / 2)
#define UNPROVEN_MAX 4 /* between two hellos of ours */
#define RETIRED_MAX   8 /* nobody starts so often while a hello is young enough to be believed */

/* An address on a segment: who holds it, and what this node does about it. */
struct election_vip {
	RB_ENTRY(election_vip) by_ip, by_time;
	TAILQ_ENTRY(election_vip) in_vacant, in_unsent;
	struct election_link *election_link;
	struct ip ip, key;
	bool wanted; /* the address is announced here, by whoever holds it */
	bool held;   /* by this node */
	bool vacant; /* we could hold it, and nobody holds it who may */
	bool unsent;  /* held or term has changed since a hello last told */
	bool waits;  /* in the segment's calendar, for due_ms */
	uint32_t term;         /* of the latest claim that was heard of, or made */
	uint32_t own_term;     /* of our own claim, while we hold it: others may have come later */
	int64_t due_ms;
	int64_t vacant_ms;     /* since when it is vacant */
	int64_t lost_ms;       /* when a holder that is gone was last heard; NEVER_MS */
	int64_t unfit_ms;      /* since when we hold it and may not; INT64_MAX: we may */
	int64_t claimed_ms;    /* when we last claimed it from a holder that was alive */
	int64_t backoff_ms;    /* how long we leave it alone after we lost such a claim */
	int64_t not_before_ms; /* until then */
	enum hold_cause cause; /* of the next change */
	const char *reported_holder;      /* the holder as last reported; NULL: none */
	SLIST_HEAD(, peer_claim) peer_claims;
};
RB_HEAD(election_vips, election_vip);
RB_HEAD(vip_schedule, election_vip);

/* A fellow holds an address, as its hellos say. */
struct peer_claim {
	RB_ENTRY(peer_claim) by_ip; /* of its peer's */
	SLIST_ENTRY(peer_claim) of_vip;
	struct election_vip *election_vip;
	struct peer *peer;
	uint32_t term;
	int64_t claimed_ms; /* when we heard of that */
};
RB_HEAD(peer_claims, peer_claim);

/* A fellow daemon as heard on one segment. */
struct peer {
	RB_ENTRY(peer) by_node;
	struct election_link *election_link;
	char *node;
	struct mac mac;
	uint32_t start_s, nonce, seq;
	uint32_t known_seq; /* the last hello of ours when we came to know of this start */
	uint32_t retired[RETIRED_MAX]; /* the nonces of the starts before this one */
	unsigned int n_retired;
	uint8_t flags;
	uint16_t n_stable_peers;
	int64_t interval_ms, dead_ms; /* its own, within bounds */
	bool alive;
	int64_t alone_ms; /* when it last said that it hears nobody at all */
	bool isolated;    /* it hears nobody, and we have company: who asks it is not heard, either */
	int64_t heard_ms;
	int64_t alive_since_ms; /* since when it has been heard without a gap */
	int64_t hears_us_ms; /* when it was last found to hear us */
	int64_t full_sent_ms; /* when it was last told all that we hold, because it was there again */
	int64_t polled_ms; /* when it was last asked for a sign of life, by anybody */
	struct peer_claims peer_claims;
	size_t n_claims;
};
RB_HEAD(peers, peer);

/* A link and who is on its LAN. */
struct election_link {
	RB_ENTRY(election_link) by_index;
	struct election *e;
	int ifindex;
	struct mac mac;
	bool open, up;
	bool listening;    /* until listen_ms: we claim nothing */
	bool started;         /* it has been at work for a while; else it waits until cold_until_ms */
	int64_t listen_ms, cold_until_ms;
	int64_t turns_from_ms;  /* when the later of both ended: since then who claims waits its turn */
	struct election_vips election_vips;
	struct vip_schedule schedule;
	TAILQ_HEAD(, election_vip) vacant_vips, unsent_vips; /* vacant, fresh */
	struct peers peers;
	size_t n_alive, n_held;
	uint16_t n_stable_peers;

	uint32_t seq;
	int64_t sent_ms;  /* the last hello */
	int64_t hello_ms; /* when the next is due */
	uint8_t last_sent_flags;    /* in the last one */
	int yield_hellos;            /* in so many hellos is still to be said that we yielded */
	uint16_t last_sent_stable_peers;
	unsigned int full_rounds; /* until all that is held was said so often, no page waits its turn */
	struct ip next_page; /* where the next page begins */
	const char *last_listed;  /* the fellow that was last told that it is heard; NULL: begin anew */
	unsigned int goodbyes; /* hellos since we have nothing any more */
	struct hello_heard unproven[UNPROVEN_MAX]; /* have to hear that they are, to prove themselves */
	size_t n_unproven;
};
RB_HEAD(election_links, election_link);

struct election {
	const struct election_ops *ops;
	void *arg;
	struct election_opts opts;
	char *node;
	struct hello_key key, other; /* the one in use; another that is believed */
	bool has_key, has_other;
	int64_t switch_ms, forget_ms; /* when the other becomes the one in use; when it is forgotten */
	bool leaving;
	int64_t last_run_ms; /* when we last were seen to run */
	struct election_links election_links;
	struct election_stats stats;
};

int peer_cmp(const struct peer *a, const struct peer *b);
RB_PROTOTYPE(peers, peer, by_node, peer_cmp)
int election_vip_cmp(const struct election_vip *a, const struct election_vip *b);
RB_PROTOTYPE(election_vips, election_vip, by_ip, election_vip_cmp)
int election_vip_cmp_time(const struct election_vip *a, const struct election_vip *b);
RB_PROTOTYPE(vip_schedule, election_vip, by_time, election_vip_cmp_time)
int peer_claim_cmp(const struct peer_claim *a, const struct peer_claim *b);
RB_PROTOTYPE(peer_claims, peer_claim, by_ip, peer_claim_cmp)
int election_link_cmp(const struct election_link *a, const struct election_link *b);
RB_PROTOTYPE(election_links, election_link, by_index, election_link_cmp)

#define ANSWER_GAP_MS 10 /* between two hellos that were asked for */

/* segment.c: what is kept, and for how long */
struct election_link *election_link_find(const struct election *e, int ifindex);
struct election_link *election_link_get(struct election *e, int ifindex); /* makes it */
void election_link_free_if_unused(struct election_link *link);
void election_link_free(struct election_link *link);
/* election_link_ready - may hellos be sent? */
bool election_link_ready(const struct election_link *link);
struct election_vip *election_vip_find(const struct election_link *link, const struct ip *ip);
struct election_vip *election_vip_from(const struct election_link *link, const struct ip *ip); /* it, or the next */
struct election_vip *election_vip_get(struct election_link *link, const struct ip *ip); /* makes it */
void election_vip_free_if_unused(struct election_vip *election_vip);
void election_vip_schedule(struct election_vip *election_vip, int64_t due_ms); /* INT64_MAX: for nothing */
void election_vip_recheck(struct election_vip *election_vip, int64_t now_ms); /* it is to be looked at again, soon */
void election_vips_recheck(struct election_link *link, int64_t now_ms); /* all of them */
void election_vip_set_vacant(struct election_vip *election_vip, bool vacant, int64_t now_ms);
void election_vip_set_unsent(struct election_vip *election_vip, bool unsent);
struct peer *peer_find(const struct election_link *link, const char *node);
struct peer *peer_get(struct election_link *link, const char *node); /* makes it */
void peer_free(struct peer *peer);
/* peer_is_late - it should have been heard by now. */
bool peer_is_late(const struct peer *peer, int64_t now_ms);
/* peer_poll_ms - when it is to be asked for a sign of life, should it not be heard before. */
int64_t peer_poll_ms(const struct peer *peer);
void peer_claim_set(struct peer *peer, const struct ip *ip, uint32_t term, int64_t now_ms);
void peer_claim_end(struct peer_claim *peer_claim, enum hold_cause cause, int64_t now_ms);

/* peer.c: who is alive */
/* peer_on_hello - take in what a fellow says; false: it is a recording, or our own voice. */
bool peer_on_hello(struct election_link *link, const struct hello *hello, int64_t heard_ms, int64_t now_ms,
    int64_t wall_s);
/* peer_end_claims - it holds nothing any more. */
void peer_end_claims(struct peer *peer, enum hold_cause cause, int64_t now_ms);
/* peers_update_stable - count those that have been there for a while, and find those that are cut off. */
void peers_update_stable(struct election_link *link, int64_t now_ms);
void peers_tick(struct election_link *link, int64_t now_ms);
int64_t peers_next_ms(const struct election_link *link);
/* peer_is_one_way - it has been heard for a while, and did not hear us in that time. */
bool peer_is_one_way(const struct peer *peer, int64_t now_ms);

/* seat.c: who holds what */
void election_vip_drop(struct election_vip *election_vip, enum hold_cause cause, int64_t now_ms);
/* election_vip_report - report the holder, if it is another one. */
void election_vip_report(struct election_vip *election_vip, int64_t gap_ms);
void election_vip_decide(struct election_vip *election_vip, int64_t now_ms);
void election_vips_tick(struct election_link *link, int64_t now_ms);

/* herald.c: what we say of ourselves */
int64_t election_link_interval_ms(const struct election_link *link);
int64_t election_link_dead_ms(const struct election_link *link);
void hello_tx_by(struct election_link *link, int64_t at_ms); /* the next hello is due then, or earlier */
void hello_tx_all(struct election_link *link, int64_t at_ms); /* ... with all that is held */
bool hello_tx_is_due(const struct election_link *link, int64_t now_ms); /* or news are */
void hello_tx_tick(struct election_link *link, int64_t now_ms, int64_t wall_s);
int64_t hello_tx_next_ms(const struct election_link *link);

#endif
