/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_WORLD_H
#define ARPLET_WORLD_H

#include "arplet/ann_status.h"
#include "arplet/link.h"
#include "arplet/action_plan.h"
#include "arplet/prober.h"
#include "arplet/proxy_hosts.h"
#include "arplet/world_opts.h"

/*
 * The world stores all facts that one daemon knows, and makes all decisions of this daemon.  The
 * functions below note facts: API objects, links, the role of this daemon, conflicts and probe
 * results.  From these facts, world_decide() makes a plan of actions.  No function here does I/O or
 * reads a clock.  The same facts in the same order give the same plan in the daemon, the dry run
 * and the simulator.
 *
 * A small change costs little: each fact marks the Services that it concerns, and world_decide()
 * decides only marked Services.
 *
 * The world never assumes that a write has succeeded.  Until a watch reports the changed object,
 * the world treats the addresses in the write as in use.
 */
struct world;

struct world *world_new(const struct world_opts *opts); /* copies the strings of @opts */
void world_free(struct world *world);

/* world_put - note that @obj is new or has changed.  The world owns @obj from now on. */
void world_put(struct world *world, struct object *obj);

/* world_del - note that an object was deleted; no effect if the object is unknown. */
void world_del(struct world *world, enum kind kind, const char *ns, const char *name);

/*
 * world_list_begin, world_list_end - begin and end a list of @kind.  world_list_end() deletes the
 * objects of @kind that were not put since world_list_begin().  Decisions that depend on objects of
 * a kind start when the first list of the kind has ended.
 */
void world_list_begin(struct world *world, enum kind kind);
void world_list_end(struct world *world, enum kind kind);

/*
 * world_pend_delete - note that a watch reported the deletion of an object, and that no list has
 * confirmed it yet.  An object with a pending deletion stays in force, but arplet allocates no
 * further address from a pool with a pending deletion.  When world_put() reports the object again,
 * its deletion is not pending any more.
 */
void world_pend_delete(struct world *world, enum kind kind, const char *ns, const char *name);
/*
 * world_list_pend_delete - note a pending delete of each object of @kind that was not put since
 * world_list_begin().
 */
void world_list_pend_delete(struct world *world, enum kind kind);

/* world_set_links - note @links, all interfaces of this node; the world copies them. */
void world_set_links(struct world *world, const struct link *links, size_t n);

/*
 * world_set_conflict - note the announcer's report about a conflict of a VIP on a link.  @other:
 * the MAC of the other host.  When the VIP is withdrawn, its conflict ends without a report.
 */
void world_set_conflict(struct world *world, const struct ip *ip, int ifindex,
    enum ann_conflict conflict, const struct mac *other);

/*
 * world_conflict_policy - the conflict policy of the pool that contains @ip; @standard if the pool
 * has no policy.
 */
enum ann_policy world_conflict_policy(const struct world *world, const struct ip *ip,
    enum ann_policy standard);

/*
 * world_set_probing - set whether addresses are probed before they are allocated.  Without
 * probing, every address counts as free.
 */
void world_set_probing(struct world *world, bool enabled);
/*
 * world_set_probe_result - note that @ip is free (@used_by NULL), or that the host with the MAC
 * @used_by uses @ip.
 */
void world_set_probe_result(struct world *world, const struct ip *ip, const struct mac *used_by);

/*
 * world_set_proxy_host - note that a host on a link is a proxy host (@found), or is none any more.
 * The probe results in which the host uses an address are deleted.
 */
void world_set_proxy_host(struct world *world, const struct proxy_host *host, bool found);

/*
 * world_probes_changed - true if the next world_each_probe() can visit other addresses than the
 * last one.
 */
bool world_probes_changed(const struct world *world);
/* world_awaits_probe - true if a Service needs the probe result of an address now. */
bool world_awaits_probe(const struct world *world);
/*
 * world_each_probe - visit each address that must be probed, with the links on which to probe it.
 * The same address can be visited twice.  Addresses that are on no link of this node are not
 * visited.  The probe results of all addresses that were not visited are deleted.
 */
void world_each_probe(struct world *world,
    void (*visit)(void *arg, const struct probe_target *target), void *arg);

/*
 * world_set_allocator - set whether this daemon allocates addresses.  When this daemon stops
 * allocating, the world forgets its decisions that no API object shows yet.  Before this daemon
 * starts allocating, the caller must list Services and pools again.
 */
void world_set_allocator(struct world *world, bool allocator);

/* world_set_holder - note that @node (NULL: no node) now holds @ip on a link of this node. */
void world_set_holder(struct world *world, int ifindex, const struct ip *ip, const char *node);

/* world_may_hold - true if @node is eligible to announce @ip. */
bool world_may_hold(const struct world *world, const struct ip *ip, const char *node);

