/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NODE_H
#define NODE_H

#include "arplet/announcer.h"
#include "arplet/election.h"
#include "arplet/lease.h"
#include "arplet/world.h"
#include "write_queue.h"

#include <bsd/sys/queue.h>

/*
 * A simulated node and its daemon.  The daemon consists of the modules of src/core, connected as in
 * src/daemon/app.c.  A frozen daemon (SIGSTOP) processes its inputs and timers only after SIGCONT.
 */
#define NODES_MAX 5
#define LANS_MAX 2
#define SIM_LEASE_MS 3000

#define WANTED_VIPS_MAX 16

struct sim;
struct lease_state;
struct request;

/* A VIP that the world wants a holder for (ACT_VIP_ELECT), on a link. */
struct wanted_vip {
	struct ip ip;
	int ifindex;
};

/* A queued input of a frozen daemon: a frame, an API server's reply, a watch event, a signal. */
struct input {
	STAILQ_ENTRY(input) next;
	void (*handle)(struct sim_node *node, void *arg);
	void (*drop)(void *arg);
	void *arg;
};

/* A hello with the flag HELLO_UNCHANGED that the daemon has not read yet. */
struct unread_hello {
	STAILQ_ENTRY(unread_hello) next;
	int lan;
	int64_t at_ms; /* time of arrival, by the node's clock */
	size_t len;
	uint8_t frame[];
};

/* The watch of one kind of object. */
struct watch {
	size_t seen;      /* number of changes (struct change_log) that the daemon received */
	uint32_t listing; /* serial number of the list request in progress; 0: none */
	int delayed;      /* number of faults that delay the watch */
};

struct sim_node {
	struct sim *sim;
	int index;
	char name[16];
	int down;                 /* number of faults that prevent a start of the daemon */
	int frozen;               /* number of faults that stop the daemon by SIGSTOP */
	int api_cut;              /* number of faults that cut the node off from the API server */
	int64_t frozen_since_ms;  /* simulated time of the last SIGSTOP */
	int64_t clock_offset_ms;  /* the node's monotonic clock minus the simulated time */
	int64_t wall_offset_s;    /* the node's wall clock minus the simulated time */

	int starts;   /* how often the daemon has started; this number identifies its process */
	bool running; /* the daemon runs; if not, the members below have no meaning */
	bool leaving; /* the daemon received SIGTERM */
	struct world *world;
	struct elector elector;
	bool is_leader;
	bool relisting[KINDS];  /* kinds of objects that a new leader lists before it allocates */
	uint32_t lease_serial;  /* serial number of the Lease request in progress; 0: none */
	uint32_t proof_serial;  /* serial number of the create of the proof in progress; 0: none */
	bool lease_rereads;     /* the Lease request in progress is a read after a failed write */
	struct write_queue write_queue;
	uint32_t serial;
	struct watch watches[KINDS];
	STAILQ_HEAD(, input) inbox; /* inputs that arrived while the daemon was frozen */
	STAILQ_HEAD(, unread_hello) unread_hellos;
	struct link links[LANS_MAX];
	struct arena links_mem; /* the addresses of links */
	int64_t link_since_ms[LANS_MAX]; /* simulated time of the last change of each link */
	struct announcer *announcer;
	struct election *election;
	struct wanted_vip wanted_vips[WANTED_VIPS_MAX];
	size_t n_wanted_vips;
	bool hello_links[LANS_MAX]; /* links on which the daemon sends hellos */
	bool decide_again;          /* the world has new input since its last decision */
	bool undecided;             /* the last turn did not decide all marked Services */
	bool in_client_request;     /* see speaker_answers() */
	bool client_answered;
	bool answers_outdated;      /* the set of VIPs that the node answers for may have changed */
	int64_t due_ms;             /* when the next timer is due, in simulated time */
};

void node_init(struct sim *sim, int index);
void node_start(struct sim_node *node);
void node_kill(struct sim_node *node);  /* SIGKILL; does nothing if the daemon does not run */
void node_leave(struct sim_node *node); /* SIGTERM */
void node_thaw(struct sim_node *node);  /* SIGCONT: the daemon processes its queued inputs */
void node_done(struct sim_node *node);

/* node_now - returns the time of the node's monotonic clock. */
int64_t node_now(const struct sim_node *node);

/*
 * node_deliver - calls @handle, which takes ownership of @arg.  If the daemon is frozen, calls
 * @handle only when the daemon continues.  If the daemon does not run, calls @drop instead.
 */
void node_deliver(struct sim_node *node, void (*handle)(struct sim_node *node, void *arg),
    void (*drop)(void *arg), void *arg);

/* node_turn - runs due timers and one decide turn, and sets the time of the next timer. */
void node_turn(struct sim_node *node);

/*
 * node_request - sends @req to the API server, and takes ownership of @req.  node_on_reply() gets
 * the reply, or -EIO if no reply arrives within req->timeout_ms.
 */
void node_request(struct sim_node *node, struct request *req);
/* node_list - starts a list of @kind.  The watch of @kind pauses until the list is complete. */
void node_list(struct sim_node *node, enum kind kind);
/* node_on_reply - processes a reply of the API server; takes ownership of @req. */
void node_on_reply(struct sim_node *node, struct request *req);
/* node_on_watch - processes the changes of objects of @kind, up to number @upto. */
void node_on_watch(struct sim_node *node, enum kind kind, size_t upto);

/* leader.c: the Lease, as in src/daemon/leader.c. */
void node_run_leader(struct sim_node *node);
/* node_on_lease - the elector learns the state of the Lease from a list, a watch or a reply. */
void node_on_lease(struct sim_node *node, const struct lease_state *lease);
void node_on_lease_reply(struct sim_node *node, struct request *req);
/* node_on_proof_reply - handles the answer to the create of the proof (lease.h). */
void node_on_proof_reply(struct sim_node *node, const struct request *req);
bool node_may_allocate(const struct sim_node *node);

#endif
