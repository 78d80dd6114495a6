/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_CTX_H
#define CORE_ALLOC_ALLOC_CTX_H

#include "alloc.h"
#include "requested_ips.h"

/*
 * The context of one allocation decision, and the rules for addresses that a Service may keep.  A
 * function whose name ends in _refusal returns NULL if it finds no obstacle, or else a text for an
 * Event about the obstacle.  This text is allocated in ctx->mem or is a constant string.
 */
struct pool_entry;

struct alloc_ctx {
	const struct world *world;
	const struct svc *svc;
	const struct service *spec;
	struct arena *mem;
	struct alloc_decision *decision; /* the result of alloc_decide() */
	struct requested_ips requested;
	const struct ips *current; /* the addresses that the Service has */
	struct ips reserved; /* addresses reserved for the Service; none if it requests addresses */
};

/* Names and addresses as texts for messages, in the arena of @ctx. */
const char *svc_name(const struct alloc_ctx *ctx, const struct svc *svc);
const char *pool_name(const struct pool_entry *pool);
const char *ip_text(const struct alloc_ctx *ctx, const struct ip *ip);

/* service_has_family - true if one of the Service's spec.ipFamilies is @family. */
bool service_has_family(const struct service *spec, uint8_t family);
/*
 * families_spec_refusal - NULL, or why the Service's clusterIPs and ipFamilyPolicy rule out every
 * address.
 */
const char *families_spec_refusal(const struct service *spec);
/*
 * families_excess_refusal - NULL, or why the Service cannot have all of @ips: the Service lacks the
 * family of an address, or two addresses have the same family.
 */
const char *families_excess_refusal(const struct alloc_ctx *ctx, const struct ips *ips);
/* families_refusal - NULL, or why @ips are not the addresses that ipFamilyPolicy requires. */
const char *families_refusal(const struct alloc_ctx *ctx, const struct ips *ips);
/*
 * request_differs - true if @ips are not the requested addresses, lack a reserved address, or are
 * not from the requested pool.
 */
bool request_differs(const struct alloc_ctx *ctx, const struct ips *ips);

/* pool_alloc_refusal - NULL, or why @pool allocates no new address to the Service. */
const char *pool_alloc_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool);
/*
 * keep_refusal - NULL, or why the Service must release @ip.  While the specification of a pool is
 * invalid, a Service keeps an address that no other pool contains, because the invalid pool may
 * contain the address.  Until arplet knows a Namespace, the Services in it keep addresses of pools
 * with namespaceSelectors, because these selectors could match the Namespace's labels.
 */
const char *keep_refusal(const struct alloc_ctx *ctx, const struct ip *ip);
/* keepable_ips - find the current addresses that the Service may keep, at most one per family. */
void keepable_ips(const struct alloc_ctx *ctx, struct ips *ret_ips);

#endif
