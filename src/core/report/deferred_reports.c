/* SPDX-License-Identifier: Apache-2.0 */
#include "deferred_reports.h"
#include "core/state/world_state.h"

/* All reports are deferred by the same time, so the first Service in the list is due first. */

void
deferred_reports_set(struct world *world, struct svc *svc, bool deferred)
{
	if (svc->deferred == deferred)
		return;
	svc->deferred = deferred;
	svc->deferred_until_ms = world->now_ms + DEFER_MS;
	if (deferred)
		TAILQ_INSERT_TAIL(&world->deferred, svc, in_deferred);
	else
		TAILQ_REMOVE(&world->deferred, svc, in_deferred);
}

void
deferred_reports_due(struct world *world)
{
	struct svc *svc;

	while ((svc = TAILQ_FIRST(&world->deferred)) && svc->deferred_until_ms <= world->now_ms) {
		deferred_reports_set(world, svc, false);
		world_mark(world, svc, MARK_REPORT);
	}
}

int64_t
deferred_reports_next_ms(const struct world *world)
{
	const struct svc *svc = TAILQ_FIRST(&world->deferred);

	return svc ? svc->deferred_until_ms : INT64_MAX;
}
