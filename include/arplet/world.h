/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_WORLD_H
#define ARPLET_WORLD_H

#include "arplet/ann_status.h"
#include "arplet/link.h"
#include "arplet/action_plan.h"
#include "arplet/prober.h"
#include "arplet/world_opts.h"

/*
 * The world: what one daemon knows, and every decision that it takes.  Facts come in through the
 * functions below: objects of the API, links, the role of this daemon, results of the LAN.
 * world_decide() returns a plan of actions.  Nothing here does I/O or reads a clock.  The same facts
 * in the same order give the same plan, in the daemon, in the dry run and in the simulator.
 *
 * The cost grows with the change: each fact marks the Services that it concerns, and world_decide()
 * decides those alone.  The world never assumes that an action has succeeded.  A write that the API
 * server accepted comes back as an object; until then the addresses of the decision are in use.
 */
struct world;

struct world *world_new(const struct world_opts *opts); /* copies the strings of @opts */
void world_free(struct world *world);

/* world_put - a list or a watch brought @obj, new or changed.  The world owns @obj from now on. */
void world_put(struct world *world, struct object *obj);

/* world_del - an object was deleted; no effect if it is unknown. */
void world_del(struct world *world, enum kind kind, const char *ns, const char *name);

/*
 * world_list_begin, world_list_end - a list of @kind: objects that are not put in between are deleted
 * at its end.  Decisions that read a kind wait for the end of its first list.
 */
void world_list_begin(struct world *world, enum kind kind);
void world_list_end(struct world *world, enum kind kind);

/*
 * world_pend_delete - a watch reports the deletion of an object, and no list has confirmed it yet:
 * the object stays in force, but a pool allocates no address.  world_list_pend_delete - the same for
 * all objects of @kind that were not put since world_list_begin().  world_put() revokes it.
 */
void world_pend_delete(struct world *world, enum kind kind, const char *ns, const char *name);
void world_list_pend_delete(struct world *world, enum kind kind);

/* world_set_links - @links are all interfaces of this node (copied). */
void world_set_links(struct world *world, const struct link *links, size_t n);

/*
 * world_set_conflict - the announcer reports the conflict of a VIP on a link, and the MAC of the other
 * host (announcer.h).  The conflict ends when the VIP is withdrawn.
 */
void world_set_conflict(struct world *world, const struct ip *ip, int ifindex,
    enum ann_conflict conflict, const struct mac *other);

/* world_conflict_policy - the policy of the pool that contains @ip, or else @standard. */
enum ann_policy world_conflict_policy(const struct world *world, const struct ip *ip,
    enum ann_policy standard);

/*
 * world_set_probing - whether addresses are probed before they are allocated; if not, all count as
 * free.  world_set_probe_result - @ip is free (@used_by NULL), or in use by the host @used_by.
 */
void world_set_probing(struct world *world, bool enabled);
void world_set_probe_result(struct world *world, const struct ip *ip, const struct mac *used_by);

/*
 * world_each_probe - visit the addresses to probe and their links, some more than once; forget the
 * results of all others.  Addresses that are on no link of this node are not visited.
 * world_probes_changed - true if the addresses may have changed since the last world_each_probe().
 * world_awaits_probe - true if a Service waits for a result; otherwise probes run ahead of need.
 */
bool world_probes_changed(const struct world *world);
bool world_awaits_probe(const struct world *world);
void world_each_probe(struct world *world,
    void (*visit)(void *arg, const struct probe_target *target), void *arg);

/*
 * world_set_allocator - whether this daemon allocates.  False: forget decisions that were not seen
 * in the API.  True: the caller must have listed Services and pools again before.
 */
void world_set_allocator(struct world *world, bool allocator);

/* world_set_holder - the election on a link of this node has @node (NULL: none) as the holder of @ip. */
void world_set_holder(struct world *world, int ifindex, const struct ip *ip, const char *node);

/* world_may_hold - true if @node is eligible to announce @ip. */
bool world_may_hold(const struct world *world, const struct ip *ip, const char *node);

/*
 * world_may_keep - true if this node can serve @ip until another node holds it, although it is not
 * eligible any more: its endpoints are terminating.
 */
bool world_may_keep(const struct world *world, const struct ip *ip);

/* world_each_candidate - visit the nodes eligible for @ip, by name; @ready: the Node is Ready. */
void world_each_candidate(const struct world *world, const struct ip *ip,
    void (*visit)(void *arg, const char *node, bool ready), void *arg);

/* world_stop - this daemon stops: its ServiceL2Statuses stay until the next holder deletes them. */
void world_stop(struct world *world);

/* world_mark_everything - the next world_decide() decides all Services. */
void world_mark_everything(struct world *world);

/* world_set_now - the time for world_decide(), in monotonic milliseconds. */
void world_set_now(struct world *world, int64_t now_ms);

/* world_decide - decide the marked Services, and append the actions to @ret_plan. */
void world_decide(struct world *world, struct plan *ret_plan);

/* world_next_ms - when to call world_decide() again if nothing happens; INT64_MAX: never. */
int64_t world_next_ms(const struct world *world);

/* world_synced - NULL, or the resource name of the first kind whose first list has not ended. */
const char *world_synced(const struct world *world);

/* A Service that arplet serves, as the last world_decide() left it. */
struct service_view {
	const struct object *obj;
	struct ip ips[2]; /* in the status, or decided in the dry run; IPv4 first */
	size_t n_ips;
	const char *pool;             /* of the first address; NULL: none */
	const char *holder;           /* the node that announces it; NULL: none */
	const struct strings *ifaces; /* that the advertisements name; empty: any */
	const char *why;              /* why it is not served; NULL: it is served */
	bool announced_here;
	bool has_slices; /* it has an EndpointSlice */
};
/* world_each_service - visit the Services that arplet serves, by namespace and name. */
void world_each_service(const struct world *world,
    void (*visit)(void *arg, const struct service_view *view), void *arg);

struct pool_view {
	const struct object *obj; /* the newest object */
	struct pool_counts counts;
	size_t used_by_others; /* addresses with a probe result "in use" */
	const char *error; /* why the newest specification is not in force; NULL: it is in force */
	bool in_force;     /* a specification is in force: the newest or an older one */
};
/* world_each_pool - visit all pools, by name. */
void world_each_pool(const struct world *world,
    void (*visit)(void *arg, const struct pool_view *view), void *arg);

/* world_config_stale - true if an older specification of a pool or an advertisement is in force. */
bool world_config_stale(const struct world *world);

/* world_each - visit the newest object of @kind, by namespace and name. */
void world_each(const struct world *world, enum kind kind,
    void (*visit)(void *arg, const struct object *obj), void *arg);

/* world_get - the newest object of a name, or NULL. */
const struct object *world_get(const struct world *world, enum kind kind, const char *ns,
    const char *name);

#endif
