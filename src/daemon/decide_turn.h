/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_DECIDE_TURN_H
#define DAEMON_DECIDE_TURN_H

#include <ev.h>
#include <stdint.h>

/*
 * A decide turn calls world_decide_some(), and passes the actions that the world decides to the
 * speaker and the write_queue.  A decide turn runs at the end of each event loop turn that changed
 * the world, and at the time that world_next_ms() returns.  A decide turn takes a few milliseconds
 * at most; if more is to be decided, the next turn of the event loop continues.  Between two parts,
 * the event loop sends hellos and answers ARP requests.
 */
struct decide_turn {
	struct ev_loop *loop;
	struct world *world;
	struct speaker *speaker;
	struct write_queue *write_queue;
	struct ev_watcher at_turn_end; /* has the lowest priority: runs after all other watchers */
	ev_timer next_decision;
	int64_t unit_ns; /* duration of one unit of world_decide_some(), as measured */
};

/*
 * decide_turn_init - initialize the libev watchers.  The caller sets the members world, speaker and
 * write_queue before it calls decide_turn_schedule().
 */
void decide_turn_init(struct decide_turn *decide_turn, struct ev_loop *loop);
void decide_turn_done(struct decide_turn *decide_turn);

/* decide_turn_schedule - run a decide turn at the end of this event loop turn. */
void decide_turn_schedule(struct decide_turn *decide_turn);

#endif