/*
 * world_may_keep - true if this node can serve @ip until another node holds @ip, even if this node
 * is not eligible any more, because its terminating endpoints still serve.
 */
bool world_may_keep(const struct world *world, const struct ip *ip);

/*
 * world_each_candidate - visit the nodes that are eligible for @ip, sorted by name; @ready: the
 * Node is Ready.
 */
void world_each_candidate(const struct world *world, const struct ip *ip,
    void (*visit)(void *arg, const char *node, bool ready), void *arg);

/*
 * world_set_write_conflicts - note that the API server has refused several writes of a Service in a
 * row, because another program changed the Service each time.
 */
void world_set_write_conflicts(struct world *world, const char *ns, const char *name);

/* world_l2status_says - true if a ServiceL2Status says that @node announces @ip. */
bool world_l2status_says(const struct world *world, const struct ip *ip, const char *node);

/*
 * world_stop - note that this daemon stops.  Its ServiceL2Status objects stay until the next
 * holders of its VIPs delete them.
 */
void world_stop(struct world *world);

/* world_mark_everything - mark all Services, so that world_decide() decides all of them. */
void world_mark_everything(struct world *world);

/* world_set_now - set the time for world_decide(), in monotonic milliseconds. */
void world_set_now(struct world *world, int64_t now_ms);

/* world_decide - decide the marked Services, and append the actions to @ret_plan. */
void world_decide(struct world *world, struct plan *ret_plan);

/*
 * world_decide_some - like world_decide(), but stop when the decisions have cost about @budget.  The
 * unit of @budget is about 50 ns; SIZE_MAX: no limit.  Sets @ret_spent (NULL is allowed) to the cost.
 * Returns true if Services are left to be decided: the caller then lets other work of the event loop
 * run, and calls this function again.  Each kind of decision gets its share of the budget, so none
 * waits until another has ended.  Decisions in parts are the same as decisions at once, if no fact
 * changes between the parts.
 */
bool world_decide_some(struct world *world, struct plan *ret_plan, size_t budget,
    size_t *ret_spent);

/* world_next_ms - when world_decide() is due even if no fact changes; INT64_MAX: never. */
int64_t world_next_ms(const struct world *world);

/*
 * world_synced - a resource whose first list has not ended, such as "services"; NULL: all first
 * lists have ended.
 */
const char *world_synced(const struct world *world);

/* The state of a Service that arplet serves, after the last world_decide(). */
struct service_view {
	const struct object *obj;
	struct ip ips[2]; /* addresses in the status, or decided in the dry run; IPv4 first */
	size_t n_ips;
	const char *pool;             /* pool of the first address; NULL: none */
	const char *holder;           /* node that announces the Service; NULL: none */
	const struct strings *ifaces; /* interfaces that advertisements name; empty: any */
	const char *why;              /* why the Service lacks an address or holder; NULL: none */
	bool announced_here;
	bool has_slices; /* the Service has an EndpointSlice */
};
/* world_each_service - visit the Services that arplet serves, sorted by namespace and name. */
void world_each_service(const struct world *world,
    void (*visit)(void *arg, const struct service_view *view), void *arg);

struct pool_view {
	const struct object *obj; /* the newest object */
	struct pool_counts counts;
	size_t used_by_others; /* addresses of the pool that other hosts use, by probe results */
	/* why the pool's newest specification is not in force; NULL: it is in force */
	const char *error;
	bool in_force;     /* the newest or an older specification of the pool is in force */
};
/* world_each_pool - visit all pools, sorted by name. */
void world_each_pool(const struct world *world,
    void (*visit)(void *arg, const struct pool_view *view), void *arg);

/* world_config_stale - true if an older specification of a pool or an advertisement is in force. */
bool world_config_stale(const struct world *world);

/* world_each - visit the newest version of each object of @kind, sorted by namespace and name. */
void world_each(const struct world *world, enum kind kind,
    void (*visit)(void *arg, const struct object *obj), void *arg);

/* world_get - the newest version of the object with this name; NULL: there is none. */
const struct object *world_get(const struct world *world, enum kind kind, const char *ns,
    const char *name);

/*
 * world_node_addresses_version - a number that grows whenever Node.status.addresses of any Node
 * changes, or a Node with addresses appears or is deleted.
 */
uint64_t world_node_addresses_version(const struct world *world);

/*
 * The next two functions let the next world_decide() post a warning about this node's Node object.
 * They have no effect if the Node is not known then, or if 32 warnings are waiting.
 *
 * world_report_only_udp - hellos between this node and @node get through only as UDP.
 * world_report_not_heard - no hello of @node arrives, but by the API arplet runs there, so this node
 * leaves addresses such as @ip to @node.
 */
void world_report_only_udp(struct world *world, const char *interface, const char *node);
void world_report_not_heard(struct world *world, const char *interface, const char *node,
    const struct ip *ip);

#endif
