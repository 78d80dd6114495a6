/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_LAN_H
#define DAEMON_LAN_H

#include "arplet/plan.h"
#include "options.h"

/* The daemon's side of the LAN: what the world wants of the port, and what the port tells it. */
struct ev_loop;
struct lan;
struct metrics;
struct port;
struct world;

struct lan_ops {
	void (*on_fact)(void *arg); /* the world has new facts */
	void (*on_left)(void *arg); /* after lan_leave(): others have taken over */
};

int lan_new(struct ev_loop *loop, const struct options *opts, struct world *world,
    const struct lan_ops *ops, void *arg, struct lan **ret_lan, struct err *err)
	__attribute__((warn_unused_result));
void lan_free(struct lan *lan); /* NULL is fine */

/* lan_begin - privileges are as they will stay: with CAP_NET_RAW or (@raw false) without. */
void lan_begin(struct lan *lan, bool raw);

/* lan_do - carry out ACT_STAND, ACT_WITHDRAW or ACT_MEET. */
void lan_do(struct lan *lan, const struct action *act);

/* lan_ask - let the LAN be asked for the addresses that the world wants to know about. */
void lan_ask(struct lan *lan);

/* lan_follow_key - look whether the Secret with the key of hellos is another than before. */
void lan_follow_key(struct lan *lan);

/* lan_unready - NULL, or what is missing to announce. */
const char *lan_unready(const struct lan *lan);

void lan_leave(struct lan *lan);
/* lan_metrics - who is met on the LAN, and what came of it. */
void lan_metrics(const struct lan *lan, struct metrics *m);

const struct port *lan_port(const struct lan *lan); /* to look at */

#endif
