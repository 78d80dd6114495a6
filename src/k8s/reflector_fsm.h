/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_REFLECTOR_FSM_H
#define K8S_REFLECTOR_FSM_H

#include "arplet/reflector.h"

/*
 * The state machine of a reflector: the outcome of a request goes in, the next request comes out.
 * Pure.
 *
 * LIST --page--> PAGE --page--> ... --last page--> WATCH --ended--> WATCH ...
 * ^                                                |
 * +---------- resourceVersion expired -------------+     other failures: the same request again,
 * after a pause
 *
 * With confirm_deletes, a deletion of an object takes addresses from Services, so the state machine
 * confirms each deletion by a later list.  The reason: when a CRD is deleted, its objects are
 * deleted first, and for a moment the API server still serves an empty list.  Until the deletion is
 * confirmed, the objects stay in force and the watch continues.
 *
 * event DELETED -> DELETED --2 s--> list --has objects--> confirmed
 * +---empty---> EMPTY --5 s--> list --empty--> confirmed
 * 404 -----------> MISSING -------> list -------> RETURNED --60 s--> list, as above
 * (5 s if no object was known before the 404)
 */
enum reflector_phase { PHASE_LIST, PHASE_PAGE, PHASE_WATCH, PHASES };

enum request_outcome {
	REQ_PAGE,        /* a page of the list was read, and another page follows */
	REQ_LAST_PAGE,   /* the list is complete */
	REQ_UNCONFIRMED, /* the list is complete; its deletions are not confirmed yet */
	REQ_ENDED,       /* the server ended the watch at timeoutSeconds */
	REQ_IDLE,        /* the watch ended within 1 s without an event */
	REQ_GONE,        /* 410: the resourceVersion or the continue token has expired */
	REQ_MISSING,     /* 404 */
	REQ_REFUSED,     /* 401, 403 */
	REQ_FAILED,      /* no answer, 429, 5xx */
	REQ_MALFORMED,   /* an answer that cannot be decoded */
	REQ_OUTCOMES
};

/* Why a deletion is pending: it is reported, and not confirmed yet. */
enum pending_reason {
	PENDING_NONE,
	PENDING_DELETED,  /* the watch reported the deletion of an object */
	PENDING_EMPTY,    /* a list was empty */
	PENDING_MISSING,  /* the CRD is not installed */
	PENDING_RETURNED, /* the CRD was installed a moment ago; its objects may follow */
};

struct reflector_fsm {
	enum reflector_phase phase;
	unsigned int failures; /* consecutive failures */
	bool confirm_deletes;
	bool has_objects; /* at least one object is known */
	enum pending_reason pending;
	int64_t relist_ms; /* when to list to confirm a deletion, monotonic ms; 0: no such list */
};

/* The next request of a reflector. */
struct reflector_step {
	enum reflector_phase phase; /* which request to send */
	int64_t delay_ms;           /* pause before this request */
	enum reflector_state state; /* state to report now */
	bool complete;              /* the list is complete and confirmed: call list_end */
	bool failed;
};

#define RETRY_FIRST_MS 200
#define RETRY_MAX_MS 30000
#define RETRY_MISSING_MS 5000
/* Counted from the last deletion: the objects of a deleted CRD are deleted within this time. */
#define CONFIRM_DELETED_MS 2000
#define CONFIRM_EMPTY_MS 5000      /* a deleted CRD returns 404 after this time */
#define CONFIRM_RETURNED_MS 60000  /* time to create the objects of a reinstalled CRD again */
#define CONFIRM_INSTALLED_MS 5000  /* time to create the objects of a newly installed CRD */

/*
 * reflector_fsm_step - advance @fsm by the outcome of a request; returns the next request.
 * @retry_after_ms is the Retry-After of the server, or -1; @random sets the jitter.
 */
struct reflector_step reflector_fsm_step(struct reflector_fsm *fsm, enum request_outcome outcome,
    int64_t retry_after_ms, uint32_t random);

/*
 * reflector_fsm_watch_works - reset the back-off.  A successful list does not reset it: a list that
 * is followed by a failing watch must not be repeated without a pause.
 */
static inline void
reflector_fsm_watch_works(struct reflector_fsm *fsm)
{
	fsm->failures = 0;
}

/* reflector_fsm_put - the watch reported a new or changed object. */
static inline void
reflector_fsm_put(struct reflector_fsm *fsm)
{
	fsm->has_objects = true;
}

/*
 * reflector_fsm_deleted - the watch reported a deletion.  True if the deletion is pending until a
 * list confirms it.
 */
bool reflector_fsm_deleted(struct reflector_fsm *fsm, int64_t now_ms);

/*
 * reflector_fsm_listed - a list of @n objects is complete.  Returns REQ_LAST_PAGE if it confirms
 * all deletions, else REQ_UNCONFIRMED.
 */
enum request_outcome reflector_fsm_listed(struct reflector_fsm *fsm, size_t n, int64_t now_ms);

/* reflector_fsm_pending_text - describe the pending deletion, for the log; NULL: none. */
const char *reflector_fsm_pending_text(const struct reflector_fsm *fsm);

/* request_outcome_of_status - classify an HTTP status that is not 2xx; 0: there was no answer. */
enum request_outcome request_outcome_of_status(int status);

/* watch_timeout_s - choose timeoutSeconds for a watch: 5 to 10 minutes, by @random. */
unsigned int watch_timeout_s(uint32_t random);

#endif
