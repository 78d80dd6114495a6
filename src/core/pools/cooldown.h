/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_COOLDOWN_H
#define CORE_POOLS_COOLDOWN_H

#include "arplet/ip.h"
#include <bsd/sys/tree.h>

/*
 * The pool annotation arplet.io/reuse-after: during the cooldown of a released address, only a
 * Service with the namespace and name of the Service that released the address can get it.  Every
 * daemon, not only the allocator, observes releases, so cooldowns survive when another daemon
 * becomes the allocator.  A daemon does not know addresses that were released before this daemon
 * started.
 */
struct meta;
struct world;

/* A released address in cooldown, and the namespace and name of the Service that released it. */
struct cooldown {
	RB_ENTRY(cooldown) by_ip, by_owner, by_end;
	struct ip ip;
	char *ns, *name;
	/*
	 * start and end of the cooldown, monotonic ms; INT64_MAX: cooldowns_update() will set both
	 */
	int64_t since_ms, until_ms;
};

/* cooldowns_new - an empty set of cooldowns; cooldowns_free() frees it. */
struct cooldowns *cooldowns_new(void);
void cooldowns_free(struct world *world);
/*
 * cooldown_begin - start a cooldown of @ip, which the Service @owner has released, if the pool of
 * @ip has arplet.io/reuse-after.  The duration of the cooldown counts from the next
 * cooldowns_update().
 */
void cooldown_begin(struct world *world, const struct ip *ip, const struct meta *owner);
/* cooldown_end - end the cooldown of @ip, if there is one. */
void cooldown_end(struct world *world, const struct ip *ip);
/* cooldown_find - the cooldown of @ip, or NULL. */
const struct cooldown *cooldown_find(const struct world *world, const struct ip *ip);
/*
 * cooldown_of - the first of the cooldowns of addresses that the Service @meta released, or NULL.
 * cooldown_next - the next cooldown of the same Service, or NULL.
 */
const struct cooldown *cooldown_of(const struct world *world, const struct meta *meta);
const struct cooldown *cooldown_next(const struct cooldown *cooldown);
/* cooldown_is_of - true if a Service with the namespace and name in @meta released the address. */
bool cooldown_is_of(const struct cooldown *cooldown, const struct meta *meta);
/*
 * cooldowns_update - set the times of new cooldowns, and end cooldowns whose time is over.  If there
 * are thousands of them, cooldowns_next_ms() then has passed already, and the next call continues.
 */
void cooldowns_update(struct world *world);
/*
 * cooldowns_pools_changed - apply changed values of arplet.io/reuse-after to the running cooldowns.
 */
void cooldowns_pools_changed(struct world *world);
/* cooldowns_next_ms - when the next cooldown ends, monotonic; INT64_MAX: never. */
int64_t cooldowns_next_ms(const struct world *world);

#endif
