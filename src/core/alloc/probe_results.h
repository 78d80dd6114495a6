/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROBE_RESULTS_H
#define CORE_ALLOC_PROBE_RESULTS_H

#include "arplet/arena.h"
#include "arplet/ip.h"
#include "arplet/mac.h"
#include <bsd/sys/tree.h>

struct plan;
struct pool_entry;
struct svc;
struct world;

/* Which addresses are known to be free on their LAN, and which somebody else uses. */

struct probe_result {
	RB_ENTRY(probe_result) link;
	struct ip ip;
	bool used, event_posted, svc_event_posted, planned;
	struct mac mac;
	int64_t reported_until_ms; /* a holder has found it, and so long that counts; 0: it is asked for here */
};
RB_HEAD(probe_result_tree, probe_result);

/* The probe results of a world. */
struct probe_results {
	bool enabled; /* addresses are probed before they are allocated */
	struct probe_result_tree tree;
	size_t n_reported; /* results of the tree that holders have reported */
	bool event_due;       /* an Event about one of them may be due */
};

int probe_result_cmp(const struct probe_result *a, const struct probe_result *b);
RB_PROTOTYPE(probe_result_tree, probe_result, link, probe_result_cmp)

struct probe_results *probe_results_new(void);
void probe_results_free(struct world *world);
/* probe_results_clear - forget all results. */
void probe_results_clear(struct world *world);
/* probe_results_enable, probe_results_set - see world_set_probing(), world_set_probe_result(). */
void probe_results_enable(struct world *world, bool enabled);
void probe_results_set(struct world *world, const struct ip *ip, const struct mac *used_by);
struct probe_result *probe_result_find(const struct world *world, const struct ip *ip); /* or NULL */
void probe_result_forget(struct world *world, struct probe_result *probe_result);

enum probe_state { PROBE_FREE, PROBE_USED, PROBE_UNKNOWN };

/*
 * probe_state - of @ip, which nobody has been given; without a prober all are free, and so is what
 * lives on no link of this node, where its holder asks.
 */
enum probe_state probe_state(const struct world *world, const struct ip *ip);

/* probe_lacks_link - can nobody on this node ask for @ip, and nobody else is known to use it? */
bool probe_lacks_link(const struct world *world, const struct ip *ip);
/* probe_result_set_by_holder - its holder has found that @mac uses @ip: that counts for five minutes. */
void probe_result_set_by_holder(struct world *world, const struct ip *ip, const struct mac *mac);
/* probe_results_update - what was reported longer ago counts no more. */
void probe_results_update(struct world *world);
int64_t probe_results_next_ms(const struct world *world); /* when the next does; INT64_MAX: none */

/* probe_ip_used - is @ip known to be used? */
bool probe_ip_used(const struct world *world, const struct ip *ip);

/* probe_result_text - for people, of a used one: "is used by 02:...". */
const char *probe_result_text(const struct world *world, const struct ip *ip, struct arena *mem);

/* probe_results_post_events - Events on pools about addresses that turned out to be used. */
void probe_results_post_events(struct world *world, struct arena *mem, struct plan *plan);

/* probe_results_post_skipped - an Event on @svc, which got @ip: a lower one of its pool is used. */
void probe_results_post_skipped(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan);

/* probe_results_count_used - how many addresses of @pool are used by others. */
size_t probe_results_count_used(const struct world *world, const struct pool_entry *pool);

#endif
