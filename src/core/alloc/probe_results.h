/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_H
#define CHECK_H

/* Which addresses are known to be free on their LAN, and which somebody else uses. */

#include "core/state/world_state.h"

struct probe_result {
	RB_ENTRY(probe_result) link;
	struct ip ip;
	bool used, told, told_service, wanted;
	struct mac mac;
	int64_t until_ms; /* a holder has found it, and so long that counts; 0: it is asked for here */
};
int probe_result_cmp(const struct probe_result *a, const struct probe_result *b);
RB_PROTOTYPE(awaits_probe, probe_result, link, probe_result_cmp)
struct probe_result *probe_result_find(const struct world *world, const struct ip *ip); /* or NULL */
void probe_result_forget(struct world *world, struct probe_result *probe_result);

/* Where the addresses of a pool are asked for. */
struct probe_links {
	struct arena mem;
	bool here;             /* they are announced from this node, too */
	struct strings ifaces; /* on these; none: any */
	const struct link **found; /* room for all links */
};
/* probe_links_init - of @pool; arena_done(&place->mem) ends it. */
void probe_links_init(struct probe_links *probe_links, const struct world *world, const struct pool_entry *pool);
/*
 * probe_links_for - the links of this node on which @ip lives: those that would announce it; or, where
 * it is announced from other nodes alone, those whose prefix contains it, for then that is the same
 * LAN.  False: none.
 */
bool probe_links_for(const struct world *world, const struct probe_links *probe_links, const struct ip *ip,
    struct probe_target *ret_wish);

enum probe_state { PROBE_FREE, PROBE_USED, PROBE_UNKNOWN };

/*
 * probe_state - of @ip, which nobody has been given; without a prober all are free, and so is what
 * lives on no link of this node, where its holder asks.
 */
enum probe_state probe_state(const struct world *world, const struct ip *ip);

/* probe_impossible - can nobody on this node ask for @ip, and nobody else is known to use it? */
bool probe_impossible(const struct world *world, const struct ip *ip);
/* probe_result_report - its holder has found that @mac uses @ip: that counts for five minutes. */
void probe_result_report(struct world *world, const struct ip *ip, const struct mac *mac);
/* probe_results_update - what was reported longer ago counts no more. */
void probe_results_update(struct world *world);
int64_t probe_results_next_ms(const struct world *world); /* when the next does; INT64_MAX: none */

/* probe_found_user - is @ip known to be used? */
bool probe_found_user(const struct world *world, const struct ip *ip);

/* probe_result_text - for people, of a used one: "is used by 02:...". */
const char *probe_result_text(const struct world *world, const struct ip *ip, struct arena *mem);

/* probe_results_tell - Events on pools about addresses that turned out to be used. */
void probe_results_tell(struct world *world, struct arena *mem, struct plan *plan);

/* probe_results_tell_passed - an Event on @svc, which got @ip: a lower one of its pool is used. */
void probe_results_tell_passed(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan);

/* probe_results_count_used - how many addresses of @pool are used by others. */
size_t probe_results_count_used(const struct world *world, const struct pool_entry *pool);
void probe_results_free(struct world *world);

#endif
