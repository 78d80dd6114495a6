/* SPDX-License-Identifier: Apache-2.0 */
#include "batches.h"
#include "arplet/world.h"
#include "core/state/world_state.h"

#include <stdlib.h>

struct batches {
	struct batch {
		struct svc **v;
		size_t at, n, room; /* v[at] to v[n - 1] are not decided yet */
	} v[STAGES];
};

static const unsigned int mark_of[STAGES] = {
	[STAGE_ALLOC] = MARK_ALLOC,
	[STAGE_ANNOUNCE] = MARK_ANNOUNCE,
	[STAGE_REPORT] = MARK_REPORT,
	[STAGE_CONDITIONS] = MARK_CONDITIONS,
};

struct batches *
batches_new(void)
{
	return xcalloc(1, sizeof(struct batches));
}

/* Removes @svc from a batch.  Returns false if @svc was deleted; @svc can be freed then. */
static bool
leave(struct svc *svc, enum stage stage)
{
	bool deleted = svc->deleted;

	svc->batched &= (uint8_t)~mark_of[stage];
	if (deleted && !svc->batched)
		free(svc);
	return !deleted;
}

void
batches_free(struct batches *batches)
{
	for (enum stage stage = 0; stage < STAGES; stage++) {
		struct batch *batch = &batches->v[stage];

		while (batch->at < batch->n)
			leave(batch->v[batch->at++], stage);
		free(batch->v);
	}
	free(batches);
}

void
batches_forget(struct svc *svc)
{
	svc->deleted = true;
	if (!svc->batched)
		free(svc);
}

/* The order of decisions: first the Services that request addresses, then by age, then by name. */
static int
order_cmp(const void *a, const void *b)
{
	const struct svc *sa = *(struct svc *const *)a, *sb = *(struct svc *const *)b;

	if (svc_requests_ips(sa) != svc_requests_ips(sb))
		return svc_requests_ips(sa) ? -1 : 1;
	if (sa->e.obj->meta.created_s != sb->e.obj->meta.created_s)
		return sa->e.obj->meta.created_s < sb->e.obj->meta.created_s ? -1 : 1;
	return entry_cmp(&sa->e, &sb->e);
}

/*
 * The marks that must be decided before @stage decides a Service.  Reports depend on the eligible
 * nodes, and conditions depend on all other decisions.
 */
static unsigned int
earlier_marks(const struct world *world, enum stage stage)
{
	unsigned int announcing = world_synced(world) ? 0 : MARK_ANNOUNCE | MARK_REPORT;

	if (stage == STAGE_REPORT)
		return MARK_ANNOUNCE;
	return stage == STAGE_CONDITIONS ? MARK_ALLOC | announcing : 0;
}

static bool
is_due(const struct world *world, const struct svc *svc, enum stage stage)
{
	return svc->marks & mark_of[stage] && !(svc->marks & earlier_marks(world, stage));
}

/* Takes the marked Services into the empty batch of @stage, in the order of decisions. */
static void
take(struct world *world, enum stage stage)
{
	struct batch *batch = &world->batches->v[stage];
	struct svc *svc;

	batch->at = batch->n = 0;
	TAILQ_FOREACH(svc, &world->marked, marked) {
		if (!is_due(world, svc, stage))
			continue;
		if (batch->n == batch->room) {
			batch->room = batch->room ? batch->room * 2 : 64;
			batch->v = xrealloc(batch->v, batch->room, sizeof(*batch->v));
		}
		svc->batched |= (uint8_t)mark_of[stage];
		batch->v[batch->n++] = svc;
	}
	if (batch->n)
		qsort(batch->v, batch->n, sizeof(*batch->v), order_cmp);
}

static void
clear_mark(struct world *world, struct svc *svc, unsigned int mark)
{
	svc->marks &= ~mark;
	if (!svc->marks)
		TAILQ_REMOVE(&world->marked, svc, marked);
}

struct svc *
batches_next(struct world *world, enum stage stage)
{
	struct batch *batch = &world->batches->v[stage];

	for (;;) {
		struct svc *svc;

		if (batch->at == batch->n)
			take(world, stage);
		if (batch->at == batch->n)
			return NULL;
		svc = batch->v[batch->at++];
		/* the Service can have been deleted or marked again since the batch was taken */
		if (!leave(svc, stage) || !is_due(world, svc, stage))
			continue;
		clear_mark(world, svc, mark_of[stage]);
		return svc;
	}
}

bool
batches_at_end(const struct world *world, enum stage stage)
{
	return world->batches->v[stage].at == world->batches->v[stage].n;
}

bool
batches_have(const struct world *world, enum stage stage)
{
	const struct svc *svc;

	if (!batches_at_end(world, stage))
		return true;
	TAILQ_FOREACH(svc, &world->marked, marked) {
		if (is_due(world, svc, stage))
			return true;
	}
	return false;
}
