/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_LEADER_H
#define DAEMON_LEADER_H

#include "arplet/lease.h"

/* The edge of the Lease: its watch, its writes and its clock around core/lease.c. */
struct client;
struct ev_loop;
struct leader;

struct leader_opts {
	const char *ns, *lease_name; /* the Lease */
	const char *node_name;
	int64_t duration_ms;
};

struct leader_ops {
	void (*on_lead)(void *arg);  /* this daemon may allocate from now on */
	void (*on_loss)(void *arg);  /* it may not any more */
	void (*on_resigned)(void *arg);
};

struct leader *leader_new(struct ev_loop *loop, struct client *client,
    const struct leader_opts *opts, const struct leader_ops *ops, void *arg);
void leader_free(struct leader *leader); /* NULL is fine */

/* leader_leads - by the clock of this moment. */
bool leader_leads(const struct leader *leader);

/* leader_resign - give the Lease up, if we have it; on_resigned follows, in 2 s at the latest. */
void leader_resign(struct leader *leader);

#endif
