/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_LINK_VIPS_H
#define CORE_ELIGIBILITY_LINK_VIPS_H

#include "arplet/ann_status.h"
#include "core/state/svc.h"
#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/* The VIPs for which the nodes elect a holder, on each link of this node. */

struct plan;

/* A VIP on a link of this node, shared by the Services with this address. */
struct link_vip {
	RB_ENTRY(link_vip) link;
	struct ip ip;
	enum ann_conflict conflict;
	struct mac other;   /* the conflicting host */
	bool wants_holder;  /* ACT_VIP_ELECT was sent for the VIP */
	bool touched;       /* the VIP is in link_vips.changed */
	int ifindex;
	unsigned int users; /* number of Services with this address; 0: the VIP must be withdrawn */
	const char *holder; /* the holder, by world_name(); NULL: no holder is known */
	TAILQ_ENTRY(link_vip) changed;
};

RB_HEAD(link_vip_tree, link_vip);
TAILQ_HEAD(link_vip_list, link_vip);

/* The link VIPs of a world. */
struct link_vips {
	struct link_vip_tree tree;
	struct link_vip_list changed;
};

struct link_vips *link_vips_new(void);
void link_vips_free(struct world *world);
/* link_vips_apply - decide which nodes are eligible for @svc, and which link VIPs @svc has. */
void link_vips_apply(struct world *world, struct svc *svc, struct arena *mem);
/* link_vips_forget - remove the deleted Service @svc from its link VIPs. */
void link_vips_forget(struct world *world, struct svc *svc);
/*
 * link_vips_plan - add an action for each VIP that has changed since the last call, withdrawals
 * first.  If @withdraw is false, VIPs without a Service stay until the next call, because another
 * Service that is not decided yet may have the VIP.
 */
void link_vips_plan(struct world *world, bool withdraw, struct plan *plan);
/* link_vip_find - the VIP @ip on a link, or NULL. */
struct link_vip *link_vip_find(const struct world *world, const struct ip *ip, int ifindex);
/* link_vips_set_holder - see world_set_holder(). */
void link_vips_set_holder(struct world *world, int ifindex, const struct ip *ip, const char *node);

#endif
