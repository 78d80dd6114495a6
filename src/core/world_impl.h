/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORLD_IMPL_H
#define WORLD_IMPL_H

/* The inside of the world, for the files of src/core that decide; nobody else includes it. */

#include "arplet/world.h"
#include "ips.h"
#include "rules.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/* An object as last seen; the first member of what is kept about it. */
struct entry {
	RB_ENTRY(entry) link; /* in world.store[kind], by namespace and name */
	struct object *obj;
	bool stale;    /* not seen in the list that is under way */
	bool doubtful; /* it seems to be gone, and that does not count yet */
};
RB_HEAD(store, entry);

/*
 * Configuration that a person wrote: a specification that cannot be used does not replace the last
 * good one; it is only reported.
 */
struct config {
	struct entry e;
	struct object *good; /* in force: e.obj, or an older one, or NULL */
	char *error;         /* why e.obj is not in force; NULL: it is */
	char *said;          /* the error that an Event has told */
};

/* An EndpointSlice or ServiceL2Status: found by the Service that it is about. */
struct part {
	struct entry e;
	RB_ENTRY(part) by_service;
};
RB_HEAD(parts, part);

/* An address of the pools in use, or meant to be: one claim for each Service on it. */
struct addr {
	RB_ENTRY(addr) link;
	struct ip ip;
	SLIST_HEAD(, claim) claims;
};
RB_HEAD(addrs, addr);
int addr_cmp(const struct addr *a, const struct addr *b);
RB_PROTOTYPE(addrs, addr, link, addr_cmp)

struct claim {
	SLIST_ENTRY(claim) of_addr, of_svc;
	struct addr *addr;
	struct svc *svc;
	/*
	 * It has gone out in a write, which may still be accepted whatever is decided by now: the
	 * address is taken until the Service is seen at another version, which that write, bound
	 * to the version it was decided from, either made or can no longer change.
	 */
	bool sent;
	bool had; /* it is, or may have been, in the Service's status */
};

/* An address that this node answers for on an interface, as asked of the announcer. */
struct vip {
	RB_ENTRY(vip) link;
	struct ip ip;
	int ifindex;
	unsigned int users; /* Services on it */
	bool stands;        /* the election has been asked for a holder */
	char *holder;       /* that it has, as far as is known; NULL: nobody */
	bool touched;
	enum ann_trouble trouble; /* with it, and the MAC that causes it */
	struct mac other;
	TAILQ_ENTRY(vip) changed;
};
RB_HEAD(vips, vip);

/* An address that belongs to the network itself, and what follows it in a sentence. */
struct infra {
	struct ip ip;
	const char *what; /* "is an address of node \"n1\"" */
};

/* A released address at rest, and the Service that had it. */
struct rest {
	RB_ENTRY(rest) by_ip, by_owner, by_end;
	struct ip ip;
	char *ns, *name;
	int64_t since_ms, until_ms;
};
RB_HEAD(rests_by_ip, rest);
RB_HEAD(rests_by_owner, rest);
RB_HEAD(rests_by_end, rest);

/* How many addresses of a pool a namespace uses. */
struct usage {
	RB_ENTRY(usage) link;
	char *ns;
	size_t n;
};
RB_HEAD(usages, usage);

enum {
	MARK_ALLOC = 1,
	MARK_ANNOUNCE = 2, /* who may announce it */
	MARK_REPORT = 4,   /* who does */
	MARK_CONDITIONS = 8, /* what is said of both in its status */
};

struct svc {
	struct entry e;
	unsigned int marks;
	TAILQ_ENTRY(svc) marked, waits, in_later;
	SLIST_HEAD(, claim) claims;
	bool ours, waiting;
	bool checks; /* waits until the LAN has been asked for an address */
	bool intrudes; /* changed, so that it fits no more beside others on its address */

	/* the allocator's side */
	struct ips have; /* in status */
	struct ips want; /* decided; what status is to become */
	struct ips named; /* asked for by name: whether they are free is to be known while it waits */
	bool decided;    /* want holds; otherwise it follows status */
	bool sent;       /* want has gone out in an action since either changed */
	uint64_t wished; /* mark of the conditions that have gone out since it was seen; 0: none */
	char *unserved;  /* why it has no address, or not the one it asks for */
	char *said;      /* the last Event about allocation: its reason and sentence */
	char *noted;     /* what an Event has told of the address that it keeps */
	char *old_prefix; /* the annotation that an Event has called deprecated */
	char *bad;       /* why the object as last sent cannot be read; e.obj may be an older one */

