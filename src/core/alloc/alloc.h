/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_H
#define CORE_ALLOC_ALLOC_H

#include "core/state/svc.h"

/* The addresses of one Service: what is decided. */

enum alloc_outcome {
	OUTCOME_KEEP,   /* the address stays as it is */
	OUTCOME_ASSIGN, /* ips are new, in whole or in part */
	OUTCOME_CLEAR,  /* the address must go, and there is no other */
	OUTCOME_NONE,   /* there was none and there is none */
};
struct alloc_decision {
	enum alloc_outcome outcome;
	struct ips ips;
	const char *pool;   /* of the first address; NULL: unknown */
	const char *reason; /* of the Event when it is not served as it asks; NULL: it is */
	const char *message;  /* the sentence to it */
	bool awaits_probe;        /* for an address to be asked for on the LAN */
	struct ips probe_ips;    /* asked for by name, and not known to be used */
	const char *release_reason;  /* why an address that it had must go; NULL: none must */
	const char *keep_warning;  /* what is odd about an address that it keeps; NULL: nothing */
};
/* alloc_decide - the address of one Service; changes nothing but search hints. */
void alloc_decide(const struct world *world, const struct svc *svc, struct arena *mem,
    struct alloc_decision *ret_decision);

#endif
