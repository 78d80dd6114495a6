/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORLD_IMPL_H
#define WORLD_IMPL_H

/* The inside of the world, for the files of src/core that decide; nobody else includes it. */

#include "arplet/world.h"
#include "core/base/ips.h"
#include "core/pools/pool_rules.h"

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
	struct object *in_force; /* in force: e.obj, or an older one, or NULL */
	char *error;         /* why e.obj is not in force; NULL: it is */
	char *last_reported;          /* the error that an Event has told */
	uint64_t last_written;     /* mark of the condition that has gone out; 0: none */
};

/* An EndpointSlice or ServiceL2Status: found by the Service that it is about. */
struct dependent {
	struct entry e;
	RB_ENTRY(dependent) by_service;
};
RB_HEAD(dependents, dependent);

/* An address of the pools in use, or meant to be: one claim for each Service on it. */
struct addr {
	RB_ENTRY(addr) link;
	struct ip ip;
	SLIST_HEAD(, addr_use) uses;
};
RB_HEAD(addrs, addr);
int addr_cmp(const struct addr *a, const struct addr *b);
RB_PROTOTYPE(addrs, addr, link, addr_cmp)

struct addr_use {
	SLIST_ENTRY(addr_use) of_addr, of_svc;
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
struct link_vip {
	RB_ENTRY(link_vip) link;
	struct ip ip;
	struct mac other; /* that causes the trouble */
	bool wants_holder : 1;  /* the election has been asked for a holder */
	bool touched : 1;
	enum ann_conflict conflict : 4; /* with it */
	int ifindex;
	unsigned int users; /* Services on it */
	const char *holder; /* that it has, as far as is known, by world_name(); NULL: nobody */
	TAILQ_ENTRY(link_vip) changed;
};
RB_HEAD(link_vips, link_vip);

/* An address that belongs to the network itself, and what follows it in a sentence. */
struct node_gateway {
	struct ip ip;
	const char *what; /* "is an address of node \"n1\"" */
};

/* A released address at rest, and the Service that had it. */
struct cooldown {
	RB_ENTRY(cooldown) by_ip, by_owner, by_end;
	struct ip ip;
	char *ns, *name;
	int64_t since_ms, until_ms;
};
RB_HEAD(cooldowns_by_ip, cooldown);
RB_HEAD(cooldowns_by_owner, cooldown);
RB_HEAD(cooldowns_by_end, cooldown);

/* How many addresses of a pool a namespace uses. */
struct quota_usage {
	RB_ENTRY(quota_usage) link;
	char *ns;
	size_t n;
};
RB_HEAD(quota_usages, quota_usage);

enum {
	MARK_ALLOC = 1,
	MARK_ANNOUNCE = 2, /* who may announce it */
	MARK_REPORT = 4,   /* who does */
	MARK_CONDITIONS = 8, /* what is said of both in its status */
};

/* What is remembered of a Service in words: of one with which all is well, nothing. */
enum svc_message_kind {
	MSG_UNSERVED,    /* why it has no address, or not the one it asks for */
	MSG_ALLOC_EVENT,        /* the last Event about allocation: its reason and sentence */
	MSG_KEPT_ADDRESS,       /* what an Event has told of the address that it keeps */
	MSG_DEPRECATED,  /* the annotation that an Event has called deprecated */
	MSG_UNKNOWN_ANNOTATION,     /* and the one that has no meaning */
	MSG_BAD_OBJECT,         /* why the object as last sent cannot be read; e.obj may be an older one */
	MSG_UNANNOUNCED, /* why nobody announces it */
	MSG_ANNOUNCE_EVENT,    /* the last Event about that */
	MSG_CONFLICT,     /* who else has its address; told in an Event */
};

struct svc_message {
	struct svc_message *next;
	enum svc_message_kind of;
	char text[];
};

/* There are tens of thousands of them: what is small lies together, so that nothing is padding. */
struct svc {
	struct entry e;
	unsigned int marks;
	unsigned int n_vips;
	bool ours : 1, waiting : 1;
	bool awaits_probe : 1;   /* waits until the LAN has been asked for an address */
	bool unshareable : 1; /* changed, so that it fits no more beside others on its address */
	bool decided : 1;  /* want holds; otherwise it follows status */
	bool sent : 1;     /* want has gone out in an action since either changed */
	bool wants_holder : 1;   /* some node may announce it */
	bool no_endpoint : 1;     /* none may, for it has no ready endpoint: daily life */
	bool here : 1;     /* this node is the holder */
	bool unannounced : 1;     /* some node may announce it, none is known to; since unannounced_ms */
	bool recheck : 1;    /* the report is looked at again at recheck_ms */
	bool l2_existed : 1;   /* a ServiceL2Status of this node, since it became the holder */
	bool l2_requested : 1; /* a ServiceL2Status has been asked for and not been seen */
	uint8_t probation;  /* bits of families whose address was given unasked (trial.c) ... */
	uint8_t failed; /* ... and is another host's, so that it is to leave it */
	uint8_t moves;  /* how often it did */
	struct ips have; /* in status */
	struct ips want; /* decided; what status is to become */
	struct ips named; /* asked for by name: whether they are free is to be known while it waits */
	TAILQ_ENTRY(svc) marked, waits, in_recheck;
	SLIST_HEAD(, addr_use) uses;
	struct svc_message *messages; /* svc_message() */

