/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NODE_H
#define NODE_H

#include "arplet/announcer.h"
#include "arplet/election.h"
#include "arplet/lease.h"
#include "arplet/world.h"
#include "exec.h"

#include <bsd/sys/queue.h>

/*
 * A node and the daemon on it: the core, joined as src/daemon/app.c joins it.  A frozen daemon
 * (SIGSTOP) takes in nothing; what arrives waits, and so do its timers.
 */
#define NODES_MAX 5
#define LANS_MAX 2
#define SIM_LEASE_MS 3000

#define STANDS_MAX 16

struct sim;
struct request;

/* An address that is announced on a link. */
struct stand {
	struct ip ip;
	int ifindex;
};

/* Something arrives at a daemon. */
struct input {
	STAILQ_ENTRY(input) next;
	void (*handle)(struct host *node, void *arg);
	void (*drop)(void *arg);
	void *arg;
};

/* A hello that waits to be read. */
struct kept {
	STAILQ_ENTRY(kept) next;
	int lan;
	int64_t at_ms; /* when it came, by the node's clock */
	size_t len;
	uint8_t frame[];
};

/* A watch, as far as its daemon has seen what happened. */
struct watch {
	size_t seen;      /* entries of the log */
	uint32_t listing; /* the serial of the list that is awaited; 0: none */
	int late;         /* faults that hold it up */
};

struct host {
	struct sim *sim;
	int index;
	char name[16];
	int down, frozen, cut; /* faults; cut: from the API */
	int64_t frozen_ms;     /* since when it is */
	int64_t ahead_ms;      /* its monotonic clock, of the true time */
	int64_t wall_ahead_s;

	int life;     /* counts the starts of the daemon */
	bool running; /* what follows is its memory */
	bool leaving;
	struct world *world;
	struct elector elector;
	bool leads, unlisted[KINDS];
	uint32_t lease_serial; /* of the request under way; 0: none */
	bool lease_refused;
	struct exec exec;
	uint32_t serial;
	struct watch watches[KINDS];
	STAILQ_HEAD(, input) inbox; /* while frozen */
	STAILQ_HEAD(, kept) kept;   /* hellos that are calm, until it wakes up anyway */
	struct link links[LANS_MAX];
	int64_t up_ms[LANS_MAX]; /* since when each is as it is, or the daemon runs */
	struct announcer *announcer;
	struct election *election;
	struct stand wants_holder[STANDS_MAX];
	size_t n_stands;
	bool hello_links[LANS_MAX];  /* hellos are said on each */
	bool changed;          /* what the world knows, since it last decided */
	bool asking, answered; /* a client asks: see voice_answers() */
	bool unasked;          /* what it answers for may have changed */
	unsigned int refused;  /* hellos that it did not believe */
	int64_t due_ms; /* when a timer of its is, in true time */
};

void node_init(struct sim *sim, int index);
void node_start(struct host *node);
void node_kill(struct host *node); /* SIGKILL; fine when it does not run */
void node_leave(struct host *node); /* SIGTERM */
void node_thaw(struct host *node); /* SIGCONT: what waited arrives */
void node_done(struct host *node);

/* node_now - the daemon's clock. */
int64_t node_now(const struct host *node);

/* node_input - @handle takes @arg, now or when the daemon goes on; @drop, if it has ended. */
void node_input(struct host *node, void (*handle)(struct host *node, void *arg),
    void (*drop)(void *arg), void *arg);

/* node_turn - timers that are due, then decisions, then when the next timer is due. */
void node_turn(struct host *node);

/* node_ask - a request of this daemon goes out; the answer is node_on_reply(), late at the most. */
void node_ask(struct host *node, struct request *req);
/* node_list - begins a list of @kind, in the place of its watch. */
void node_list(struct host *node, enum kind kind);
/* node_on_reply - the API has answered; takes @req. */
void node_on_reply(struct host *node, struct request *req);
/* node_on_changes - a watch tells the changes up to @upto. */
void node_on_changes(struct host *node, enum kind kind, size_t upto);

/* leader.c: as src/daemon/leader.c. */
void node_lead(struct host *node);
void node_on_lease_reply(struct host *node, struct request *req);
bool node_may_allocate(const struct host *node);

#endif
