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
	uint64_t wished;     /* mark of the condition that has gone out; 0: none */
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
	struct mac other; /* that causes the trouble */
	bool stands : 1;  /* the election has been asked for a holder */
	bool touched : 1;
	enum ann_trouble trouble : 4; /* with it */
	int ifindex;
	unsigned int users; /* Services on it */
	const char *holder; /* that it has, as far as is known, by world_name(); NULL: nobody */
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

/* What is remembered of a Service in words: of one with which all is well, nothing. */
enum remark_of {
	REMARK_UNSERVED,    /* why it has no address, or not the one it asks for */
	REMARK_SAID,        /* the last Event about allocation: its reason and sentence */
	REMARK_NOTED,       /* what an Event has told of the address that it keeps */
	REMARK_OLD_PREFIX,  /* the annotation that an Event has called deprecated */
	REMARK_UNKNOWN,     /* and the one that has no meaning */
	REMARK_BAD,         /* why the object as last sent cannot be read; e.obj may be an older one */
	REMARK_UNANNOUNCED, /* why nobody announces it */
	REMARK_ANN_SAID,    /* the last Event about that */
	REMARK_TROUBLE,     /* who else has its address; told in an Event */
};

struct remark {
	struct remark *next;
	enum remark_of of;
	char text[];
};

/* There are tens of thousands of them: what is small lies together, so that nothing is padding. */
struct svc {
	struct entry e;
	unsigned int marks;
	unsigned int n_vips;
	bool ours : 1, waiting : 1;
	bool checks : 1;   /* waits until the LAN has been asked for an address */
	bool intrudes : 1; /* changed, so that it fits no more beside others on its address */
	bool decided : 1;  /* want holds; otherwise it follows status */
	bool sent : 1;     /* want has gone out in an action since either changed */
	bool stands : 1;   /* some node may announce it */
	bool idle : 1;     /* none may, for it has no ready endpoint: daily life */
	bool here : 1;     /* this node is the holder */
	bool dark : 1;     /* some node may announce it, none is known to; since dark_ms */
	bool later : 1;    /* the report is looked at again at later_ms */
	bool l2_had : 1;   /* a ServiceL2Status of this node, since it became the holder */
	bool l2_asked : 1; /* a ServiceL2Status has been asked for and not been seen */
	uint8_t trial;  /* bits of families whose address was given unasked (trial.c) ... */
	uint8_t failed; /* ... and is another host's, so that it is to leave it */
	uint8_t moves;  /* how often it did */
	struct ips have; /* in status */
	struct ips want; /* decided; what status is to become */
	struct ips named; /* asked for by name: whether they are free is to be known while it waits */
	TAILQ_ENTRY(svc) marked, waits, in_later;
	SLIST_HEAD(, claim) claims;
	struct remark *remarks; /* svc_remark() */

	/* the allocator's side */
	int64_t trial_ms; /* since when it is announced; INT64_MAX: it is not yet */
	uint64_t wished; /* mark of the conditions that have gone out since it was seen; 0: none */

	/* the announcer's side */
	const char *holder;    /* the node that answers, by world_name(); NULL: none */
	struct strings ifaces; /* that the advertisements name here; v and its texts are one block */
	union {
		struct vip *one;   /* with n_vips of 1 */
		struct vip **many; /* with more */
	} vips; /* of this Service on the links of this node: svc_vip() */
	int64_t dark_ms, later_ms;
	int64_t l2_ms; /* when the last ServiceL2Status was asked for */
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
	int64_t tell_ms; /* they do not go out before this */
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
	/*
	 * Until then an address in no pool stays, because there was none at the start: whoever set
	 * up the cluster is about to make them.  0: not known yet; -1: no more.
	 */
	int64_t pools_until_ms;
	bool pools_came; /* since then, one */
	bool freed; /* an address or a port: those who wait are to be looked at again */
	bool quotas; /* some pool has one */
	bool checking;
	bool wants_changed; /* something that the wishes of check.c are made of */
	struct checks checks;
	size_t n_reported; /* of these, by holders */
	bool checks_untold; /* one of these may still have to be told to its pool's reader */
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
	char **names; /* world_name(): sorted; as many as nodes that ever held an address */
	size_t n_names;
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

static inline struct vip *
svc_vip(const struct svc *svc, size_t i)
{
	return svc->n_vips == 1 ? svc->vips.one : svc->vips.many[i];
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
/*
 * world_name - the name of a node, which many hold, for as long as the world lives; NULL stays
 * NULL.
 */
const char *world_name(struct world *world, const char *node);
/* svc_self - the node that this pass speaks for, of all that could hold the Service's address. */
const char *svc_self(const struct world *world, const struct svc *svc);

/* svc.c: a Service's facts */
bool svc_is_ours(const struct world *world, const struct object *obj);
void svc_seen(struct world *world, struct svc *svc, const struct object *before);
void svc_bad_seen(struct world *world, struct svc *svc, const struct object *obj);
void svc_forget(struct world *world, struct svc *svc);

/* remark.c */
/* svc_remark - NULL: there is none. */
const char *svc_remark(const struct svc *svc, enum remark_of of);
/* svc_set_remark - replace it, NULL is fine for either; says whether it changed. */
bool svc_set_remark(struct svc *svc, enum remark_of of, const char *text);
void svc_free_remarks(struct svc *svc);

/* nodes.c: what a change of a node touches; @before is NULL for a new one */
void node_seen(struct world *world, const struct object *before, const struct object *obj);
void node_gone(struct world *world, const struct object *obj);

#endif
