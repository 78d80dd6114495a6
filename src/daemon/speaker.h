/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_SPEAKER_H
#define DAEMON_SPEAKER_H

#include "arplet/action_plan.h"
#include "options/options.h"

/*
 * The daemon's LAN side: passes the world's actions to lan_io, which sends and receives frames, and
 * passes the reports of lan_io to the world.
 */
struct ev_loop;
struct speaker;
struct metrics;
struct node_reader;
struct lan_io;
struct world;

struct speaker_ops {
	void (*on_fact)(void *arg); /* the speaker has put a new fact into the world */
	void (*on_left)(void *arg); /* speaker_leave() has ended: this node holds no VIP */
};

int speaker_new(struct ev_loop *loop, const struct options *opts, struct world *world,
    const struct speaker_ops *ops, void *arg, struct speaker **ret_speaker, struct err *err)
	__attribute__((warn_unused_result));
void speaker_free(struct speaker *speaker); /* NULL is fine */

/*
 * speaker_start - start the speaker after privs_drop().  If @can_send is false, because the process
 * has no CAP_NET_RAW, the speaker announces nothing.
 */
void speaker_start(struct speaker *speaker, bool can_send);

/*
 * speaker_set_node_reader - let the election read from the API whether nodes run from which no hello
 * arrives; NULL: let it read no more.  The caller owns @node_reader.
 */
void speaker_set_node_reader(struct speaker *speaker, struct node_reader *node_reader);

/* speaker_do - carry out ACT_VIP_ELECT, ACT_VIP_WITHDRAW or ACT_HELLO_LINK. */
void speaker_do(struct speaker *speaker, const struct action *act);

/* speaker_probe - pass the world's probe plan to the prober if the plan has changed. */
void speaker_probe(struct speaker *speaker);

/* speaker_update_nodes - open UDP sockets for hellos again, if the addresses of Nodes have changed. */
void speaker_update_nodes(struct speaker *speaker);

/* speaker_update_key - read the key that signs hellos, if its Secret has changed. */
void speaker_update_key(struct speaker *speaker);

/* speaker_unready - return the reason why this node cannot announce yet; NULL if it can. */
const char *speaker_unready(const struct speaker *speaker);

/* speaker_leave - let peers take over the VIPs of this node, and then call on_left(). */
void speaker_leave(struct speaker *speaker);

/* speaker_metrics - add the metrics of peers, hellos and takeovers to @m. */
void speaker_metrics(const struct speaker *speaker, struct metrics *m);

const struct lan_io *speaker_lan_io(const struct speaker *speaker); /* for the counters of lan_io */

#endif
