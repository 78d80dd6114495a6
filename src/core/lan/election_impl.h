/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELECTION_IMPL_H
#define ELECTION_IMPL_H

/* The inside of the election; for election.c, segment.c, peer.c, seat.c and herald.c alone. */

#include "arplet/election.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#define NEVER_MS      (INT64_MIN / 2)
#define STRANGERS_MAX 4 /* between two hellos of ours */
#define RETIRED_MAX   8 /* nobody starts so often while a hello is young enough to be believed */

/* An address on a segment: who holds it, and what this node does about it. */
struct seat {
	RB_ENTRY(seat) by_ip, by_time;
	TAILQ_ENTRY(seat) in_vacant, in_fresh;
	struct segment *segment;
	struct ip ip, key;
	bool wanted; /* the address is announced here, by whoever holds it */
	bool held;   /* by this node */
	bool vacant; /* we could hold it, and nobody holds it who may */
	bool fresh;  /* held or term has changed since a hello last told */
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
	const char *told;      /* the holder as last reported; NULL: none */
	SLIST_HEAD(, tenure) tenures;
};
RB_HEAD(seats, seat);
RB_HEAD(seat_calendar, seat);

/* A fellow holds an address, as its hellos say. */
struct tenure {
	RB_ENTRY(tenure) by_ip; /* of its peer's */
	SLIST_ENTRY(tenure) of_seat;
	struct seat *seat;
	struct peer *peer;
	uint32_t term;
	int64_t claimed_ms; /* when we heard of that */
};
RB_HEAD(tenures, tenure);

/* A fellow daemon as heard on one segment. */
struct peer {
	RB_ENTRY(peer) by_node;
	struct segment *segment;
	char *node;
	struct mac mac;
	uint32_t start_s, nonce, seq;
	uint32_t known_seq; /* the last hello of ours when we came to know of this start */
	uint32_t retired[RETIRED_MAX]; /* the nonces of the starts before this one */
	unsigned int n_retired;
	uint8_t flags;
	uint16_t settled;
	int64_t interval_ms, dead_ms; /* its own, within bounds */
	bool alive;
	int64_t lone_ms; /* when it last said that it hears nobody at all */
	bool cut_off;    /* it hears nobody, and we have company: who asks it is not heard, either */
	int64_t heard_ms;
	int64_t alive_ms; /* since when it has been heard without a gap */
	int64_t hears_ms; /* when it was last found to hear us */
	int64_t greeted_ms; /* when it was last told all that we hold, because it was there again */
	int64_t asked_ms; /* when it was last asked for a sign of life, by anybody */
	struct tenures tenures;
	size_t n_tenures;
};
RB_HEAD(peers, peer);

/* A link and who is on its LAN. */
struct segment {
	RB_ENTRY(segment) by_index;
	struct election *e;
	int ifindex;
	struct mac mac;
	bool open, up;
	bool listening;    /* until listen_ms: we claim nothing */
	bool warm;         /* it has been at work for a while; else it waits until cold_ms */
	int64_t listen_ms, cold_ms;
	int64_t turns_ms;  /* when the later of both ended: since then who claims waits its turn */
	struct seats seats;
	struct seat_calendar calendar;
	TAILQ_HEAD(, seat) vacancies, news; /* vacant, fresh */
	struct peers peers;
	size_t n_alive, n_held;
	uint16_t settled;

	uint32_t seq;
	int64_t sent_ms;  /* the last hello */
	int64_t hello_ms; /* when the next is due */
	uint8_t said_flags;    /* in the last one */
	int yields;            /* in so many hellos is still to be said that we yielded */
	uint16_t said_settled;
	unsigned int rounds; /* until all that is held was said so often, no page waits its turn */
	struct ip cursor; /* where the next page begins */
	const char *ear;  /* the fellow that was last told that it is heard; NULL: begin anew */
	unsigned int farewells; /* hellos since we have nothing any more */
	struct hello_ear strangers[STRANGERS_MAX]; /* have to hear that they are, to prove themselves */
	size_t n_strangers;
};
RB_HEAD(segments, segment);

struct election {
	const struct election_ops *ops;
	void *arg;
	struct election_opts opts;
	char *node;
	struct hello_key key, other; /* the one in use; another that is believed */
	bool has_key, has_other;
	int64_t switch_ms, forget_ms; /* when the other becomes the one in use; when it is forgotten */
	bool leaving;
	int64_t awake_ms; /* when we last were seen to run */
	struct segments segments;
	struct election_stats stats;
};

