/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ASK_H
#define ASK_H

#include "world_impl.h"

/* A Service that is decided on, for alloc.c (what it keeps) and take.c (what it can get). */
struct ask {
	const struct world *world;
	const struct svc *svc;
	const struct service *spec;
	struct arena *mem;
	struct request req;
};

/* Names and addresses for sentences, in the arena of @ask. */
const char *svc_name(const struct ask *ask, const struct svc *svc);
const char *pool_name(const struct pool_entry *pool);
const char *ip_text(const struct ask *ask, const struct ip *ip);

bool wants_family(const struct service *spec, uint8_t family);
/* families_refuse - NULL, or why a Service cannot have exactly the families of @ips. */
const char *families_refuse(const struct ask *ask, const struct ips *ips);
/* request_differs - does the Service ask for something else than @ips? */
bool request_differs(const struct ask *ask, const struct ips *ips);

/* take_new - what it asks for, or else what the pools have: NULL, or why there is none. */
const char *take_new(const struct ask *ask, struct ips *ret_ips);
/* take_second - a free address of its other family beside the one in @has; false: none. */
bool take_second(const struct ask *ask, const struct ips *has, struct ips *ret_ips);

#endif
