/* SPDX-License-Identifier: Apache-2.0 */
#include "holder.h"

/*
 * Services whose report is looked at again after a while.  All wait as long, so the first in line
 * is the first whose time comes.
 */

void
later_set(struct world *world, struct svc *svc, bool later)
{
	if (svc->later == later)
		return;
	svc->later = later;
	svc->later_ms = world->now_ms + LATER_MS;
	if (later)
		TAILQ_INSERT_TAIL(&world->later, svc, in_later);
	else
		TAILQ_REMOVE(&world->later, svc, in_later);
}

void
later_settle(struct world *world)
{
	struct svc *svc;

	while ((svc = TAILQ_FIRST(&world->later)) && svc->later_ms <= world->now_ms) {
		later_set(world, svc, false);
		world_mark(world, svc, MARK_REPORT);
	}
}

int64_t
later_next_ms(const struct world *world)
{
	const struct svc *svc = TAILQ_FIRST(&world->later);

	return svc ? svc->later_ms : INT64_MAX;
}
