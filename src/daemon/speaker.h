/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_LAN_H
#define DAEMON_LAN_H

#include "arplet/plan.h"
#include "options/options.h"

/* The daemon's side of the LAN: what the world wants of the port, and what the port tells it. */
struct ev_loop;
struct speaker;
struct metrics;
struct port;
struct world;

struct speaker_ops {
	void (*on_fact)(void *arg); /* the world has new facts */
	void (*on_left)(void *arg); /* after speaker_leave(): others have taken over */
};

int speaker_new(struct ev_loop *loop, const struct options *opts, struct world *world,
    const struct speaker_ops *ops, void *arg, struct speaker **ret_lan, struct err *err)
	__attribute__((warn_unused_result));
void speaker_free(struct speaker *speaker); /* NULL is fine */

/* speaker_begin - privileges are as they will stay: with CAP_NET_RAW or (@raw false) without. */
void speaker_begin(struct speaker *speaker, bool raw);

/* speaker_do - carry out ACT_VIP_ELECT, ACT_VIP_WITHDRAW or ACT_HELLO_LINK. */
void speaker_do(struct speaker *speaker, const struct action *act);

/* speaker_probe - let the LAN be asked for the addresses that the world wants to know about. */
void speaker_probe(struct speaker *speaker);

/* speaker_follow_key - look whether the Secret with the key of hellos is another than before. */
void speaker_follow_key(struct speaker *speaker);

/* speaker_unready - NULL, or what is missing to announce. */
const char *speaker_unready(const struct speaker *speaker);

void speaker_leave(struct speaker *speaker);
/* speaker_metrics - who is met on the LAN, and what came of it. */
void speaker_metrics(const struct speaker *speaker, struct metrics *m);

const struct port *speaker_port(const struct speaker *speaker); /* to look at */

#endif
