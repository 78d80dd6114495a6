/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROBE_RESULTS_H
#define CORE_ALLOC_PROBE_RESULTS_H

#include "arplet/arena.h"
#include "arplet/ip.h"
#include "arplet/mac.h"
#include <bsd/sys/tree.h>

/*
 * A probe result says whether another host uses an address.  The result is from the prober of this
 * node, or from a holder that reports a conflicting host.  If an address has no probe result yet,
 * its Service waits about 0.1 s for the result.
 */
struct plan;
struct pool_entry;
struct svc;
struct world;

struct probe_result {
	RB_ENTRY(probe_result) link;
	struct ip ip;
	bool used;             /* another host uses the address */
	bool event_posted;     /* an Event on the pool has reported that the address is used */
	bool svc_event_posted; /* an Event on a Service has reported that the address is used */
	bool planned;          /* the probe plan contains the address */
	struct mac mac;        /* MAC address of the host that uses the address */
	/* when a holder's report expires, monotonic ms; 0: the result is from the prober */
	int64_t reported_until_ms;
};
RB_HEAD(probe_result_tree, probe_result);

/*
 * The most addresses of which the prober finds out that other hosts use them.  A pool with more such
 * addresses is a mistake, or a host on the LAN answers for addresses that it does not have.
 */
#define PROBE_USED_MAX 1024

/* The probe results of a world. */
struct probe_results {
	bool enabled; /* arplet probes addresses before it allocates them */
	struct probe_result_tree tree;
	size_t n_reported; /* number of results from holders; 0 (the usual case): none expires */
	size_t n_used;     /* number of addresses that other hosts use */
	bool event_due;    /* a new probe result may need an Event on the address's pool */
	int64_t event_at_ms;  /* if event_due: when to post the Events, monotonic ms */
	int64_t last_event_ms; /* when the last Events were posted, monotonic ms; 0: never */
};

int probe_result_cmp(const struct probe_result *a, const struct probe_result *b);
RB_PROTOTYPE(probe_result_tree, probe_result, link, probe_result_cmp)

/* probe_results_new - no results; probe_results_free() frees them. */
struct probe_results *probe_results_new(void);
void probe_results_free(struct world *world);
/* probe_results_clear - forget all results. */
void probe_results_clear(struct world *world);
/* probe_results_enable, probe_results_set - see world_set_probing(), world_set_probe_result(). */
void probe_results_enable(struct world *world, bool enabled);
void probe_results_set(struct world *world, const struct ip *ip, const struct mac *used_by);
/* probe_result_find - the result of @ip, or NULL. */
struct probe_result *probe_result_find(const struct world *world, const struct ip *ip);
/*
 * probe_result_forget - free the result of an address.  If another host used the address, the next
 * search for a free address can find this address.
 */
void probe_result_forget(struct world *world, struct probe_result *probe_result);

enum probe_state { PROBE_FREE, PROBE_USED, PROBE_UNKNOWN };

/*
 * probe_state - PROBE_FREE, PROBE_USED or PROBE_UNKNOWN for @ip, which no Service uses.  Without a
 * prober, all addresses count as free.  If this node has no link to the LAN of @ip, @ip counts as
 * free, because the later holder of @ip probes @ip (addr_probation.h).
 */
enum probe_state probe_state(const struct world *world, const struct ip *ip);
/*
 * probe_lacks_link - true if @ip has no probe result, and this node has no link on which to probe
 * @ip.
 */
bool probe_lacks_link(const struct world *world, const struct ip *ip);
/* probe_ip_used - true if another host uses @ip. */
bool probe_ip_used(const struct world *world, const struct ip *ip);
/*
 * probe_result_set_by_holder - store for 5 minutes the report of the holder of @ip that the host
 * @mac uses @ip too.
 */
void probe_result_set_by_holder(struct world *world, const struct ip *ip, const struct mac *mac);
/*
 * probe_results_forget_host - delete the probe results in which the host @mac (NULL: any host) uses
 * an address of @family.
 */
void probe_results_forget_host(struct world *world, uint8_t family, const struct mac *mac);
/* probe_results_full - true if other hosts use so many addresses that arplet probes no more. */
bool probe_results_full(const struct world *world);
/* probe_results_update - forget expired reports of holders. */
void probe_results_update(struct world *world);
/*
 * probe_results_next_ms - when the next report of a holder expires or Events are due, monotonic;
 * INT64_MAX: never.
 */
int64_t probe_results_next_ms(const struct world *world);

/*
 * probe_result_text - a sentence about the host that uses @ip, allocated in the arena @mem.  The
 * probe result of @ip must be PROBE_USED.
 */
const char *probe_result_text(const struct world *world, const struct ip *ip, struct arena *mem);
/*
 * probe_results_event_due - let probe_results_post_events() look for new used addresses in a second,
 * and not before a minute after the last Events.
 */
void probe_results_event_due(struct world *world);
/*
 * probe_results_post_events - if it is due, add an Event on each pool with addresses that other hosts
 * have newly started to use.
 */
void probe_results_post_events(struct world *world, struct arena *mem, struct plan *plan);
/*
 * probe_results_post_skipped - if no Event on a Service has named a lower address of the pool that
 * another host uses, add an Event on @svc that says why @svc gets @ip.
 */
void probe_results_post_skipped(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan);
/* probe_results_count_used - how many addresses of @pool other hosts use. */
size_t probe_results_count_used(const struct world *world, const struct pool_entry *pool);

#endif
