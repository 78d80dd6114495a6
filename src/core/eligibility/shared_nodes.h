/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_SHARED_NODES_H
#define CORE_ELIGIBILITY_SHARED_NODES_H

#include "core/state/svc.h"

/*
 * Which nodes are eligible for an address that several Services share.
 *
 * The holder of the address receives the traffic of all its Services, so it should be eligible for
 * all of them.  If no node is, the Services that had the address first have precedence
 * (svc_had_first()): each next Service counts only if a node remains that is eligible for it and for
 * all Services that count already.  A Service that does not count is shut out: the address is
 * announced, but not where this Service could be reached.  So no Service can take an address off the
 * LAN that another one had before.  A Service without a serving endpoint never counts.  All nodes
 * decide the same, because the order follows from the objects of the API.
 */

/*
 * shared_nodes_touch - note that the eligible nodes of @svc may have changed, so that
 * shared_nodes_update() decides again which Services of its addresses are shut out.
 */
void shared_nodes_touch(struct world *world, const struct svc *svc);
/*
 * shared_nodes_update - decide again which Services of one address are shut out, and add
 * MARK_REPORT to each Service for which this has changed.  Returns false if there was no address
 * left to decide.
 */
bool shared_nodes_update(struct world *world);
/* shared_nodes_forget - note that no Service uses @addr any more. */
void shared_nodes_forget(struct world *world, struct addr *addr);
/*
 * shared_nodes_text - why @svc is shut out, and what the user can do, allocated in @mem; NULL: it is
 * not shut out.
 */
const char *shared_nodes_text(const struct svc *svc, struct arena *mem);

#endif
