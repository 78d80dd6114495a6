/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_WORLD_H
#define ARPLET_WORLD_H

#include "arplet/ann_status.h"
#include "arplet/link.h"
#include "arplet/plan.h"
#include "arplet/prober.h"
#include "arplet/world_opts.h"

/*
 * The world: everything one daemon knows, and every decision it takes.  Facts go in as events
 * (an object seen or gone, links, a role); world_decide() answers with a plan of actions.
 * Nothing here does I/O or reads a clock, and the same events in the same order give the same
 * plan: the daemon, the dry run and the simulator drive this same code.
 *
 * Cost follows change: an event marks what it touches, and world_decide() decides that alone.
 * The world never assumes that an action succeeded.  What the API accepted comes back as an
 * object; until then an address that was decided on counts as taken.
 */
struct world;

struct world *world_new(const struct world_opts *opts); /* copies what it needs */
void world_free(struct world *world);

/* world_put - an object was seen, new or changed.  The world owns it from now on. */
void world_put(struct world *world, struct object *obj);

/* world_del - an object is gone; one that was never seen is fine. */
void world_del(struct world *world, enum kind kind, const char *ns, const char *name);

/*
 * world_list_begin, world_list_end - what is put in between is all there is: the rest is gone.
 * Until the first list of a kind has ended, nothing is decided that depends on the kind.
 */
void world_list_begin(struct world *world, enum kind kind);
void world_list_end(struct world *world, enum kind kind);

/*
 * world_pend_delete - an object seems to be gone, and it is not sure yet: what it gave stays in force, a
 * pool gives no more.  world_list_pend_delete - so does all that was not put since world_list_begin.
 * What is put again is not doubtful any more.
 */
void world_pend_delete(struct world *world, enum kind kind, const char *ns, const char *name);
void world_list_pend_delete(struct world *world, enum kind kind);

/* world_set_links - the interfaces of this node, all of them (copied). */
void world_set_links(struct world *world, const struct link *links, size_t n);

/*
 * world_set_conflict - who else has an address that this node answers for on an interface, as the
 * announcer found (announce.h); forgotten when the address is left.
 */
void world_set_conflict(struct world *world, const struct ip *ip, int ifindex,
    enum ann_conflict conflict, const struct mac *other);

/* world_conflict_policy - what to do about a rival for @ip: as its pool says, or else @standard. */
enum ann_policy world_conflict_policy(const struct world *world, const struct ip *ip,
    enum ann_policy standard);

/*
 * world_set_probing - whether addresses are asked for on the LAN before they are given; without
 * it, all count as free.  world_set_probe_result - one is free, or (@used_by) used by that host.
 */
void world_set_probing(struct world *world, bool checking);
void world_set_probe_result(struct world *world, const struct ip *ip, const struct mac *used_by);

/*
 * world_each_probe - the addresses to ask for and on which links, some more than once; forgets the
 * other results.  An address that lives on no link of this node is not among them.
 * world_probes_changed - may they be others than when that was last called?
 * world_awaits_probe - does a Service wait for an answer?  Otherwise they are asked ahead of need.
 */
bool world_probes_changed(const struct world *world);
bool world_awaits_probe(const struct world *world);
void world_each_probe(struct world *world,
    void (*visit)(void *arg, const struct probe_target *wish), void *arg);

/*
 * world_set_allocator - whether this daemon allocates.  Ceasing forgets what was decided and not
 * seen written.  Becoming one is right only after the caller has listed Services and pools anew.
 */
void world_set_allocator(struct world *world, bool allocator);

/*
 * world_set_holder - on a link of this node, @node (NULL: nobody) answers for @ip, as the election
 * has it: what ACT_VIP_ELECT asked for.
 */
void world_set_holder(struct world *world, int ifindex, const struct ip *ip, const char *node);

/* world_may_hold - may @node answer for @ip, by what the API says of them? */
bool world_may_hold(const struct world *world, const struct ip *ip, const char *node);

/* world_may_keep - may this node, though it may not hold it, go on answering until another does? */
bool world_may_keep(const struct world *world, const struct ip *ip);

/* world_each_candidate - visit the nodes that may, by name; @ready: the API takes it for alive. */
void world_each_candidate(const struct world *world, const struct ip *ip,
    void (*visit)(void *arg, const char *node, bool ready), void *arg);

/*
 * world_stop - this daemon leaves: what it says of itself in the API stays until others say more.
 */
void world_stop(struct world *world);

/* world_mark_everything - mark everything, so that the next pass is a full one. */
void world_mark_everything(struct world *world);

/*
 * world_set_now - what time it is, in monotonic milliseconds, for world_decide(), which then dates
 * what has happened since it was last called.
 */
void world_set_now(struct world *world, int64_t now_ms);

/* world_decide - decide what is marked, and append the actions to @ret_plan. */
void world_decide(struct world *world, struct plan *ret_plan);

/* world_next_ms - when to call world_decide() again if nothing happens; INT64_MAX: never. */
int64_t world_next_ms(const struct world *world);

/* world_synced - NULL, or the first kind (as the API names it) whose list is awaited. */
const char *world_synced(const struct world *world);

/* What the last pass found about a Service of type LoadBalancer that is ours. */
struct service_view {
	const struct object *obj;
	struct ip ips[2]; /* in status, or decided; IPv4 first */
	size_t n_ips;
	const char *pool;             /* of the first address; NULL: none */
	const char *holder;           /* the node that answers for it; NULL: none */
	const struct strings *ifaces; /* named by the advertisements; empty: all that fit */
	const char *why;              /* NULL when it is served, else the reason in a sentence */
	bool announced_here;
	bool has_slices; /* an EndpointSlice of it was seen */
};
/* world_each_service - in order of namespace and name; only those that are ours to serve. */
void world_each_service(const struct world *world,
    void (*visit)(void *arg, const struct service_view *view), void *arg);

struct pool_view {
	const struct object *obj; /* the object as last seen */
	struct pool_counts counts;
	size_t used_by_others; /* addresses that answered when they were asked for */
	const char *error; /* NULL, or why the specification as last seen is not in force */
	bool in_force;     /* an earlier one is, in its place; or itself, for what it gave */
};
void world_each_pool(const struct world *world,
    void (*visit)(void *arg, const struct pool_view *view), void *arg);

/* world_config_stale - is an earlier specification of a pool or an advertisement in force? */
bool world_config_stale(const struct world *world);

/* world_each - every object of @kind as last seen, in order of namespace and name. */
void world_each(const struct world *world, enum kind kind,
    void (*visit)(void *arg, const struct object *obj), void *arg);

/* world_get - an object as last seen, or NULL. */
const struct object *world_get(const struct world *world, enum kind kind, const char *ns,
    const char *name);

#endif
