/* SPDX-License-Identifier: Apache-2.0 */
#include "reflector_fsm.h"

#include "core/base/backoff.h"

enum { SAME = -1 }; /* in reflector_rule.to: the phase does not change */
enum retry_pace { AT_ONCE, BACK_OFF, CRD_POLL };

static const struct reflector_rule {
	/* the next phase; the index is the phase of the request (LIST, PAGE, WATCH) */
	int to[PHASES];
	enum retry_pace pace;
	enum reflector_state state;
} rules[REQ_OUTCOMES] = {
	[REQ_PAGE] = { { PHASE_PAGE, PHASE_PAGE, SAME }, AT_ONCE, REFLECTOR_STARTING },
	[REQ_LAST_PAGE] = { { PHASE_WATCH, PHASE_WATCH, SAME }, AT_ONCE, REFLECTOR_SYNCED },
	[REQ_UNCONFIRMED] = { { PHASE_WATCH, PHASE_WATCH, SAME }, AT_ONCE, REFLECTOR_HOLDING },
	[REQ_ENDED] = { { SAME, SAME, PHASE_WATCH }, AT_ONCE, REFLECTOR_SYNCED },
	[REQ_IDLE] = { { SAME, SAME, PHASE_WATCH }, BACK_OFF, REFLECTOR_RETRYING },
	[REQ_GONE] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, BACK_OFF, REFLECTOR_RETRYING },
	[REQ_MISSING] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, CRD_POLL,
	    REFLECTOR_NOT_INSTALLED },
	[REQ_REFUSED] = { { SAME, PHASE_LIST, SAME }, BACK_OFF, REFLECTOR_FORBIDDEN },
	[REQ_FAILED] = { { SAME, SAME, SAME }, BACK_OFF, REFLECTOR_RETRYING },
	/*
	 * After malformed data, list again: the data possibly reported a change of an object, and
	 * this change is lost.
	 */
	[REQ_MALFORMED] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, BACK_OFF, REFLECTOR_RETRYING },
};

/*
 * While a CRD is missing, the pause between lists does not grow, because these lists cost the API
 * server little.
 */
static int64_t
pause_ms(enum retry_pace pace, unsigned int failures, uint32_t random)
{
	if (pace == CRD_POLL)
		return backoff_ms(RETRY_MISSING_MS, RETRY_MISSING_MS, 1, random);
	return backoff_ms(RETRY_FIRST_MS, RETRY_MAX_MS, failures, random);
}

struct reflector_step
reflector_fsm_step(struct reflector_fsm *fsm, enum request_outcome outcome, int64_t retry_after_ms,
    uint32_t random)
{
	const struct reflector_rule *rule = &rules[outcome];
	int to = rule->to[fsm->phase];
	struct reflector_step step = { .state = rule->state, .failed = rule->pace != AT_ONCE };

	if (rule->pace != AT_ONCE) {
		fsm->failures++;
		step.delay_ms = pause_ms(rule->pace, fsm->failures, random);
	}
	if (retry_after_ms > step.delay_ms)
		step.delay_ms = retry_after_ms;
	if (outcome == REQ_MISSING)
		pending_delete_on_missing(&fsm->pending_delete);
	step.complete = outcome == REQ_LAST_PAGE;
	if (to != SAME)
		fsm->phase = (enum reflector_phase)to;
	step.phase = fsm->phase;
	return step;
}

enum request_outcome
reflector_fsm_listed(struct reflector_fsm *fsm, size_t n, int64_t now_ms)
{
	return pending_delete_on_list(&fsm->pending_delete, n, now_ms) ? REQ_LAST_PAGE
								       : REQ_UNCONFIRMED;
}

enum request_outcome
request_outcome_of_status(int status)
{
	switch (status) {
	case 401:
	case 403:
		return REQ_REFUSED;
	case 404:
		return REQ_MISSING;
	case 410:
		return REQ_GONE;
	default:
		return REQ_FAILED;
	}
}

unsigned int
watch_timeout_s(uint32_t random)
{
	return 300 + random % 301;
}
