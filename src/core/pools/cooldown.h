/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_COOLDOWN_H
#define CORE_POOLS_COOLDOWN_H

#include "arplet/ip.h"
#include <bsd/sys/tree.h>

struct meta;
struct world;

/* A released address at rest, and the Service that had it. */
struct cooldown {
	RB_ENTRY(cooldown) by_ip, by_owner, by_end;
	struct ip ip;
	char *ns, *name;
	int64_t since_ms, until_ms;
};

/* cooldowns_new - the part of a world that this module keeps; cooldowns_free() frees it. */
struct cooldowns *cooldowns_new(void);
/* cooldown_begin - @owner was the last to use @ip: dated by the next cooldowns_update(). */
void cooldown_begin(struct world *world, const struct ip *ip, const struct meta *owner);
void cooldown_end(struct world *world, const struct ip *ip);
const struct cooldown *cooldown_find(const struct world *world, const struct ip *ip);
/* cooldown_of - the first that a Service of this name had, or NULL; cooldown_next - the one after it. */
const struct cooldown *cooldown_of(const struct world *world, const struct meta *meta);
const struct cooldown *cooldown_next(const struct cooldown *cooldown);
bool cooldown_is_of(const struct cooldown *cooldown, const struct meta *meta);
/* cooldowns_update - those that began are dated, those that are over end. */
void cooldowns_update(struct world *world);
/* cooldowns_pools_changed - how long they last is looked up anew. */
void cooldowns_pools_changed(struct world *world);
int64_t cooldowns_next_ms(const struct world *world); /* when the next is over; INT64_MAX: never */
void cooldowns_free(struct world *world);

#endif
