/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_H
#define CHECK_H

/* Which addresses are known to be free on their LAN, and which somebody else uses. */

#include "world_impl.h"

enum check_state { CHECK_FREE, CHECK_USED, CHECK_UNKNOWN };

/*
 * check_state - of @ip, which nobody has been given; without a prober all are free, and so is what
 * lives on no link of this node, where its holder asks.
 */
enum check_state check_state(const struct world *world, const struct ip *ip);

/* check_refuses - is @ip known to be used? */
bool check_refuses(const struct world *world, const struct ip *ip);

/* check_text - for people, of a used one: "is used by 02:...". */
const char *check_text(const struct world *world, const struct ip *ip, struct arena *mem);

/* check_tell - Events on pools about addresses that turned out to be used. */
void check_tell(struct world *world, struct arena *mem, struct plan *plan);

/* check_tell_passed - an Event on @svc, which got @ip: a lower one of its pool is used. */
void check_tell_passed(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan);

/* check_used - how many addresses of @pool are used by others. */
size_t check_used(const struct world *world, const struct pool_entry *pool);
void check_free(struct world *world);

#endif
