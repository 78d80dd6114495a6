/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_LEADER_H
#define DAEMON_LEADER_H

#include "arplet/lease.h"

/*
 * Acquires, renews and releases the Lease of the allocator.  core/lease/lease.c decides when this
 * daemon writes the Lease; this file watches and writes the Lease.
 */
struct client;
struct ev_loop;
struct leader;

struct leader_opts {
	const char *ns, *lease_name; /* namespace and name of the Lease */
	/* name of the Secret with the key for hellos, which proves a new installation; NULL: none */
	const char *secret_name;
	const char *node_name;
	int64_t duration_ms;
};

struct leader_ops {
	void (*on_lead)(void *arg);     /* this daemon holds the Lease from now on */
	void (*on_loss)(void *arg);     /* this daemon lost the Lease, or released it */
	void (*on_resigned)(void *arg); /* leader_resign() has ended */
};

struct leader *leader_new(struct ev_loop *loop, struct client *client,
    const struct leader_opts *opts, const struct leader_ops *ops, void *arg);
void leader_free(struct leader *leader); /* NULL is fine */

/* leader_leads - true if this daemon holds the Lease at this moment. */
bool leader_leads(const struct leader *leader);

/*
 * leader_resign - if this daemon holds the Lease, release the Lease.  Then call on_resigned(),
 * after at most 2 s even if the API server does not respond.
 */
void leader_resign(struct leader *leader);

#endif
