/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_CONFLICTS_H
#define CORE_REPORT_CONFLICTS_H

/*
 * Events about conflicting hosts, and the annotation by which a holder reports a conflicting host.
 */

#include "arplet/ann_status.h"
#include "core/state/svc.h"

struct link;
struct plan;

/*
 * conflicts_mark_own - mark the Services whose addresses are configured on one of this node's
 * present links, or on one of @links, but not on both.  @links will be the node's links, sorted by
 * ifindex.
 */
void conflicts_mark_own(struct world *world, const struct link *links, size_t n);
/*
 * A conflict that a holder reports to the allocator, which writes the conditions.  The holder
 * writes the conflict into the annotation arplet.io/conflict of its ServiceL2Status:
 * "10.0.0.9,02:00:00:00:00:03,defended", or "...,yielded".
 */
struct reported_conflict {
	struct ip ip;
	struct mac mac;   /* MAC address of the conflicting host */
	const char *node; /* the holder */
	bool yielded;
};
/*
 * conflict_annotation - the text of arplet.io/conflict for the VIPs of @svc on this node; NULL: no
 * conflict.
 */
const char *conflict_annotation(const struct svc *svc, struct arena *mem);
/* conflict_reported - true if a holder reports a conflict about an address of @svc. */
bool conflict_reported(const struct world *world, const struct svc *svc, struct arena *mem,
    struct reported_conflict *ret_conflict);

/* conflicts_report - add an Event if the conflicts of @svc have changed since the last Event. */
void conflicts_report(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);

/* conflicts_set, conflicts_policy - see world_set_conflict(), world_conflict_policy(). */
void conflicts_set(struct world *world, const struct ip *ip, int ifindex,
		   enum ann_conflict conflict, const struct mac *other);
enum ann_policy conflicts_policy(const struct world *world, const struct ip *ip,
    enum ann_policy standard);

#endif
