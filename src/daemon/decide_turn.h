/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PASS_H
#define PASS_H

#include <ev.h>

/*
 * A pass: what the world decides, carried out.  One at the end of each turn of the loop in which
 * something was learned, and one whenever time alone changes a decision.
 */
struct decide_turn {
	struct ev_loop *loop;
	struct world *world;
	struct speaker *speaker;
	struct executor *executor;
	struct ev_watcher turn; /* fed by hand, and last in its turn */
	ev_timer next_timer;
};

/* decide_turn_init - @decide_turn->world, lan and executor are to be set before the first decide_turn_wake(). */
void decide_turn_init(struct decide_turn *decide_turn, struct ev_loop *loop);
void decide_turn_done(struct decide_turn *decide_turn);

/* decide_turn_wake - something was learned: decide at the end of this turn. */
void decide_turn_wake(struct decide_turn *decide_turn);

#endif
