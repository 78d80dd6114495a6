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
	struct decision *ret; /* where it is said what is waited for */
	struct requested_ips req;
	const struct ips *has; /* the addresses that it has now */
	struct ips reserved;   /* for it, and it asks for no others */
};

/* Names and addresses for sentences, in the arena of @ctx. */
const char *svc_name(const struct alloc_ctx *ctx, const struct svc *svc);
const char *pool_name(const struct pool_entry *pool);
const char *ip_text(const struct alloc_ctx *ctx, const struct ip *ip);

bool wants_family(const struct service *spec, uint8_t family);
/* families_lack - NULL, or why no addresses whatever would serve the Service. */
const char *families_lack(const struct service *spec);
/* families_exceed - NULL, or why a Service cannot have all the families of @ips. */
const char *families_exceed(const struct alloc_ctx *ctx, const struct ips *ips);
/* families_refuse - NULL, or why a Service cannot have exactly the families of @ips. */
const char *families_refuse(const struct alloc_ctx *ctx, const struct ips *ips);
/* request_differs - does the Service ask for something else than @ips? */
bool request_differs(const struct alloc_ctx *ctx, const struct ips *ips);

/* give_refuses - NULL if @pool may give the Service a new address, else why not. */
const char *give_refuses(const struct alloc_ctx *ctx, const struct pool_entry *pool);
/*
 * keep_refuses - NULL if the Service may keep @ip, which it has; else why not.  While a pool's
 * specification cannot be read, an address in no pool is kept: it may well be in that one.  So is
 * one whose Service is in a namespace that is not there, as for a moment when either comes or goes.
 */
const char *keep_refuses(const struct alloc_ctx *ctx, const struct ip *ip);
/* may_keep - of the addresses that it has, those that may stay: one a family. */
void may_keep(const struct alloc_ctx *ctx, struct ips *ret_ips);

#endif
