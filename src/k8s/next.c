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
	[OUT_DOUBTFUL] = { { PHASE_WATCH, PHASE_WATCH, SAME }, AT_ONCE, REFLECTOR_HOLDING },
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

static void
set_doubt(struct progress *progress, enum doubt doubt, int64_t list_ms)
{
	progress->doubt = doubt;
	progress->list_ms = list_ms;
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
	if (outcome == OUT_MISSING && progress->wary)
		set_doubt(progress, DOUBT_MISSING, 0);
	step.complete = outcome == OUT_LAST_PAGE;
	step.phase = to == SAME ? progress->phase : (enum phase)to;
	progress->phase = step.phase;
	return step;
}

bool
next_deleted(struct progress *progress, int64_t now_ms)
{
	if (!progress->wary || !progress->some)
		return false;
	if (progress->doubt != DOUBT_RETURNED || progress->list_ms < now_ms + DELETED_MS)
		set_doubt(progress, DOUBT_DELETED, now_ms + DELETED_MS);
	return true;
}

enum outcome
next_listed(struct progress *progress, size_t n, int64_t now_ms)
{
	if (progress->doubt == DOUBT_MISSING)
		set_doubt(progress, DOUBT_RETURNED,
		    now_ms + (progress->some ? RETURNED_MS : CAME_MS));
	if (progress->list_ms > now_ms)
		return OUT_DOUBTFUL;
	if (progress->wary && progress->some && n == 0 && progress->doubt != DOUBT_EMPTY) {
		set_doubt(progress, DOUBT_EMPTY, now_ms + EMPTY_MS);
		return OUT_DOUBTFUL;
	}
	set_doubt(progress, DOUBT_NONE, 0);
	progress->some = n > 0;
	return OUT_LAST_PAGE;
}

const char *
next_doubt(const struct progress *progress)
{
	static const char *const why[] = {
		[DOUBT_DELETED] = "something was deleted; that counts when it is still so in 2 s",
		[DOUBT_EMPTY] = "there is none any more; that counts when it is still so in 5 s",
		[DOUBT_MISSING] = "the CRD is missing; what was known stays in force",
		[DOUBT_RETURNED] = "the CRD is there; its objects are given time to come together",
	};

	if (progress->doubt == DOUBT_MISSING && !progress->some)
		return NULL;
	return why[progress->doubt];
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
