/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include "arplet/lease.h"
#include "core/scenario/fake_api.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The API server as the nodes meet it: watches that are late, replayed or begun anew, requests
 * that take a while, are lost on the way there or on the way back, or fail.  What it holds is in
 * core/api.h; the Lease, which that does not know, is here.
 */
struct sim;
struct sim_node;

#define DRAW_API NODES_MAX /* draws chance like a node */

struct lease_state {
	bool there;
	int version, uid;
	char holder[64];
	int32_t duration_s, transitions;
};

/*
 * What happened to the objects of one kind: a line each, as fake_api_init() says; of the Lease, what it
 * became.
 */
struct change {
	char *line;
	struct lease_state lease;
};

struct change_log {
	struct change *v;
	size_t n, room;
};

struct api_server {
	struct api api;
	struct lease_state lease;
	int64_t lease_gone_ms; /* when somebody deleted it: who had it leads on for a while */
	struct change_log log[KINDS];
	int down;       /* faults that keep it from answering anybody */
	int uids;
	char leader[64]; /* who last wrote an address: told in the trace */
};

void api_server_start(struct sim *sim);
void api_server_done(struct api_server *api_server);

/* One request of a daemon. */
enum type {
	REQUEST_WRITE,       /* what an action says */
	REQUEST_LEASE_WRITE,
	REQUEST_LEASE_READ,
	REQUEST_LIST,        /* all objects of a kind */
};

struct request {
	enum type type;
	int node, starts;   /* of the process that asks */
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
 * api_server_request - sends a request, which is on the heap and taken over.  The node gets it back with
 * the answer through node_on_reply(), or not at all.
 */
void api_server_request(struct sim *sim, struct request *req);
void request_free(struct request *req);

/* lease_object - the Lease as decoded; NULL when it is not there. */
struct object *lease_object(const struct lease_state *lease);
/* api_server_delete_lease - a person does. */
void api_server_delete_lease(struct sim *sim);

/* api_server_resume_watch - a watch of a node goes on: all that it has missed arrives soon. */
void api_server_resume_watch(struct sim *sim, struct sim_node *node, enum kind kind);

#endif
