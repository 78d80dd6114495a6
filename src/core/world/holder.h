/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOLDER_H
#define HOLDER_H

/* Who answers for an address, and what is said of that. */

#include "world_impl.h"

/* holder.c */
struct holding {
	const char *why;  /* NULL: some node may announce it; else the cause, for each node */
	bool idle;        /* ... which is only that no endpoint is ready: Kubernetes' daily life */
	const char *node; /* the first in rank of those that may and are Ready; NULL: none */
	struct strings ifaces; /* that the advertisements name for @self */
};
/* holder_decide - @self: the node whose interfaces are asked for; NULL: the one that is found. */
void holder_decide(const struct world *world, const struct svc *svc, const struct ips *ips,
    const char *self, struct arena *mem, struct holding *ret_holding);

/*
 * holder_ifaces - are the addresses of @pool announced from this node, by the advertisements?  In
 * @ret_ifaces the interfaces that these name; none: any.
 */
bool holder_ifaces(const struct world *world, const struct pool_entry *pool, struct arena *mem,
    struct strings *ret_ifaces);

/* hold.c: the addresses that want a holder on the links of this node */
void hold_apply(struct world *world, struct svc *svc, struct arena *mem);
void hold_forget(struct world *world, struct svc *svc);
void hold_free(struct world *world);
/* hold_settle - one action for each address that this pass touched, withdrawals first. */
void hold_settle(struct world *world, struct plan *plan);

/* conditions.c: what the status of a Service says of it besides its addresses */
/*
 * conditions_wish - of which of its conditions the status is to say something else than it does.
 * @writing: the status is written in any case, so that what is well is said as well.
 */
void conditions_wish(const struct world *world, const struct svc *svc, bool writing,
    struct arena *mem, struct condition_wish ret_wishes[CONDITIONS]);
/* conditions_apply - an action for what is to be written of them alone, once. */
void conditions_apply(const struct world *world, struct svc *svc, struct plan *plan);
/* conditions_tell_config - one that says of a pool or advertisement what is wrong with it, once. */
void conditions_tell_config(struct config *config, const char *error, struct plan *plan);

/* meet.c: where other daemons are met */
bool meet_has(const struct world *world, int ifindex);
void meet_settle(struct world *world, struct plan *plan);

/* later.c: reports that are looked at again, LATER_MS after they asked for it */
#define LATER_MS 10000
void later_set(struct world *world, struct svc *svc, bool later);
void later_settle(struct world *world); /* marks those whose time has come */
int64_t later_next_ms(const struct world *world);

/* report.c: what is said in the API of who holds it */
void report_apply(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);
/*
 * report_seen - a ServiceL2Status was written, and may be deleted before the next pass; or it was
 * deleted before it was written.
 */
void report_seen(struct world *world, const struct object *obj);
/*
 * report_listed - all ServiceL2Statuses are known.  One that was asked for and is not among them
 * came to nothing: its CRD was away, say.  (One under way at this moment is made twice, and then
 * one of the two is deleted.)
 */
void report_listed(struct world *world);
/* report_lost - a Service is gone: report_orphans() deletes what it has left. */
void report_lost(struct world *world, const char *ns, const char *name);
void report_orphans(struct world *world, struct plan *plan);
void report_free(struct world *world);
/* hold_find - the address on the interface, when this node answers for it; or NULL. */
struct vip *hold_find(const struct world *world, const struct ip *ip, int ifindex);

#endif
