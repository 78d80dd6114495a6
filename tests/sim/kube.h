/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KUBE_H
#define KUBE_H

#include "arplet/lease.h"
#include "core/story/api.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The API server as the nodes meet it: watches that are late, replayed or begun anew, requests
 * that take a while, are lost on the way there or on the way back, or fail.  What it holds is in
 * core/api.h; the Lease, which that does not know, is here.
 */
struct sim;
struct host;

#define KUBE NODES_MAX /* draws chance like a node */

struct lease_state {
	bool there;
	int version, uid;
	char holder[64];
	int32_t duration_s, transitions;
};

/*
 * What happened to the objects of one kind: a line each, as api_init() says; of the Lease, what it
 * became.
 */
struct change {
	char *line;
	struct lease_state lease;
};

struct changes {
	struct change *v;
	size_t n, room;
};

struct kube {
	struct api api;
	struct lease_state lease;
	int64_t lease_gone_ms; /* when somebody deleted it: who had it leads on for a while */
	struct changes log[KINDS];
	int down;       /* faults that keep it from answering anybody */
	int uids;
	char leader[64]; /* who last wrote an address: told in the trace */
};

void kube_start(struct sim *sim);
void kube_done(struct kube *kube);

/* One request of a daemon. */
enum alloc_ctx {
	ASK_WRITE,       /* what an action says */
	ASK_LEASE_WRITE,
	ASK_LEASE_READ,
	ASK_LIST,        /* all objects of a kind */
};

struct request {
	enum alloc_ctx alloc_ctx;
	int node, life;   /* of the process that asks */
	uint32_t serial;
	int64_t sent_ms, timeout_ms;
	struct arena mem; /* of what follows */
	struct action act;
	struct lease_write write;
	enum kind kind;
	/* the answer */
	int rc; /* 0; -EAGAIN: a conflict, -ENOENT: not there, -EIO: try again */
	struct lease_state lease;
	char **lines; /* of a list */
	size_t n_lines, upto; /* upto: what the log had by then */
};

/*
 * kube_ask - sends a request, which is on the heap and taken over.  The node gets it back with
 * the answer through node_on_reply(), or not at all.
 */
void kube_ask(struct sim *sim, struct request *req);
void request_free(struct request *req);

/* kube_lease_object - the Lease as decoded; NULL when it is not there. */
struct object *kube_lease_object(const struct lease_state *lease);
/* kube_delete_lease - a person does. */
void kube_delete_lease(struct sim *sim);

/* kube_wake_watch - a watch of a node goes on: all that it has missed arrives soon. */
void kube_wake_watch(struct sim *sim, struct host *node, enum kind kind);

#endif
