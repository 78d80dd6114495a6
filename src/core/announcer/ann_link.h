/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ANNOUNCER_ANN_LINK_H
#define CORE_ANNOUNCER_ANN_LINK_H

/* The links and addresses of an announcer, and when it announces each address next. */

#include "arplet/ann_status.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/*
 * An address on a link.  Until the first announcement of a claim is sent, the address is in the
 * link's new_claims.  After that, the address is in the link's schedule.  New claims are announced
 * before scheduled addresses.
 */
struct ann_vip {
	RB_ENTRY(ann_vip) by_ip;
	union { /* a union saves 16 of 200 bytes: no address is in both schedule and new_claims */
		RB_ENTRY(ann_vip) by_time;
		TAILQ_ENTRY(ann_vip) in_new_claims;
	};
	enum { NOT_SCHEDULED, IN_NEW_CLAIMS, IN_SCHEDULE } where;
	unsigned int rounds;   /* announcements sent in this claim, or probes sent in ANN_PROBING */
	int64_t due_ms;        /* when the next announcement or probe is due */
	int64_t probed_ms;     /* when the last probe was sent; 0: never */
	int64_t reannounce_ms; /* due time of act_reannounce()'s latest announcement */
	struct conflict {
		enum ann_conflict kind : 8; /* current conflict, even if it is not reported */
		bool report_next;           /* true: report the conflict with the next probe */
		struct mac mac;             /* source of the last conflicting frame */
		int64_t received_ms;        /* when the last conflicting frame was received */
		int64_t defended_ms;        /* when we last defended, or a peer first answered */
	} conflict;
	struct ann_status status;
};

RB_HEAD(ann_vip_tree, ann_vip);
RB_HEAD(ann_schedule, ann_vip);
TAILQ_HEAD(ann_vip_list, ann_vip);

/* A link of this node, or a missing link on which VIPs will be announced once it exists. */
struct ann_link {
	RB_ENTRY(ann_link) by_index, by_mac;
	int ifindex;
	bool present; /* the link exists, so it has a MAC and is in the tree by_mac */
	bool up;
	bool no_socket[2];    /* true: no socket is open, [0] for IPv4, [1] for IPv6 */
	struct mac mac;
	struct ip link_local; /* family 0: none */
	struct ann_vip_tree vips;
	struct ann_schedule schedule;
	struct ann_vip_list new_claims;
	int64_t pace_from_ms; /* start of the current pace_ms */
	/*
	 * Announcements left in the current pace_ms.  New claims have their own limit, claims_left,
	 * so that refreshes do not delay them.  They may make pace_left negative; the next pace_ms
	 * then begins with fewer announcements.
	 */
	int pace_left, claims_left;
};

RB_HEAD(ann_link_tree, ann_link);
RB_HEAD(mac_tree, ann_link);

struct ann_links {
	struct ann_link_tree by_index;
	struct mac_tree by_mac;
	struct mac *peers; /* MACs of other nodes that run arplet */
	size_t n_peers;
};

int ann_vip_cmp_ip(const struct ann_vip *a, const struct ann_vip *b);
int ann_link_cmp_index(const struct ann_link *a, const struct ann_link *b);
RB_PROTOTYPE(ann_vip_tree, ann_vip, by_ip, ann_vip_cmp_ip)
RB_PROTOTYPE(ann_link_tree, ann_link, by_index, ann_link_cmp_index)

/* ann_link_find - find a link, or return NULL.  ann_link_get - find a link, or make one. */
struct ann_link *ann_link_find(const struct ann_links *links, int ifindex);
struct ann_link *ann_link_get(struct ann_links *links, int ifindex);

/* ann_link_appear - record that the link exists and has @mac; true if one of the two is new. */
bool ann_link_appear(struct ann_links *links, struct ann_link *link, const struct mac *mac);
void ann_link_vanish(struct ann_links *links, struct ann_link *link);

/* ann_link_free_if_unused - free a link that does not exist and has no addresses. */
void ann_link_free_if_unused(struct ann_links *links, struct ann_link *link);

/* ann_links_have_mac - true if a link of this node has @mac. */
bool ann_links_have_mac(const struct ann_links *links, const struct mac *mac);

/* ann_links_have_peer, ann_links_set_peer - get or set whether @mac belongs to a peer. */
bool ann_links_have_peer(const struct ann_links *links, const struct mac *mac);
void ann_links_set_peer(struct ann_links *links, const struct mac *mac, bool is_peer);
void ann_links_done(struct ann_links *links);

struct ann_vip *ann_vip_find(const struct ann_link *link, const struct ip *ip);
struct ann_vip *ann_vip_new(struct ann_link *link, const struct ip *ip);
void ann_vip_free(struct ann_link *link, struct ann_vip *vip);

/*
 * ann_vip_schedule_claim - append the address to the list of new claims.
 * ann_vip_schedule - set the due time of the next announcement or probe to @due_ms.
 */
void ann_vip_schedule_claim(struct ann_link *link, struct ann_vip *vip, int64_t now_ms);
void ann_vip_schedule(struct ann_link *link, struct ann_vip *vip, int64_t due_ms);
void ann_vip_unschedule(struct ann_link *link, struct ann_vip *vip);

/*
 * ann_link_first_due - the address that must be announced or probed first; NULL: none.
 * @ret_left: how many more announcements of its kind (claims_left, pace_left) the link may send.
 */
struct ann_vip *ann_link_first_due(const struct ann_link *link, int *ret_left);

#endif
