/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_REFLECTOR_IMPL_H
#define K8S_REFLECTOR_IMPL_H

/* The inside of a reflector, for the files that list and watch. */

#include "arplet/client.h"
#include "arplet/decode.h"
#include "arplet/reflector.h"
#include "json_stream.h"
#include "reflector_fsm.h"

#include <ev.h>

struct reflector {
	struct ev_loop *loop;
	struct client *client;
	struct reflector_opts opts;
	struct reflector_ops ops;
	void *arg;
	char *base; /* path of the resource, and the query that goes with every request */
	char *query;
	struct reflector_fsm reflector_fsm;
	struct call *call; /* NULL: the timer runs */
	ev_timer timer;
	ev_timer relist; /* a list is due, whatever is under way */
	/* of the request that is under way */
	union {
		struct json_items json_items;
		struct json_lines json_lines;
	} in;
	int64_t began_ms;
	size_t n;           /* objects of the list so far */
	bool received;         /* an event came */
	bool gone;          /* the watch said 410, by an ERROR event */
	int64_t retry_after_ms;    /* what an ERROR event asked for; -1: nothing */
	char wrong[512];    /* why the answer was given up; "": it was not */
	char version[VERSION_MAX]; /* to watch from */
	char *more;                /* the continue token of the next page */
	enum reflector_state state;
	char why[512];
	struct reflector_stats stats;
};

/* list.c, watch.c: send what is due; and they read the answer. */
void request_list(struct reflector *r);
void request_watch(struct reflector *r);

/* turn.c: from one request to the next */
/* reflector_schedule - the next request is sent in @delay_ms. */
void reflector_schedule(struct reflector *r, int64_t delay_ms);

/* reflector_list_anew - give up what is under way, and list. */
void reflector_list_anew(struct reflector *r);

/* reflector_in_done - what has come in so far is not needed. */
void reflector_in_done(struct reflector *r);

/* reflector_schedule_relist - a list is due when the progress says so. */
void reflector_schedule_relist(struct reflector *r);

/* reflector_report_watching - a watch works; is what is known what there is? */
void reflector_report_watching(struct reflector *r);

/* reflector_conclude - the request is over, this way or that: go on. */
void reflector_conclude(struct reflector *r, enum request_outcome request_outcome, int64_t retry_after_ms,
    const char *why);

/* reflector_forget_more - no page is to follow. */
void reflector_forget_more(struct reflector *r);

#endif
