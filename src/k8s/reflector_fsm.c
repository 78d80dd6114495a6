/* SPDX-License-Identifier: Apache-2.0 */
#include "reflector_fsm.h"

#include "core/base/backoff.h"

/* Where to go on.  SAME is the same again; a page whose token is gone means the whole list. */
enum { SAME = -1 };
enum pace { AT_ONCE, BACK_OFF, GENTLY };

static const struct retry_rule {
	int to[PHASES]; /* from LIST, PAGE, WATCH */
	enum pace pace;
	enum reflector_state state;
} rules[OUTCOMES] = {
	[OUT_PAGE] = { { PHASE_PAGE, PHASE_PAGE, SAME }, AT_ONCE, REFLECTOR_STARTING },
	[OUT_LAST_PAGE] = { { PHASE_WATCH, PHASE_WATCH, SAME }, AT_ONCE, REFLECTOR_SYNCED },
	[OUT_UNCONFIRMED] = { { PHASE_WATCH, PHASE_WATCH, SAME }, AT_ONCE, REFLECTOR_HOLDING },
	[OUT_ENDED] = { { SAME, SAME, PHASE_WATCH }, AT_ONCE, REFLECTOR_SYNCED },
	[OUT_IDLE] = { { SAME, SAME, PHASE_WATCH }, BACK_OFF, REFLECTOR_RETRYING },
	[OUT_GONE] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, BACK_OFF, REFLECTOR_RETRYING },
	[OUT_MISSING] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, GENTLY, REFLECTOR_NOT_INSTALLED },
	[OUT_REFUSED] = { { SAME, PHASE_LIST, SAME }, BACK_OFF, REFLECTOR_FORBIDDEN },
	[OUT_FAILED] = { { SAME, SAME, SAME }, BACK_OFF, REFLECTOR_RETRYING },
	/* what was not understood may have held a change: only a list makes up for it */
	[OUT_GARBLED] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, BACK_OFF, REFLECTOR_RETRYING },
};

/* A missing CRD is no overload: the pause between its lists does not grow. */
static int64_t
pause_ms(enum pace pace, unsigned int failures, uint32_t random)
{
	if (pace == GENTLY)
		return backoff_ms(RETRY_MISSING_MS, RETRY_MISSING_MS, 1, random);
	return backoff_ms(RETRY_FIRST_MS, RETRY_MAX_MS, failures, random);
}

static void
set_pending(struct reflector_fsm *reflector_fsm, enum pending pending, int64_t list_ms)
{
	reflector_fsm->pending = pending;
	reflector_fsm->list_ms = list_ms;
}

struct step
reflector_fsm_step(struct reflector_fsm *reflector_fsm, enum request_outcome request_outcome, int64_t retry_after_ms,
    uint32_t random)
{
	const struct retry_rule *rule = &rules[request_outcome];
	int to = rule->to[reflector_fsm->phase];
	struct step step = { .state = rule->state, .failed = rule->pace != AT_ONCE };

	if (rule->pace != AT_ONCE) {
		reflector_fsm->failures++;
		step.delay_ms = pause_ms(rule->pace, reflector_fsm->failures, random);
	}
	if (retry_after_ms > step.delay_ms)
		step.delay_ms = retry_after_ms;
	if (request_outcome == OUT_MISSING && reflector_fsm->confirm_deletes)
		set_pending(reflector_fsm, PENDING_MISSING, 0);
	step.complete = request_outcome == OUT_LAST_PAGE;
	step.phase = to == SAME ? reflector_fsm->phase : (enum phase)to;
	reflector_fsm->phase = step.phase;
	return step;
}

bool
reflector_fsm_deleted(struct reflector_fsm *reflector_fsm, int64_t now_ms)
{
	if (!reflector_fsm->confirm_deletes || !reflector_fsm->some)
		return false;
	if (reflector_fsm->pending != PENDING_RETURNED || reflector_fsm->list_ms < now_ms + DELETED_MS)
		set_pending(reflector_fsm, PENDING_DELETED, now_ms + DELETED_MS);
	return true;
}

enum request_outcome
reflector_fsm_listed(struct reflector_fsm *reflector_fsm, size_t n, int64_t now_ms)
{
	if (reflector_fsm->pending == PENDING_MISSING)
		set_pending(reflector_fsm, PENDING_RETURNED,
		    now_ms + (reflector_fsm->some ? RETURNED_MS : CAME_MS));
	if (reflector_fsm->list_ms > now_ms)
		return OUT_UNCONFIRMED;
	if (reflector_fsm->confirm_deletes && reflector_fsm->some && n == 0 && reflector_fsm->pending != PENDING_EMPTY) {
		set_pending(reflector_fsm, PENDING_EMPTY, now_ms + EMPTY_MS);
		return OUT_UNCONFIRMED;
	}
	set_pending(reflector_fsm, PENDING_NONE, 0);
	reflector_fsm->some = n > 0;
	return OUT_LAST_PAGE;
}

const char *
reflector_fsm_pending_reason(const struct reflector_fsm *reflector_fsm)
{
	static const char *const why[] = {
		[PENDING_DELETED] = "something was deleted; that counts when it is still so in 2 s",
		[PENDING_EMPTY] = "there is none any more; that counts when it is still so in 5 s",
		[PENDING_MISSING] = "the CRD is missing; what was known stays in force",
		[PENDING_RETURNED] = "the CRD is there; its objects are given time to come together",
	};

	if (reflector_fsm->pending == PENDING_MISSING && !reflector_fsm->some)
		return NULL;
	return why[reflector_fsm->pending];
}

enum request_outcome
outcome_of_status(int status)
{
	switch (status) {
	case 401:
	case 403:
		return OUT_REFUSED;
	case 404:
		return OUT_MISSING;
	case 410:
		return OUT_GONE;
	default:
		return OUT_FAILED;
	}
}

unsigned int
watch_seconds(uint32_t random)
{
	return 300 + random % 301;
}
