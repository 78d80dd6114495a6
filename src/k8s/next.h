/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_NEXT_H
#define ARPLET_NEXT_H

#include "arplet/reflector.h"

/*
 * What a reflector does next.  Pure: outcomes go in, a step comes out.
 *
 *   LIST --page--> PAGE --page--> ... --last page--> WATCH --ended--> WATCH ...
 *     ^                                                |
 *     +--------------- the version is gone ------------+     anything else: the same again, later
 */
enum phase { PHASE_LIST, PHASE_PAGE, PHASE_WATCH, PHASES };

enum outcome {
	OUT_PAGE,      /* a page was read, and there are more */
	OUT_LAST_PAGE, /* the list is complete */
	OUT_ENDED,     /* the watch ended, as they do */
	OUT_IDLE,      /* it ended at once, with nothing said */
	OUT_GONE,      /* 410: the version, or the continue token, is too old */
	OUT_MISSING,   /* 404 */
	OUT_REFUSED,   /* 401, 403 */
	OUT_FAILED,    /* no answer, 429, 5xx */
	OUT_GARBLED,   /* an answer that cannot be understood */
	OUTCOMES
};

struct progress {
	enum phase phase;
	unsigned int failures; /* in a row */
};

struct step {
	enum phase phase;           /* do this */
	int64_t delay_ms;           /* after this */
	enum reflector_state state; /* and say this */
	bool complete;              /* the list is complete: list_end */
	bool failed;
};

#define RETRY_FIRST_MS 200
#define RETRY_MAX_MS 30000
#define RETRY_MISSING_MS 5000

/*
 * next_step - decide, and move @progress on.  @retry_after_ms is the server's wish, or -1;
 * @random decides within the jitter.
 */
struct step next_step(struct progress *progress, enum outcome outcome, int64_t retry_after_ms,
    uint32_t random);

/*
 * next_heard - a watch works: the next failure is the first again.  (A list alone is no proof: one
 * that is followed by a watch that fails must not be repeated at full speed.)
 */
static inline void
next_heard(struct progress *progress)
{
	progress->failures = 0;
}

/* outcome_of_status - of an answer that is no success; 0: no answer. */
enum outcome outcome_of_status(int status);

/* watch_seconds - timeoutSeconds of a watch: 5 to 10 minutes. */
unsigned int watch_seconds(uint32_t random);

#endif
