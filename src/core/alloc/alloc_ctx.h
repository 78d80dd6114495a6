/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_CTX_H
#define CORE_ALLOC_ALLOC_CTX_H

#include "alloc.h"
#include "requested_ips.h"

struct pool_entry;

/* A Service that is decided on. */
struct alloc_ctx {
	const struct world *world;
	const struct svc *svc;
	const struct service *spec;
	struct arena *mem;
	struct alloc_decision *decision; /* where it is said what is waited for */
	struct requested_ips requested;
	const struct ips *current; /* the addresses that it has now */
	struct ips reserved;   /* for it, and it asks for no others */
};

/* Names and addresses for sentences, in the arena of @ctx. */
const char *svc_name(const struct alloc_ctx *ctx, const struct svc *svc);
const char *pool_name(const struct pool_entry *pool);
const char *ip_text(const struct alloc_ctx *ctx, const struct ip *ip);

bool service_has_family(const struct service *spec, uint8_t family);
/* families_spec_refusal - NULL, or why no addresses whatever would serve the Service. */
const char *families_spec_refusal(const struct service *spec);
/* families_excess_refusal - NULL, or why a Service cannot have all the families of @ips. */
const char *families_excess_refusal(const struct alloc_ctx *ctx, const struct ips *ips);
/* families_refusal - NULL, or why a Service cannot have exactly the families of @ips. */
const char *families_refusal(const struct alloc_ctx *ctx, const struct ips *ips);
/* request_differs - does the Service ask for something else than @ips? */
bool request_differs(const struct alloc_ctx *ctx, const struct ips *ips);

/* pool_alloc_refusal - NULL if @pool may give the Service a new address, else why not. */
const char *pool_alloc_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool);
/*
 * keep_refusal - NULL if the Service may keep @ip, which it has; else why not.  While a pool's
 * specification cannot be read, an address in no pool is kept: it may well be in that one.  So is
 * one whose Service is in a namespace that is not there, as for a moment when either comes or goes.
 */
const char *keep_refusal(const struct alloc_ctx *ctx, const struct ip *ip);
/* keepable_ips - of the addresses that it has, those that may stay: one a family. */
void keepable_ips(const struct alloc_ctx *ctx, struct ips *ret_ips);

#endif