	/* the announcer's side */
	bool stands;           /* some node may announce it */
	bool idle;             /* none may, for it has no ready endpoint: daily life */
	char *holder;          /* the node that answers; NULL: none */
	char *unannounced;     /* why nobody announces it */
	struct strings ifaces; /* that the advertisements name here; owned by iface_mem */
	struct arena iface_mem;
	struct vip **vips; /* of this Service on the links of this node */
	size_t n_vips;
	bool here;     /* this node is the holder */
	bool dark;     /* some node may announce it, none is known to; since dark_ms */
	int64_t dark_ms;
	bool later; /* the report is looked at again at later_ms */
	int64_t later_ms;
	bool l2_had;   /* a ServiceL2Status of this node, since it became the holder */
	int64_t l2_ms; /* when the last one was asked for */
	bool l2_asked; /* a ServiceL2Status has been asked for and not been seen */
	char *ann_said;
	char *trouble; /* who else has its address; told in an Event */
};
TAILQ_HEAD(svcs, svc);

/* A Service that is gone, and may have left a ServiceL2Status. */
struct lost {
	STAILQ_ENTRY(lost) next;
	char *ns, *name;
};

struct pool_entry {
	struct config c;
	struct ip_range *ranges;
	struct ip *hints; /* per range: every address before it is in use, or not to be given */
	size_t n_ranges;
	struct rules rules;
	bool unruled;          /* what is in force has annotations that make no sense: no rules */
	bool has_infra;        /* addresses of the network itself are in it */
	struct usages usages;  /* with a quota alone */
	struct pool_counts counts;
	bool unchecked; /* the last pick found an address of which is not known that it is free */
	const char *closed; /* why it gives nothing new, while what it gave stays; NULL: it does */
	bool sent;   /* the counts have gone out since they changed */
};

RB_HEAD(checks, check); /* check.c: what is known of addresses on the LAN */

struct world {
	struct world_opts opts;
	struct store store[KINDS];
	struct parts slices, l2statuses;
	bool listed[KINDS];
	bool allocator, stopping;
	bool key_asked; /* a Secret for hellos has been asked for and not been seen */

	struct addrs addrs;
	struct vips vips;
	TAILQ_HEAD(, vip) vips_changed;
	struct svcs marked, waiting;
	struct svcs later; /* by time */

	struct pool_entry **pools; /* with a specification in force, in the order they are tried */
	size_t n_pools;
	bool pools_changed, pools_broken; /* broken: one has no good specification */
	bool config_changed;
	bool freed; /* an address or a port: those who wait are to be looked at again */
	bool quotas; /* some pool has one */
	bool checking;
	bool wants_changed; /* something that the wishes of check.c are made of */
	struct checks checks;
	bool infra_changed;
	struct infra *infra; /* sorted by address */
	size_t n_infra;
	struct arena infra_mem;
	struct rests_by_ip rests_by_ip;
	struct rests_by_owner rests_by_owner;
	struct rests_by_end rests_by_end;
	size_t n_rests;
	int64_t now_ms;
	bool orphans; /* any ServiceL2Status may be left of a Service that is gone; else these: */
	STAILQ_HEAD(, lost) lost;
	struct link *links;
	size_t n_links;
	int *meets; /* the links on which other daemons are met */
	size_t n_meets;
	bool meets_changed;
	struct svc **batch; /* the pass's work list, reused */
	size_t batch_room;
};

int entry_cmp(const struct entry *a, const struct entry *b);
RB_PROTOTYPE(store, entry, link, entry_cmp)
int part_cmp(const struct part *a, const struct part *b);
RB_PROTOTYPE(parts, part, by_service, part_cmp)

static inline const struct service *
svc_spec(const struct svc *svc)
{
	return &svc->e.obj->u.service;
}

/* svc_asks - does it ask for addresses by name? */
static inline bool
svc_asks(const struct svc *svc)
{
	return svc_spec(svc)->lb_ip || svc_spec(svc)->ann_ips;
}

/* store.c: what is kept, and what is to be decided on */
struct entry *world_find(const struct world *world, enum kind kind, const char *ns,
    const char *name);
void world_mark(struct world *world, struct svc *svc, unsigned int marks);
void world_mark_all(struct world *world, unsigned int marks);
void world_mark_ns(struct world *world, const char *ns, unsigned int marks);
/* parts_of - the first part about the Service, or NULL; parts_next - the one after it. */
struct part *parts_of(struct parts *parts, const char *ns, const char *service);
struct part *parts_next(struct part *part);

