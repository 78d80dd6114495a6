/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WORLD_BATCHES_H
#define CORE_WORLD_BATCHES_H

#include "core/state/svc.h"

/*
 * The Services that world_decide() decides, in four stages.  Each stage has one batch: the Services
 * that had the mark of the stage when the stage took them.  If a turn's budget ends before the end
 * of a batch, the next turn continues the same batch.  So the order of decisions, and with it the
 * result, does not depend on the size of the budget.  A Service that gets a mark meanwhile waits for
 * the next batch, unless it is still in the present one.
 */
struct world;

enum stage { STAGE_ALLOC, STAGE_ANNOUNCE, STAGE_REPORT, STAGE_CONDITIONS, STAGES };

struct batches;

struct batches *batches_new(void);
void batches_free(struct batches *batches);
/*
 * batches_next - the next Service to decide in @stage, whose mark is cleared; NULL: no Service has
 * the mark.
 */
struct svc *batches_next(struct world *world, enum stage stage);
/* batches_have - true if a Service has the mark of @stage, and can be decided now. */
bool batches_have(const struct world *world, enum stage stage);
/* batches_at_end - true if the present batch of @stage has ended. */
bool batches_at_end(const struct world *world, enum stage stage);
/*
 * batches_forget - free the deleted @svc, at once or when no batch contains it any more.  The object
 * and all other members of @svc are freed already.
 */
void batches_forget(struct svc *svc);

#endif
