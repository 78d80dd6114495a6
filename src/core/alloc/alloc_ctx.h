/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ASK_H
#define ASK_H

#include "alloc.h"

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

/* Names and addresses for sentences, in the arena of @alloc_ctx. */
const char *svc_name(const struct alloc_ctx *alloc_ctx, const struct svc *svc);
const char *pool_name(const struct pool_entry *pool);
const char *ip_text(const struct alloc_ctx *alloc_ctx, const struct ip *ip);

bool wants_family(const struct service *spec, uint8_t family);
/* families_lack - NULL, or why no addresses whatever would serve the Service. */
const char *families_lack(const struct service *spec);
/* families_exceed - NULL, or why a Service cannot have all the families of @ips. */
const char *families_exceed(const struct alloc_ctx *alloc_ctx, const struct ips *ips);
/* families_refuse - NULL, or why a Service cannot have exactly the families of @ips. */
const char *families_refuse(const struct alloc_ctx *alloc_ctx, const struct ips *ips);
/* request_differs - does the Service ask for something else than @ips? */
bool request_differs(const struct alloc_ctx *alloc_ctx, const struct ips *ips);

/* give_refuses - NULL if @pool may give the Service a new address, else why not. */
const char *give_refuses(const struct alloc_ctx *alloc_ctx, const struct pool_entry *pool);
/*
 * keep_refuses - NULL if the Service may keep @ip, which it has; else why not.  While a pool's
 * specification cannot be read, an address in no pool is kept: it may well be in that one.  So is
 * one whose Service is in a namespace that is not there, as for a moment when either comes or goes.
 */
const char *keep_refuses(const struct alloc_ctx *alloc_ctx, const struct ip *ip);
/* may_keep - of the addresses that it has, those that may stay: one a family. */
void may_keep(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips);

/* take.c: what the pools have; for each NULL or true, or why there is nothing */
const char *alloc_auto(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips);
/* take_cooled_down - the addresses that a Service of this name had a while ago. */
bool take_cooled_down(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips);
/* alloc_second_family - a free address of its other family beside the one in @has. */
bool alloc_second_family(const struct alloc_ctx *alloc_ctx, const struct ips *has, struct ips *ret_ips);

/* named.c */
/* find_reserved - the addresses that pools reserve for the Service, at most one a family. */
void find_reserved(struct alloc_ctx *alloc_ctx);
/* reserved_for_others - NULL, or whom @ip is for. */
const char *reserved_for_others(const struct alloc_ctx *alloc_ctx, const struct pool_entry *pool,
    const struct ip *ip);
/* alloc_requested, alloc_reserved - NULL if the Service can have them, else why not. */
const char *alloc_requested(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips);
const char *alloc_reserved(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips);

#endif