/* config_enforce - put @obj (NULL: nothing) in force; frees what was, unless it is e.obj. */
void config_enforce(struct config *config, struct object *obj);
/* svc_ips - the addresses that count as the Service's: in status, or decided in the dry run. */
const struct ips *svc_ips(const struct world *world, const struct svc *svc);
/* svc_self - the node that this pass speaks for, of all that could hold the Service's address. */
const char *svc_self(const struct world *world, const struct svc *svc);

/* svc.c: a Service's facts */
bool svc_is_ours(const struct world *world, const struct object *obj);
void svc_seen(struct world *world, struct svc *svc, const struct object *before);
void svc_bad_seen(struct world *world, struct svc *svc, const struct object *obj);
void svc_forget(struct world *world, struct svc *svc);

/* sharing.c: who is on which address, and who may join */
struct addr *claims_find(const struct world *world, const struct ip *ip);
struct addr *claims_from(const struct world *world, const struct ip *ip); /* it or the next */
struct addr *claims_next(const struct addr *addr);
/*
 * claims_shareable - may the two be on one address?  The same non-empty key, no port in common, and
 * traffic that goes to the same nodes (both policies Cluster, or both Local with the same selector).
 */
bool claims_shareable(const struct service *a, const struct service *b);
/* claims_allow - may @svc use @addr beside its other users?  If not, the oldest in its way. */
bool claims_allow(const struct svc *svc, const struct addr *addr, const struct svc **ret_other);
/* claims_yield - must @svc leave @addr to another user, who was there before?  NULL: no. */
const struct svc *claims_yield(const struct svc *svc, const struct addr *addr);
/* claims_clash - is @svc on an address with a Service that it may not share it with? */
bool claims_clash(const struct svc *svc);

/* claims.c: how claims come and go */
/* claims_update - make the claims of @svc its status and what is decided for it. */
void claims_update(struct world *world, struct svc *svc);
/* claims_mark_fellows - look again at the Services on the addresses of @svc, and at itself. */
void claims_mark_fellows(struct world *world, const struct svc *svc);
/* claims_sent - what is decided for @svc goes out in a write. */
void claims_sent(struct svc *svc);
/*
 * claims_settled - the Service was seen at another version: no earlier write can be accepted.
 * True when one was not: who asks for its address may have that now.
 */
bool claims_settled(struct svc *svc);
/* claims_forgotten - the Service is gone: what went out may have been accepted before. */
void claims_forgotten(struct svc *svc);
/* claims_outdated - may an address be written that is not what is decided any more? */
bool claims_outdated(const struct svc *svc);

/* pools.c: the pools in force */
struct pool_entry *pools_containing(const struct world *world, const struct ip *ip);
struct pool_entry *pools_named(const struct world *world, const char *name);
/* pool_refuses - NULL if the pool may serve the Service, else why not, in @mem. */
const char *pool_refuses(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, struct arena *mem);
/* pool_needs_ns - do the labels of @ns matter to the pool, and are not known? */
bool pool_needs_ns(const struct world *world, const struct pool_entry *pool, const char *ns);
/* pool_gives - may this address of the pool be given at all (avoidBuggyIPs)? */
bool pool_gives(const struct pool_entry *pool, const struct ip *ip);
/* pool_reconsider - @ip, passed over so far, may be given now. */
void pool_reconsider(struct world *world, const struct ip *ip);

/* adopt.c */
/* pool_forget - the pool is gone: nothing finds it any more. */
void pool_forget(struct world *world, struct pool_entry *pool);
/* pools_rebuild - which specifications are in force, after pools have changed. */
void pools_rebuild(struct world *world);
/* pools_infra_changed - which addresses belong to the network is not what it was. */
void pools_infra_changed(struct world *world);

