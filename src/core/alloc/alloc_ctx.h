/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_ALLOC_CTX_H
#define CORE_ALLOC_ALLOC_CTX_H

#include "alloc.h"
#include "requested_ips.h"

/*
 * The context of one decision, and what a Service may keep.  A function *_refusal() returns NULL
 * for yes, else the reason for no, as a text for an Event, in ctx->mem or constant.
 */
struct pool_entry;

struct alloc_ctx {
	const struct world *world;
	const struct svc *svc;
	const struct service *spec;
	struct arena *mem;
	struct alloc_decision *decision; /* allocation sets its awaits_probe and probe_ips */
	struct requested_ips requested;
	const struct ips *current; /* the addresses that the Service has */
	struct ips reserved;       /* reserved for the Service, if it requests no address */
};

/* Names and addresses for messages, in the arena of @ctx. */
const char *svc_name(const struct alloc_ctx *ctx, const struct svc *svc);
const char *pool_name(const struct pool_entry *pool);
const char *ip_text(const struct alloc_ctx *ctx, const struct ip *ip);

/* service_has_family - true if one of the Service's spec.ipFamilies is @family. */
bool service_has_family(const struct service *spec, uint8_t family);
/* families_spec_refusal - NULL, or why no addresses at all fit the Service's families. */
const char *families_spec_refusal(const struct service *spec);
/*
 * families_excess_refusal - NULL, or why the Service cannot have all of @ips: the Service has not
 * the family of an address, or two addresses have the same family.
 */
const char *families_excess_refusal(const struct alloc_ctx *ctx, const struct ips *ips);
/* families_refusal - NULL, or why @ips are not the addresses that ipFamilyPolicy requires. */
const char *families_refusal(const struct alloc_ctx *ctx, const struct ips *ips);
/* request_differs - true if the Service requests other addresses or another pool than @ips have. */
bool request_differs(const struct alloc_ctx *ctx, const struct ips *ips);

/* pool_alloc_refusal - NULL, or why @pool allocates no new address to the Service. */
const char *pool_alloc_refusal(const struct alloc_ctx *ctx, const struct pool_entry *pool);
/*
 * keep_refusal - NULL, or why the Service must release @ip.  The Service keeps an address that no
 * pool contains while a pool has no valid specification, because the invalid pool may contain the
 * address.  The Service keeps an address of a pool with namespaceSelectors until the Namespace is
 * known, because its labels may match.
 */
const char *keep_refusal(const struct alloc_ctx *ctx, const struct ip *ip);
/* keepable_ips - those of the current addresses that the Service may keep, one per family. */
void keepable_ips(const struct alloc_ctx *ctx, struct ips *ret_ips);

#endif