int peer_cmp(const struct peer *a, const struct peer *b);
RB_PROTOTYPE(peers, peer, by_node, peer_cmp)
int seat_cmp(const struct seat *a, const struct seat *b);
RB_PROTOTYPE(seats, seat, by_ip, seat_cmp)
int seat_cmp_time(const struct seat *a, const struct seat *b);
RB_PROTOTYPE(seat_calendar, seat, by_time, seat_cmp_time)
int tenure_cmp(const struct tenure *a, const struct tenure *b);
RB_PROTOTYPE(tenures, tenure, by_ip, tenure_cmp)
int segment_cmp(const struct segment *a, const struct segment *b);
RB_PROTOTYPE(segments, segment, by_index, segment_cmp)

#define ANSWER_GAP_MS 10 /* between two hellos that were asked for */

/* segment.c: what is kept, and for how long */
struct segment *segment_find(const struct election *e, int ifindex);
struct segment *segment_of(struct election *e, int ifindex); /* makes it */
void segment_free_if_idle(struct segment *seg);
void segment_free(struct segment *seg);
/* segment_speaks - may hellos be sent? */
bool segment_speaks(const struct segment *seg);
struct seat *seat_find(const struct segment *seg, const struct ip *ip);
struct seat *seat_from(const struct segment *seg, const struct ip *ip); /* it, or the next */
struct seat *seat_of(struct segment *seg, const struct ip *ip); /* makes it */
void seat_free_if_idle(struct seat *seat);
void seat_wait_until(struct seat *seat, int64_t due_ms); /* INT64_MAX: for nothing */
void seat_touch(struct seat *seat, int64_t now_ms); /* it is to be looked at again, soon */
void seats_touch(struct segment *seg, int64_t now_ms); /* all of them */
void seat_set_vacant(struct seat *seat, bool vacant, int64_t now_ms);
void seat_set_fresh(struct seat *seat, bool fresh);
struct peer *peer_find(const struct segment *seg, const char *node);
struct peer *peer_of(struct segment *seg, const char *node); /* makes it */
void peer_free(struct peer *peer);
/* peer_is_suspect - it should have been heard by now. */
bool peer_is_suspect(const struct peer *peer, int64_t now_ms);
/* peer_ask_ms - when it is to be asked for a sign of life, should it not be heard before. */
int64_t peer_ask_ms(const struct peer *peer);
void tenure_set(struct peer *peer, const struct ip *ip, uint32_t term, int64_t now_ms);
void tenure_end(struct tenure *tenure, enum hold_cause cause, int64_t now_ms);

/* peer.c: who is alive */
/* peer_heard - take in what a fellow says; false: it is a recording, or our own voice. */
bool peer_heard(struct segment *seg, const struct hello *hello, int64_t heard_ms, int64_t now_ms,
    int64_t wall_s);
/* peer_end_tenures - it holds nothing any more. */
void peer_end_tenures(struct peer *peer, enum hold_cause cause, int64_t now_ms);
/* peers_settle - count those that have been there for a while, and find those that are cut off. */
void peers_settle(struct segment *seg, int64_t now_ms);
void peers_tick(struct segment *seg, int64_t now_ms);
int64_t peers_next_ms(const struct segment *seg);
/* peer_is_deaf - it has been heard for a while, and did not hear us in that time. */
bool peer_is_deaf(const struct peer *peer, int64_t now_ms);

/* seat.c: who holds what */
void seat_drop(struct seat *seat, enum hold_cause cause, int64_t now_ms);
/* seat_tell - report the holder, if it is another one. */
void seat_tell(struct seat *seat, int64_t gap_ms);
void seat_review(struct seat *seat, int64_t now_ms);
void seats_tick(struct segment *seg, int64_t now_ms);

/* herald.c: what we say of ourselves */
int64_t segment_interval_ms(const struct segment *seg);
int64_t segment_dead_ms(const struct segment *seg);
void herald_soon(struct segment *seg, int64_t at_ms); /* the next hello is due then, or earlier */
void herald_all(struct segment *seg, int64_t at_ms); /* ... with all that is held */
bool herald_is_due(const struct segment *seg, int64_t now_ms); /* or news are */
void herald_tick(struct segment *seg, int64_t now_ms, int64_t wall_s);
int64_t herald_next_ms(const struct segment *seg);

#endif
