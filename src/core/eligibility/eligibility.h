/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOLDER_H
#define HOLDER_H

/* Who answers for an address, and what is said of that. */

#include "core/state/world_state.h"

/* holder.c */
struct eligibility {
	const char *why;  /* NULL: some node may announce it; else the cause, for each node */
	bool no_endpoint;        /* ... which is only that no endpoint is ready: Kubernetes' daily life */
	const char *node; /* the first in rank of those that may and are Ready; NULL: none */
	struct strings ifaces; /* that the advertisements name for @self */
};
/* eligibility_decide - @self: the node whose interfaces are asked for; NULL: the one that is found. */
void eligibility_decide(const struct world *world, const struct svc *svc, const struct ips *ips,
    const char *self, struct arena *mem, struct eligibility *ret_holding);

/*
 * eligibility_ifaces - are the addresses of @pool announced from this node, by the advertisements?  In
 * @ret_ifaces the interfaces that these name; none: any.
 */
bool eligibility_ifaces(const struct world *world, const struct pool_entry *pool, struct arena *mem,
    struct strings *ret_ifaces);

/* hold.c: the addresses that want a holder on the links of this node */
void link_vips_apply(struct world *world, struct svc *svc, struct arena *mem);
void link_vips_forget(struct world *world, struct svc *svc);
void link_vips_free(struct world *world);
/* link_vips_settle - one action for each address that this pass touched, withdrawals first. */
void link_vips_settle(struct world *world, struct plan *plan);

/* conditions.c: what the status of a Service says of it besides its addresses */
/*
 * conditions_changes - of which of its conditions the status is to say something else than it does.
 * @writing: the status is written in any case, so that what is well is said as well.
 */
void conditions_changes(const struct world *world, const struct svc *svc, bool writing,
    struct arena *mem, struct condition_change ret_wishes[CONDITIONS]);
/* conditions_apply - an action for what is to be written of them alone, once. */
void conditions_apply(const struct world *world, struct svc *svc, struct plan *plan);
/* conditions_write_config - one that says of a pool or advertisement what is wrong with it, once. */
void conditions_write_config(struct config *config, const char *error, struct plan *plan);

/* meet.c: where other daemons are met */
bool hello_links_have(const struct world *world, int ifindex);
void hello_links_settle(struct world *world, struct plan *plan);

/* later.c: reports that are looked at again, RECHECK_MS after they asked for it */
#define RECHECK_MS 10000
void recheck_set(struct world *world, struct svc *svc, bool recheck);
void recheck_settle(struct world *world); /* marks those whose time has come */
int64_t recheck_next_ms(const struct world *world);

/* report.c: what is said in the API of who holds it */
void l2status_apply(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);
/*
 * l2status_seen - a ServiceL2Status was written, and may be deleted before the next pass; or it was
 * deleted before it was written.
 */
void l2status_seen(struct world *world, const struct object *obj);
/*
 * l2status_listed - all ServiceL2Statuses are known.  One that was asked for and is not among them
 * came to nothing: its CRD was away, say.  (One under way at this moment is made twice, and then
 * one of the two is deleted.)
 */
void l2status_listed(struct world *world);
/* l2status_lost - a Service is gone: l2status_orphans() deletes what it has left. */
void l2status_lost(struct world *world, const char *ns, const char *name);
void l2status_orphans(struct world *world, struct plan *plan);
void l2status_free(struct world *world);
/* link_vip_find - the address on the interface, when this node answers for it; or NULL. */
struct link_vip *link_vip_find(const struct world *world, const struct ip *ip, int ifindex);

#endif