	/* the allocator's side */
	int64_t probation_ms; /* since when it is announced; INT64_MAX: it is not yet */
	uint64_t last_written; /* mark of the conditions that have gone out since it was seen; 0: none */

	/* the announcer's side */
	const char *holder;    /* the node that answers, by world_name(); NULL: none */
	struct strings ifaces; /* that the advertisements name here; v and its texts are one block */
	union {
		struct link_vip *one;   /* with n_vips of 1 */
		struct link_vip **many; /* with more */
	} link_vips; /* of this Service on the links of this node: svc_vip() */
	int64_t unannounced_ms, recheck_ms;
	int64_t l2_ms; /* when the last ServiceL2Status was asked for */
};
TAILQ_HEAD(svcs, svc);

/* A Service that is gone, and may have left a ServiceL2Status. */
struct deleted_service {
	STAILQ_ENTRY(deleted_service) next;
	char *ns, *name;
};

struct pool_entry {
	struct config c;
	struct ip_range *ranges;
	struct ip *search_from; /* per range: every address before it is in use, or not to be given */
	size_t n_ranges;
	struct rules rules;
	bool unruled;          /* what is in force has annotations that make no sense: no rules */
	bool has_node_gateway;        /* addresses of the network itself are in it */
	struct quota_usages quota_usages;  /* with a quota alone */
	struct pool_counts counts;
	bool awaits_probe; /* the last pick found an address of which is not known that it is free */
	const char *closed; /* why it gives nothing new, while what it gave stays; NULL: it does */
	bool sent;   /* the counts have gone out since they changed */
	int64_t write_after_ms; /* they do not go out before this */
};

RB_HEAD(awaits_probe, probe_result); /* check.c: what is known of addresses on the LAN */

struct world {
	struct world_opts opts;
	struct store store[KINDS];
	struct dependents slices, l2statuses;
	bool listed[KINDS];
	bool allocator, stopping;
	bool key_asked; /* a Secret for hellos has been asked for and not been seen */

	struct addrs addrs;
	struct link_vips link_vips;
	TAILQ_HEAD(, link_vip) vips_changed;
	struct svcs marked, waiting;
	struct svcs recheck; /* by time */

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
	bool probes_changed; /* something that the wishes of check.c are made of */
	struct awaits_probe awaits_probe;
	size_t n_reported; /* of these, by holders */
	bool probe_results_untold; /* one of these may still have to be told to its pool's reader */
	bool node_gateways_changed;
	struct node_gateway *node_gateway; /* sorted by address */
	size_t n_node_gateways;
	struct arena node_gateways_mem;
	struct cooldowns_by_ip cooldowns_by_ip;
	struct cooldowns_by_owner cooldowns_by_owner;
	struct cooldowns_by_end cooldowns_by_end;
	size_t n_cooldowns;
	int64_t now_ms;
	bool orphans; /* any ServiceL2Status may be left of a Service that is gone; else these: */
	STAILQ_HEAD(, deleted_service) deleted_service;
	struct link *links;
	size_t n_links;
	int *hello_links; /* the links on which other daemons are met */
	size_t n_hello_links;
	bool hello_links_changed;
	char **names; /* world_name(): sorted; as many as nodes that ever held an address */
	size_t n_names;
	struct svc **batch; /* the pass's work list, reused */
	size_t batch_room;
};

int entry_cmp(const struct entry *a, const struct entry *b);
RB_PROTOTYPE(store, entry, link, entry_cmp)
int dependent_cmp(const struct dependent *a, const struct dependent *b);
RB_PROTOTYPE(dependents, dependent, by_service, dependent_cmp)

static inline const struct service *
svc_spec(const struct svc *svc)
{
	return &svc->e.obj->u.service;
}

static inline struct link_vip *
svc_vip(const struct svc *svc, size_t i)
{
	return svc->n_vips == 1 ? svc->link_vips.one : svc->link_vips.many[i];
}

/* svc_requests_ips - does it ask for addresses by name? */
static inline bool
svc_requests_ips(const struct svc *svc)
{
	return svc_spec(svc)->lb_ip || svc_spec(svc)->ann_ips;
}

/* store.c: what is kept, and what is to be decided on */
struct entry *world_find(const struct world *world, enum kind kind, const char *ns,
    const char *name);
void world_mark(struct world *world, struct svc *svc, unsigned int marks);
void world_mark_all(struct world *world, unsigned int marks);
void world_mark_ns(struct world *world, const char *ns, unsigned int marks);
/* dependents_of - the first part about the Service, or NULL; dependents_next - the one after it. */
struct dependent *dependents_of(struct dependents *dependents, const char *ns, const char *service);
struct dependent *dependents_next(struct dependent *dependent);

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
/* svc_message - NULL: there is none. */
const char *svc_message(const struct svc *svc, enum svc_message_kind of);
/* svc_set_message - replace it, NULL is fine for either; says whether it changed. */
bool svc_set_message(struct svc *svc, enum svc_message_kind of, const char *text);
void svc_free_messages(struct svc *svc);

/* nodes.c: what a change of a node touches; @before is NULL for a new one */
void node_seen(struct world *world, const struct object *before, const struct object *obj);
void node_gone(struct world *world, const struct object *obj);

#endif
