/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROUBLE_H
#define TROUBLE_H

/* Who else has the addresses of Services. */

#include "arplet/announcer.h"
#include "core/state/svc.h"

struct link;
struct plan;

/* conflicts_mark_own - look again at the Services whose addresses are configured on @links. */
void conflicts_mark_own(struct world *world, const struct link *links, size_t n);
/*
 * A conflict as the holder says it in an annotation of its ServiceL2Status, so that whoever writes
 * the conditions of the Service knows: "10.0.0.9,02:00:00:00:00:03,defended", or yielded.
 */
struct reported_conflict {
	struct ip ip;
	struct mac mac;   /* who claims it */
	const char *node; /* the holder */
	bool yielded;
};
/* conflict_annotation - that of the addresses that this node holds for @svc; NULL: none. */
const char *conflict_annotation(const struct svc *svc, struct arena *mem);
/* conflict_reported - a conflict about an address of @svc that its holder reports; in @mem. */
bool conflict_reported(const struct world *world, const struct svc *svc, struct arena *mem,
    struct reported_conflict *ret_conflict);

/* conflicts_tell - an Event when what is to be told about the addresses of @svc has changed. */
void conflicts_tell(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);

/* conflicts_set, conflicts_policy - see world_set_conflict(), world_conflict_policy(). */
void conflicts_set(struct world *world, const struct ip *ip, int ifindex, enum ann_conflict conflict,
    const struct mac *other);
enum ann_policy conflicts_policy(const struct world *world, const struct ip *ip,
    enum ann_policy standard);

#endif
