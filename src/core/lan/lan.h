/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_H
#define LAN_H

/* What the announcer keeps: links, the addresses on them, and whose round is next. */

#include "arplet/announce.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/*
 * An address on a link.  A claim's first round waits in the link's line of newcomers, first come
 * first served; every later round waits in the link's calendar.  Newcomers go before repeats.
 */
struct vip {
	RB_ENTRY(vip) by_ip;
	union {
		RB_ENTRY(vip) by_time;    /* in the calendar */
		TAILQ_ENTRY(vip) in_line; /* or in the line */
	};
	enum { WAIT_NOWHERE, WAIT_LINE, WAIT_CALENDAR } waits;
	unsigned int rounds; /* of this claim, or of these questions, so far */
	int64_t due_ms;
	int64_t asked_ms;    /* when the LAN was last asked who else has it, if it was */
	int64_t again_ms;    /* when a round last was, or is, due because a fellow says that it has it */
	struct quarrel {
		enum ann_trouble about : 8; /* suspected or told; TROUBLE_NONE: there is no quarrel */
		bool grave;             /* to be told when the LAN is next asked about it */
		struct mac mac;         /* whose frame was the last */
		int64_t heard_ms;       /* when that came */
		int64_t defended_ms;    /* when we last told it, or first heard a kernel */
	} quarrel;
	struct announced seen;
};

RB_HEAD(vip_tree, vip);
RB_HEAD(vip_calendar, vip);
TAILQ_HEAD(vip_line, vip);

/* A link that is there, or that addresses wait for. */
struct lan {
	RB_ENTRY(lan) by_index, by_mac;
	int ifindex;
	bool present; /* then it has a MAC, by which it is found too */
	bool up;
	bool deaf[2]; /* no socket for IPv4's frames, for IPv6's */
	struct mac mac;
	struct ip link_local; /* an IPv6 address of its own; family 0: none */
	struct vip_tree vips;
	struct vip_calendar calendar;
	struct vip_line line;
	int64_t pace_from_ms;   /* since then ... */
	unsigned int pace_left; /* ... so many rounds may still go out */
};

RB_HEAD(lan_tree, lan);
RB_HEAD(mac_tree, lan);

struct lans {
	struct lan_tree by_index;
	struct mac_tree by_mac;
	struct mac *fellows; /* other nodes that run arplet */
	size_t n_fellows;
};

int vip_cmp_ip(const struct vip *a, const struct vip *b);
int lan_cmp_index(const struct lan *a, const struct lan *b);
RB_PROTOTYPE(vip_tree, vip, by_ip, vip_cmp_ip)
RB_PROTOTYPE(lan_tree, lan, by_index, lan_cmp_index)

struct lan *lan_find(const struct lans *lans, int ifindex);
struct lan *lan_find_or_new(struct lans *lans, int ifindex);

/* lan_appear - the link is there, with this MAC; true when it was not, or had another one. */
bool lan_appear(struct lans *lans, struct lan *lan, const struct mac *mac);
void lan_vanish(struct lans *lans, struct lan *lan);

/* lan_free_if_idle - forget a link that is not there and that no address waits for. */
void lan_free_if_idle(struct lans *lans, struct lan *lan);

/* lans_have_mac - does a link of ours have it? */
bool lans_have_mac(const struct lans *lans, const struct mac *mac);

/* lans_have_fellow - is it another node's?  lans_set_fellow makes it one, or none. */
bool lans_have_fellow(const struct lans *lans, const struct mac *mac);
void lans_set_fellow(struct lans *lans, const struct mac *mac, bool fellow);
void lans_done(struct lans *lans);

struct vip *vip_find(const struct lan *lan, const struct ip *ip);
struct vip *vip_new(struct lan *lan, const struct ip *ip);
void vip_free(struct lan *lan, struct vip *vip);

void vip_wait_in_line(struct lan *lan, struct vip *vip, int64_t now_ms);
void vip_wait_until(struct lan *lan, struct vip *vip, int64_t due_ms);
void vip_stop_waiting(struct lan *lan, struct vip *vip);

/* lan_first_due - the address whose round comes first, now or later; NULL: none waits. */
struct vip *lan_first_due(const struct lan *lan);

#endif
