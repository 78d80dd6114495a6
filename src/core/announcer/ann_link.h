/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_H
#define LAN_H

/* What the announcer keeps: links, the addresses on them, and whose round is next. */

#include "arplet/announcer.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/*
 * An address on a link.  A claim's first round waits in the link's line of newcomers, first come
 * first served; every later round waits in the link's calendar.  Newcomers go before repeats.
 */
struct ann_vip {
	RB_ENTRY(ann_vip) by_ip;
	union {
		RB_ENTRY(ann_vip) by_time;    /* in the calendar */
		TAILQ_ENTRY(ann_vip) in_queue; /* or in the line */
	};
	enum { NOT_SCHEDULED, IN_QUEUE, IN_SCHEDULE } where;
	unsigned int rounds; /* of this claim, or of these questions, so far */
	int64_t due_ms;
	int64_t probed_ms;    /* when the LAN was last asked who else has it, if it was */
	int64_t reannounce_ms;    /* when a round last was, or is, due because a fellow says that it has it */
	struct conflict {
		enum ann_conflict kind : 8; /* suspected or told; CONFLICT_NONE: there is no quarrel */
		bool report_next;             /* to be told when the LAN is next asked about it */
		struct mac mac;         /* whose frame was the last */
		int64_t heard_ms;       /* when that came */
		int64_t defended_ms;    /* when we last told it, or first heard a kernel */
	} conflict;
	struct ann_status status;
};

RB_HEAD(ann_vip_tree, ann_vip);
RB_HEAD(ann_vip_schedule_tree, ann_vip);
TAILQ_HEAD(ann_vip_queue_head, ann_vip);

/* A link that is there, or that addresses wait for. */
struct ann_link {
	RB_ENTRY(ann_link) by_index, by_mac;
	int ifindex;
	bool present; /* then it has a MAC, by which it is found too */
	bool up;
	bool no_socket[2]; /* no socket for IPv4's frames, for IPv6's */
	struct mac mac;
	struct ip link_local; /* an IPv6 address of its own; family 0: none */
	struct ann_vip_tree vips;
	struct ann_vip_schedule_tree schedule;
	struct ann_vip_queue_head queue;
	int64_t pace_from_ms;   /* since then ... */
	unsigned int pace_left; /* ... so many rounds may still go out */
};

RB_HEAD(ann_link_tree, ann_link);
RB_HEAD(mac_tree, ann_link);

struct ann_links {
	struct ann_link_tree by_index;
	struct mac_tree by_mac;
	struct mac *peers; /* other nodes that run arplet */
	size_t n_peers;
};

int ann_vip_cmp_ip(const struct ann_vip *a, const struct ann_vip *b);
int ann_link_cmp_index(const struct ann_link *a, const struct ann_link *b);
RB_PROTOTYPE(ann_vip_tree, ann_vip, by_ip, ann_vip_cmp_ip)
RB_PROTOTYPE(ann_link_tree, ann_link, by_index, ann_link_cmp_index)

struct ann_link *ann_link_find(const struct ann_links *ann_links, int ifindex);
struct ann_link *ann_link_get(struct ann_links *ann_links, int ifindex);

/* ann_link_appear - the link is there, with this MAC; true when it was not, or had another one. */
bool ann_link_appear(struct ann_links *ann_links, struct ann_link *ann_link, const struct mac *mac);
void ann_link_vanish(struct ann_links *ann_links, struct ann_link *ann_link);

/* ann_link_free_if_unused - forget a link that is not there and that no address waits for. */
void ann_link_free_if_unused(struct ann_links *ann_links, struct ann_link *ann_link);

/* ann_links_have_mac - does a link of ours have it? */
bool ann_links_have_mac(const struct ann_links *ann_links, const struct mac *mac);

/* ann_links_have_peer - is it another node's?  ann_links_set_peer makes it one, or none. */
bool ann_links_have_peer(const struct ann_links *ann_links, const struct mac *mac);
void ann_links_set_peer(struct ann_links *ann_links, const struct mac *mac, bool is_peer);
void ann_links_done(struct ann_links *ann_links);

struct ann_vip *ann_vip_find(const struct ann_link *ann_link, const struct ip *ip);
struct ann_vip *ann_vip_new(struct ann_link *ann_link, const struct ip *ip);
void ann_vip_free(struct ann_link *ann_link, struct ann_vip *ann_vip);

void ann_vip_queue(struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t now_ms);
void ann_vip_schedule(struct ann_link *ann_link, struct ann_vip *ann_vip, int64_t due_ms);
void ann_vip_unschedule(struct ann_link *ann_link, struct ann_vip *ann_vip);

/* ann_link_first_due - the address whose round comes first, now or later; NULL: none waits. */
struct ann_vip *ann_link_first_due(const struct ann_link *ann_link);

#endif
