/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_REFLECTOR_FSM_H
#define K8S_REFLECTOR_FSM_H

#include "arplet/reflector.h"
#include "pending_delete.h"

/*
 * The state machine of a reflector: it chooses the next request by the outcome of the last request.
 * Pure.
 *
 * LIST --page--> PAGE --page--> ... --last page--> WATCH --ended--> WATCH ...
 * ^                                                |
 * +---------- resourceVersion expired -------------+     other failures: the same request again,
 * after a pause
 *
 * Some deletions count only after a later list has confirmed them; see pending_delete.h.
 */
enum reflector_phase { PHASE_LIST, PHASE_PAGE, PHASE_WATCH, PHASES };

enum request_outcome {
	REQ_PAGE,        /* a page of the list was read, and another page follows */
	REQ_LAST_PAGE,   /* the list is complete */
	REQ_UNCONFIRMED, /* the list is complete; a later list must confirm the deletions */
	REQ_ENDED,       /* the server ended the watch at timeoutSeconds */
	REQ_IDLE,        /* the watch ended within 1 s without an event */
	REQ_GONE,        /* 410: the resourceVersion or the continue token has expired */
	REQ_MISSING,     /* 404 */
	REQ_REFUSED,     /* 401, 403 */
	REQ_FAILED,      /* no answer, 429, 5xx */
	REQ_MALFORMED,   /* an answer that cannot be decoded */
	REQ_OUTCOMES
};

struct reflector_fsm {
	enum reflector_phase phase;
	unsigned int failures; /* consecutive failures */
	struct pending_delete pending_delete;
};

/* The next request of a reflector. */
struct reflector_step {
	enum reflector_phase phase; /* which request to send */
	int64_t delay_ms;           /* pause before this request */
	enum reflector_state state; /* state to report now */
	bool complete; /* true if the list is complete and confirms all deletions: call list_end */
	bool failed;
};

#define RETRY_FIRST_MS 200
#define RETRY_MAX_MS 30000
#define RETRY_MISSING_MS 5000

/*
 * reflector_fsm_step - advance @fsm by the outcome of a request; returns the next request.
 * @retry_after_ms is the server's Retry-After, or -1; @random sets the jitter of the pause.
 */
struct reflector_step reflector_fsm_step(struct reflector_fsm *fsm, enum request_outcome outcome,
    int64_t retry_after_ms, uint32_t random);

/*
 * reflector_fsm_watch_works - reset the back-off.  A successful list does not reset the back-off:
 * if every watch after a list failed, the reflector would list again and again without a pause.
 */
static inline void
reflector_fsm_watch_works(struct reflector_fsm *fsm)
{
	fsm->failures = 0;
}

/*
 * reflector_fsm_listed - note that a list of @n objects is complete.  Returns REQ_LAST_PAGE if the
 * list confirms all deletions, else REQ_UNCONFIRMED.
 */
enum request_outcome reflector_fsm_listed(struct reflector_fsm *fsm, size_t n, int64_t now_ms);

/*
 * request_outcome_of_status - classify an HTTP status that is not 2xx; status 0: there was no
 * answer.
 */
enum request_outcome request_outcome_of_status(int status);

/* watch_timeout_s - choose timeoutSeconds for a watch: 5 to 10 minutes, by @random. */
unsigned int watch_timeout_s(uint32_t random);

#endif
