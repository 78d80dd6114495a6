/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_H
#define CORE_ALLOC_ALLOC_H

#include "core/state/svc.h"

/* The decision about the addresses of one Service. */

enum alloc_outcome {
	OUTCOME_KEEP,   /* the Service keeps its addresses */
	OUTCOME_ASSIGN, /* ips has a new address, or lacks a current address of the Service */
	OUTCOME_CLEAR,  /* the Service must release its addresses, and no other is free */
	OUTCOME_NONE,   /* the Service has no address and gets none */
};
struct alloc_decision {
	enum alloc_outcome outcome;
	struct ips ips;             /* the addresses of the Service from now on */
	const char *pool;           /* the pool of the first address; NULL: unknown */
	const char *reason;         /* reason of the Event about a refusal; NULL: no refusal */
	const char *message;        /* message of the same Event */
	bool awaits_probe;          /* the refusal stands until a probe result arrives */
	struct ips probe_ips;       /* requested addresses whose probe result the Service needs */
	const char *release_reason; /* why the Service releases an address; NULL: it does not */
	const char *keep_warning;   /* warning about an address that the Service keeps; or NULL */
};
/*
 * alloc_decide - decide the addresses of @svc.  Texts are in @mem or constant.  Changes nothing but
 * the search hints of pools (pool_entry.search_from, pool_entry.awaits_probe).
 */
void alloc_decide(const struct world *world, const struct svc *svc, struct arena *mem,
    struct alloc_decision *ret_decision);

#endif
