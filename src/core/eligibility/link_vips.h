/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_LINK_VIPS_H
#define CORE_ELIGIBILITY_LINK_VIPS_H

#include "arplet/announcer.h"
#include "core/state/svc.h"
#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/* The VIPs that want a holder on the links of this node. */

struct plan;

/* An address that this node answers for on an interface, as asked of the announcer. */
struct link_vip {
	RB_ENTRY(link_vip) link;
	struct ip ip;
	struct mac other; /* that causes the trouble */
	bool wants_holder : 1;  /* the election has been asked for a holder */
	bool touched : 1;
	enum ann_conflict conflict : 4; /* with it */
	int ifindex;
	unsigned int users; /* Services on it */
	const char *holder; /* that it has, as far as is known, by world_name(); NULL: nobody */
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
void link_vips_apply(struct world *world, struct svc *svc, struct arena *mem);
void link_vips_forget(struct world *world, struct svc *svc);
void link_vips_free(struct world *world);
/* link_vips_settle - one action for each address that this pass touched, withdrawals first. */
void link_vips_settle(struct world *world, struct plan *plan);
/* link_vip_find - the address on the interface, when this node answers for it; or NULL. */
struct link_vip *link_vip_find(const struct world *world, const struct ip *ip, int ifindex);
/* link_vips_set_holder - see world_set_holder(). */
void link_vips_set_holder(struct world *world, int ifindex, const struct ip *ip, const char *node);

#endif