/* pick.c */
/* pool_gives_back - is @ip, which rests, kept from the Service that had it by no other rule? */
bool pool_gives_back(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/*
 * pool_pick - the lowest address of @family that @svc may have; false: none is left.  @full: of
 * those that its namespace uses already.
 */
bool pool_pick(const struct world *world, struct pool_entry *pool, uint8_t family,
    const struct svc *svc, bool full, struct ip *ret_ip);
/* pick_next - @ip, or the next of block @i that might be given; false: there is none. */
bool pick_next(const struct world *world, const struct pool_entry *pool, size_t i, struct ip *ip);

/* infra.c: addresses that belong to the network itself */
/* infra_update - after nodes or links have changed; says whether these addresses did. */
bool infra_update(struct world *world);
void infra_free(struct world *world);
/* infra_find - NULL, or what follows the address in a sentence. */
const char *infra_find(const struct world *world, const struct ip *ip);
/* pool_infra - NULL, or why the pool does not give @ip although it is asked for by name. */
const char *pool_infra(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/* infra_from - the first that is @ip or greater, up to @ret_end. */
const struct infra *infra_from(const struct world *world, const struct ip *ip,
    const struct infra **ret_end);

/* rest.c: released addresses at rest */
/* rest_begin - @owner was the last to use @ip: dated by the next rests_update(). */
void rest_begin(struct world *world, const struct ip *ip, const struct meta *owner);
void rest_taken(struct world *world, const struct ip *ip);
const struct rest *rest_find(const struct world *world, const struct ip *ip);
/* rest_of - the first that a Service of this name had, or NULL; rest_next - the one after it. */
const struct rest *rest_of(const struct world *world, const struct meta *meta);
const struct rest *rest_next(const struct rest *rest);
bool rest_is_of(const struct rest *rest, const struct meta *meta);
/* rests_update - those that began are dated, those that are over end. */
void rests_update(struct world *world);
/* rests_pools_changed - how long they last is looked up anew. */
void rests_pools_changed(struct world *world);
int64_t rests_next_ms(const struct world *world); /* when the next is over; INT64_MAX: never */
void rests_free(struct world *world);

/* quota.c */
/* quota_moved - @svc comes to be one of those on @addr (1), or was (-1). */
void quota_moved(struct world *world, const struct addr *addr, const struct svc *svc, int n);
/* quota_counted - does another Service of the same namespace use @addr (NULL: nobody does)? */
bool quota_counted(const struct addr *addr, const struct svc *svc);
/* quota_recount - anew, after the blocks or the quota of the pool have changed. */
void quota_recount(struct world *world, struct pool_entry *pool);
void quota_forget(struct pool_entry *pool);
/* quota_room - how many addresses of @pool @svc may have beside @ips; SIZE_MAX: any. */
size_t quota_room(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, const struct ips *ips);
/* quota_text - "namespace ... may have so many, which are used by ...", in @mem. */
const char *quota_text(const struct world *world, const struct pool_entry *pool,
    const struct svc *svc, struct arena *mem);

/* counts.c */
/* pool_count - @n addresses such as @ip more (or fewer) are in use. */
void pool_count(const struct world *world, struct pool_entry *pool, const struct ip *ip,
    int64_t n);
/* pool_recount - counts from nothing: after the blocks of the pool have changed. */
void pool_recount(const struct world *world, struct pool_entry *pool);

/* request.c: what a Service asks for */
struct request {
	struct ips ips;   /* n is 0: any */
	const char *pool; /* NULL: any */
	const char *bad;  /* NULL, or why the request makes no sense (in the arena) */
};
void request_read(const struct service *spec, struct arena *mem, struct request *ret_req);

/* alloc.c */
enum outcome {
	OUT_KEEP,   /* the address stays as it is */
	OUT_ASSIGN, /* ips are new, in whole or in part */
	OUT_CLEAR,  /* the address must go, and there is no other */
	OUT_NONE,   /* there was none and there is none */
};
struct decision {
	enum outcome outcome;
	struct ips ips;
	const char *pool;   /* of the first address; NULL: unknown */
	const char *reason; /* of the Event when it is not served as it asks; NULL: it is */
	const char *why;    /* the sentence to it */
	bool waits;         /* for an address to be asked for on the LAN */
	struct ips named;     /* asked for by name, and not known to be used */
	const char *lost;   /* why an address that it had must go; NULL: none must */
	const char *note;   /* what is odd about an address that it keeps; NULL: nothing */
};
/* alloc_decide - the address of one Service; changes nothing but search hints. */
void alloc_decide(const struct world *world, const struct svc *svc, struct arena *mem,
    struct decision *ret_decision);

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
/* report_seen - a ServiceL2Status was written; it may be deleted before the next pass. */
void report_seen(struct world *world, const struct object *obj);
/* report_lost - a Service is gone: report_orphans() deletes what it has left. */
void report_lost(struct world *world, const char *ns, const char *name);
void report_orphans(struct world *world, struct plan *plan);
void report_free(struct world *world);
/* hold_find - the address on the interface, when this node answers for it; or NULL. */
struct vip *hold_find(const struct world *world, const struct ip *ip, int ifindex);

#endif
