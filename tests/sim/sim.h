/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_H
#define SIM_H

#include "check_alloc.h"
#include "core/scenario/fake_api.h"
#include "core/scenario/digest.h"
#include "check_holders.h"
#include "api_server.h"
#include "lan.h"
#include "node.h"
#include "script.h"

/*
 * A cluster in one process: nodes that run the core of the daemon, the LANs between them, the API
 * and time.  All that happens follows from a seed and a script of faults, which itself follows
 * from the seed.  A run with fewer steps of the script is the same but for them, as far as it can
 * be: chance is drawn from the seed, the time and who draws, and not from what was drawn before.
 */
struct event {
	int64_t at_ms;
	uint64_t serial; /* of those at the same time the first comes first */
	void (*fire)(struct sim *sim, void *arg);
	void (*drop)(void *arg); /* when it never comes to that */
	void *arg;
};

struct sim {
	uint32_t seed;
	int64_t now_ms; /* the true time; every node's clocks are ahead of it */
	size_t n_nodes, n_lans;
	struct sim_node nodes[NODES_MAX];
	struct lan lans[LANS_MAX];
	struct api_server api_server;
	const struct script *script;
	int64_t last_fault_ms; /* when a step of the script last began or ended */
	bool single_fault;           /* no other had for QUIET_MS before it */
	char *failure;          /* what was found wrong; the run ends */
	struct alloc_checks alloc_checks;
	struct holder_checks holder_checks;
	uint64_t digest; /* of what the daemons did so far; see core/story/digest.h */
	bool tell;            /* every event is printed */

	/* private to sim.c */
	struct event *heap;
	size_t n_heap, heap_room;
	uint64_t serial;
	struct {
		int64_t at_ms;
		uint32_t n;
	} draws[NODES_MAX + 1];
};

/*
 * sim_run - the whole history; NULL, or what is wrong (to be freed).  *@ret_digest becomes the
 * digest of the history; NULL is fine.
 */
char *sim_run(uint32_t seed, const struct script *script, bool tell, uint64_t *ret_digest);

/* sim_schedule - @fire takes @arg at @at_ms; or @drop does, at the end. */
void sim_schedule(struct sim *sim, int64_t at_ms, void (*fire)(struct sim *sim, void *arg),
    void (*drop)(void *arg), void *arg);

/* sim_random - a number below @n; @who draws: a node, or KUBE. */
uint32_t sim_random(struct sim *sim, int who, uint32_t n);

/* sim_fault_changes - a step of the script begins or ends. */
#define QUIET_MS 3000
void sim_fault_changes(struct sim *sim);

/* sim_digest - starts the entry @what of @node in the digest; the caller adds the details. */
uint64_t *sim_digest(struct sim *sim, int node, const char *what);

/* sim_fail - the first thing wrong is kept. */
void sim_fail(struct sim *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* sim_trace - a line of the trace, if there is one. */
void sim_trace(const struct sim *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
