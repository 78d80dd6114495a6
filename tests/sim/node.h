/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NODE_H
#define NODE_H

#include "arplet/announcer.h"
#include "arplet/election.h"
#include "arplet/lease.h"
#include "arplet/world.h"
#include "executor.h"

#include <bsd/sys/queue.h>

/*
 * A node and the daemon on it: the core, joined as src/daemon/app.c joins it.  A frozen daemon
 * (SIGSTOP) takes in nothing; what arrives waits, and so do its timers.
 */
#define NODES_MAX 5
#define LANS_MAX 2
#define SIM_LEASE_MS 3000

#define WANTED_VIPS_MAX 16

struct sim;
struct request;

/* An address that is announced on a link. */
struct wanted_vip {
	struct ip ip;
	int ifindex;
};

/* Something arrives at a daemon. */
struct input {
	STAILQ_ENTRY(input) next;
	void (*handle)(struct sim_node *node, void *arg);
	void (*drop)(void *arg);
	void *arg;
};

/* A hello that waits to be read. */
struct unread_hello {
	STAILQ_ENTRY(unread_hello) next;
	int lan;
	int64_t at_ms; /* when it came, by the node's clock */
	size_t len;
	uint8_t frame[];
};

/* A watch, as far as its daemon has seen what happened. */
struct watch {
	size_t seen;      /* entries of the log */
	uint32_t listing; /* the serial of the list that is awaited; 0: none */
	int delayed;         /* faults that hold it up */
};

struct sim_node {
	struct sim *sim;
	int index;
	char name[16];
	int down, frozen, api_cut; /* faults; cut: from the API */
	int64_t frozen_since_ms;     /* since when it is */
	int64_t clock_offset_ms;      /* its monotonic clock, of the true time */
	int64_t wall_offset_s;

	int starts;     /* counts the starts of the daemon */
	bool running; /* what follows is its memory */
	bool leaving;
	struct world *world;
	struct elector elector;
	bool is_leader, relisting[KINDS];
	uint32_t lease_serial; /* of the request under way; 0: none */
	bool lease_rereads;
	struct executor executor;
	uint32_t serial;
	struct watch watches[KINDS];
	STAILQ_HEAD(, input) inbox; /* while frozen */
	STAILQ_HEAD(, unread_hello) unread_hellos;   /* hellos that are calm, until it wakes up anyway */
	struct link links[LANS_MAX];
	int64_t link_since_ms[LANS_MAX]; /* since when each is as it is, or the daemon runs */
	struct announcer *announcer;
	struct election *election;
	struct wanted_vip wanted_vips[WANTED_VIPS_MAX];
	size_t n_wanted_vips;
	bool hello_links[LANS_MAX];  /* hellos are said on each */
	bool decide_again;          /* what the world knows, since it last decided */
	bool in_client_request, client_answered; /* a client asks: see speaker_answers() */
	bool answers_outdated;          /* what it answers for may have changed */
	unsigned int refused;  /* hellos that it did not believe */
	int64_t due_ms; /* when a timer of its is, in true time */
};

void node_init(struct sim *sim, int index);
void node_start(struct sim_node *node);
void node_kill(struct sim_node *node); /* SIGKILL; fine when it does not run */
void node_leave(struct sim_node *node); /* SIGTERM */
void node_thaw(struct sim_node *node); /* SIGCONT: what waited arrives */
void node_done(struct sim_node *node);

/* node_now - the daemon's clock. */
int64_t node_now(const struct sim_node *node);

/* node_deliver - @handle takes @arg, now or when the daemon goes on; @drop, if it has ended. */
void node_deliver(struct sim_node *node, void (*handle)(struct sim_node *node, void *arg),
    void (*drop)(void *arg), void *arg);

/* node_turn - timers that are due, then decisions, then when the next timer is due. */
void node_turn(struct sim_node *node);

/* node_request - a request of this daemon goes out; the answer is node_on_reply(), late at the most. */
void node_request(struct sim_node *node, struct request *req);
/* node_list - begins a list of @kind, in the place of its watch. */
void node_list(struct sim_node *node, enum kind kind);
/* node_on_reply - the API has answered; takes @req. */
void node_on_reply(struct sim_node *node, struct request *req);
/* node_on_watch - a watch tells the changes up to @upto. */
void node_on_watch(struct sim_node *node, enum kind kind, size_t upto);

/* leader.c: as src/daemon/leader.c. */
void node_run_leader(struct sim_node *node);
void node_on_lease_reply(struct sim_node *node, struct request *req);
bool node_may_allocate(const struct sim_node *node);

#endif
