/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include "arplet/lease.h"
#include "core/scenario/fake_api.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A simulated API server.  Watches are late, repeat events or restart.  Requests and replies are
 * slow, fail, or get lost.  A struct fake_api stores the objects, except for the Lease; struct
 * lease_state stores the Lease.
 */
struct sim;
struct sim_node;

#define DRAW_API NODES_MAX /* value of @who in sim_random(), for random numbers of the API server */

struct lease_state {
	bool exists;
	int version, uid;
	char holder[64];
	int32_t duration_s, transitions;
};

/*
 * A change of an object.  Changes of KIND_LEASE have the new state of the Lease.  Changes of other
 * kinds have the line that fake_api passes to on_change().
 */
struct change {
	char *line;
	struct lease_state lease;
};

/* All changes of the objects of one kind since the start of the simulation. */
struct change_log {
	struct change *v;
	size_t n, room;
};

struct api_server {
	struct fake_api api;
	struct lease_state lease;
	/* when a user deleted the Lease; the leader then still leads for up to SIM_LEASE_MS */
	int64_t lease_deleted_ms;
	struct change_log log[KINDS];
	bool proof_exists;
	int down; /* number of faults that prevent replies of the server */
	int uids;
};

void api_server_start(struct sim *sim);
void api_server_done(struct api_server *api_server);

/* A request of a daemon. */
enum request_type {
	REQUEST_WRITE, /* an API write from an action plan */
	REQUEST_LEASE_WRITE,
	REQUEST_LEASE_READ,
	REQUEST_PROOF, /* write the key, which proves that no daemon has led before */
	REQUEST_LIST, /* all objects of a kind */
};

struct request {
	enum request_type type;
	int node, starts; /* identify the daemon process that sent the request */
	uint32_t serial;
	int64_t sent_ms, timeout_ms;
	struct arena mem; /* owns the strings of act and write */
	struct action act;
	struct lease_write write;
	enum kind kind;
	/* the reply */
	/* 0: success; -EAGAIN: version conflict; -ENOENT: no such object; -EIO: other failure */
	int rc;
	struct lease_state lease;
	char **lines; /* the objects of a list */
	size_t n_lines;
	size_t upto; /* length of the change log at the time of the list */
};

/*
 * api_server_request - sends @req, and takes ownership of @req.  node_on_reply() gets the reply,
 * unless the request or the reply is lost.
 */
void api_server_request(struct sim *sim, struct request *req);
void request_free(struct request *req);

/* lease_object - returns the Lease as the JSON decoder would return it; NULL if no Lease exists. */
struct object *lease_object(const struct lease_state *lease);
/* api_server_delete_lease - deletes the Lease, as a user can with kubectl. */
void api_server_delete_lease(struct sim *sim);

/* api_server_resume_watch - schedules the changes that the watch of @node has not delivered yet. */
void api_server_resume_watch(struct sim *sim, struct sim_node *node, enum kind kind);

#endif
