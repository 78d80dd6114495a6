/* SPDX-License-Identifier: Apache-2.0 */
#include "deferred_reports.h"
#include "core/state/world_state.h"

/* All Services wait equally long, so the first Service in the list is due first. */

void
recheck_set(struct world *world, struct svc *svc, bool recheck)
{
	if (svc->recheck == recheck)
		return;
	svc->recheck = recheck;
	svc->recheck_ms = world->now_ms + RECHECK_MS;
	if (recheck)
		TAILQ_INSERT_TAIL(&world->recheck, svc, in_recheck);
	else
		TAILQ_REMOVE(&world->recheck, svc, in_recheck);
}

void
recheck_due(struct world *world)
{
	struct svc *svc;

	while ((svc = TAILQ_FIRST(&world->recheck)) && svc->recheck_ms <= world->now_ms) {
		recheck_set(world, svc, false);
		world_mark(world, svc, MARK_REPORT);
	}
}

int64_t
recheck_next_ms(const struct world *world)
{
	const struct svc *svc = TAILQ_FIRST(&world->recheck);

	return svc ? svc->recheck_ms : INT64_MAX;
}
