/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_H
#define CORE_ALLOC_ALLOC_H

#include "core/state/svc.h"

/* The decision about the addresses of one Service. */

enum alloc_outcome {
	OUTCOME_KEEP,   /* the Service keeps its addresses */
	OUTCOME_ASSIGN, /* the Service gets a new address, or keeps only one of its two addresses */
	OUTCOME_CLEAR,  /* the Service must release its addresses and gets no new address */
	OUTCOME_NONE,   /* the Service has no address and gets none */
};
struct alloc_decision {
	enum alloc_outcome outcome;
	struct ips ips;             /* the addresses of the Service from now on */
	const char *pool;           /* the pool that contains the first address; NULL: none */
	const char *reason;         /* reason of the Event about a refusal; NULL: no refusal */
	const char *message;        /* message of the Event about a refusal */
	bool awaits_probe;          /* the Service must wait for a probe result */
	struct ips probe_ips;       /* requested addresses whose probe result the Service needs */
	const char *release_reason; /* why the Service releases an address; NULL: none */
	const char *keep_warning;   /* warning about an address that the Service keeps; or NULL */
};
/*
 * alloc_decide - decide the addresses of @svc.  The texts in the decision are allocated in @mem or
 * are constant strings.  alloc_decide() changes no state except the search hints of pools
 * (pool_entry.search_from, pool_entry.awaits_probe).
 */
void alloc_decide(const struct world *world, const struct svc *svc, struct arena *mem,
    struct alloc_decision *ret_decision);

#endif
