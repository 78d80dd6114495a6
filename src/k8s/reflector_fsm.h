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
 *
 * Where the loss of an object takes addresses away (@confirm_deletes), none is lost for good before that is
 * sure.  A CRD that is deleted takes its objects first and is served, empty, for a moment more, so
 * a deletion, or a list with nothing in it, is doubtful: what is known stays, the watch goes on,
 * and a later list decides.
 *
 *   deleted -> DELETED --2 s--> list --objects--> counts
 *                                 +---none----> EMPTY --5 s--> list --none--> counts
 *   404 -----> MISSING ---------> list -------> RETURNED --60 s--> list, as above
 *                                     (5 s, where nothing was known before)
 */
enum phase { PHASE_LIST, PHASE_PAGE, PHASE_WATCH, PHASES };

enum request_outcome {
	OUT_PAGE,      /* a page was read, and there are more */
	OUT_LAST_PAGE, /* the list is complete */
	OUT_UNCONFIRMED,  /* it is, and does not count yet */
	OUT_ENDED,     /* the watch ended, as they do */
	OUT_IDLE,      /* it ended at once, with nothing said */
	OUT_GONE,      /* 410: the version, or the continue token, is too old */
	OUT_MISSING,   /* 404 */
	OUT_REFUSED,   /* 401, 403 */
	OUT_FAILED,    /* no answer, 429, 5xx */
	OUT_GARBLED,   /* an answer that cannot be understood */
	OUTCOMES
};

enum pending {
	PENDING_NONE,
	PENDING_DELETED,  /* an object was deleted */
	PENDING_EMPTY,    /* a list had none */
	PENDING_MISSING,  /* the CRD is not there */
	PENDING_RETURNED, /* it is again: whoever made it may be about to make the objects */
};

struct reflector_fsm {
	enum phase phase;
	unsigned int failures; /* in a row */
	bool confirm_deletes;
	bool some; /* an object is known: there is something to lose */
	enum pending pending;
	int64_t list_ms; /* in doubt: when to list again; 0: not by the clock */
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
#define DELETED_MS 2000   /* since the last deletion: those of a CRD come close together */
#define EMPTY_MS 5000     /* a CRD that goes is gone by then */
#define RETURNED_MS 60000 /* for the objects to be made anew */
#define CAME_MS 5000      /* for those of a CRD that was not there before to come together */

/*
 * reflector_fsm_step - decide, and move @reflector_fsm on.  @retry_after_ms is the server's wish, or -1;
 * @random decides within the jitter.
 */
struct step reflector_fsm_step(struct reflector_fsm *reflector_fsm, enum request_outcome request_outcome, int64_t retry_after_ms,
    uint32_t random);

/*
 * reflector_fsm_watch_works - a watch works: the next failure is the first again.  (A list alone is no proof: one
 * that is followed by a watch that fails must not be repeated at full speed.)
 */
static inline void
reflector_fsm_watch_works(struct reflector_fsm *reflector_fsm)
{
	reflector_fsm->failures = 0;
}

/* reflector_fsm_put - an object came. */
static inline void
reflector_fsm_put(struct reflector_fsm *reflector_fsm)
{
	reflector_fsm->some = true;
}

/* reflector_fsm_deleted - one is said to be deleted: is that to be kept from the others for now? */
bool reflector_fsm_deleted(struct reflector_fsm *reflector_fsm, int64_t now_ms);

/* reflector_fsm_listed - a list of @n objects is complete: does it count? */
enum request_outcome reflector_fsm_listed(struct reflector_fsm *reflector_fsm, size_t n, int64_t now_ms);

/* reflector_fsm_pending_reason - why what is known may not be what there is, in a sentence; NULL: it is. */
const char *reflector_fsm_pending_reason(const struct reflector_fsm *reflector_fsm);

/* outcome_of_status - of an answer that is no success; 0: no answer. */
enum request_outcome outcome_of_status(int status);

/* watch_seconds - timeoutSeconds of a watch: 5 to 10 minutes. */
unsigned int watch_seconds(uint32_t random);

#endif
