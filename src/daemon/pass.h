/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PASS_H
#define PASS_H

#include <ev.h>

/*
 * A pass: what the world decides, carried out.  One at the end of each turn of the loop in which
 * something was learned, and one whenever time alone changes a decision.
 */
struct pass {
	struct ev_loop *loop;
	struct world *world;
	struct lan *lan;
	struct executor *executor;
	struct ev_watcher turn; /* fed by hand, and last in its turn */
	ev_timer later;
};

/* pass_init - @pass->world, lan and executor are to be set before the first pass_wake(). */
void pass_init(struct pass *pass, struct ev_loop *loop);
void pass_done(struct pass *pass);

/* pass_wake - something was learned: decide at the end of this turn. */
void pass_wake(struct pass *pass);

#endif
