/* SPDX-License-Identifier: Apache-2.0 */
#include "next.h"

/* Where to go on.  SAME is the same again; a page whose token is gone means the whole list. */
enum { SAME = -1 };
enum pace { AT_ONCE, BACK_OFF, GENTLY };

static const struct rule {
	int to[PHASES]; /* from LIST, PAGE, WATCH */
	enum pace pace;
	enum reflector_state state;
} rules[OUTCOMES] = {
	[OUT_PAGE] = { { PHASE_PAGE, PHASE_PAGE, SAME }, AT_ONCE, REFLECTOR_STARTING },
	[OUT_LAST_PAGE] = { { PHASE_WATCH, PHASE_WATCH, SAME }, AT_ONCE, REFLECTOR_SYNCED },
	[OUT_ENDED] = { { SAME, SAME, PHASE_WATCH }, AT_ONCE, REFLECTOR_SYNCED },
	[OUT_IDLE] = { { SAME, SAME, PHASE_WATCH }, BACK_OFF, REFLECTOR_RETRYING },
	[OUT_GONE] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, BACK_OFF, REFLECTOR_RETRYING },
	[OUT_MISSING] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, GENTLY, REFLECTOR_NOT_INSTALLED },
	[OUT_REFUSED] = { { SAME, PHASE_LIST, SAME }, BACK_OFF, REFLECTOR_FORBIDDEN },
	[OUT_FAILED] = { { SAME, SAME, SAME }, BACK_OFF, REFLECTOR_RETRYING },
	/* what was not understood may have held a change: only a list makes up for it */
	[OUT_GARBLED] = { { PHASE_LIST, PHASE_LIST, PHASE_LIST }, BACK_OFF, REFLECTOR_RETRYING },
};

/* @ms less up to a half, so that many clients do not come back together. */
static int64_t
jittered(int64_t ms, uint32_t random)
{
	return ms - (int64_t)(random % (uint64_t)(ms / 2 + 1));
}

static int64_t
back_off(unsigned int failures, uint32_t random)
{
	int64_t ms = RETRY_FIRST_MS;

	while (--failures > 0 && ms < RETRY_MAX_MS)
		ms *= 2;
	return jittered(ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS, random);
}

struct step
next_step(struct progress *progress, enum outcome outcome, int64_t retry_after_ms,
    uint32_t random)
{
	const struct rule *rule = &rules[outcome];
	int to = rule->to[progress->phase];
	struct step step = { .state = rule->state, .failed = rule->pace != AT_ONCE };

	if (rule->pace != AT_ONCE) {
		progress->failures++;
		step.delay_ms = rule->pace == GENTLY ? jittered(RETRY_MISSING_MS, random)
						     : back_off(progress->failures, random);
	}
	if (retry_after_ms > step.delay_ms)
		step.delay_ms = retry_after_ms;
	step.complete = outcome == OUT_LAST_PAGE;
	step.phase = to == SAME ? progress->phase : (enum phase)to;
	progress->phase = step.phase;
	return step;
}

enum outcome
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
