/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_H
#define SIM_H

#include "api_server.h"
#include "check_alloc.h"
#include "check_holders.h"
#include "core/scenario/digest.h"
#include "core/scenario/fake_api.h"
#include "lan.h"
#include "node.h"
#include "script.h"

/*
 * A cluster in one process: nodes that run the core of the daemon, the LANs between them, the API
 * server, and time.  A seed determines the script and every random number.  A random number depends
 * on the seed, the time and the node that draws it, but not on earlier draws.  So if
 * a run leaves out some steps of the script, only the effects of these steps differ from a run with
 * all steps.
 */
struct event {
	int64_t at_ms;
	uint64_t serial; /* events that are due at the same time fire in the order of serial */
	void (*fire)(struct sim *sim, void *arg);
	void (*drop)(void *arg); /* frees @arg if the history ends before the event */
	void *arg;
};

struct sim {
	uint32_t seed;
	int64_t now_ms; /* simulated time; the clock of a node is ahead by its clock_offset_ms */
	size_t n_nodes, n_lans;
	struct sim_node nodes[NODES_MAX];
	struct lan lans[LANS_MAX];
	struct api_server api_server;
	const struct script *script;
	int64_t last_fault_ms; /* when a step of the script last began or ended */
	bool single_fault;     /* no step began or ended in the QUIET_MS before last_fault_ms */
	char *failure;         /* message of the first failed check; NULL: none failed */
	struct alloc_checks alloc_checks;
	struct holder_checks holder_checks;
	uint64_t digest; /* hash of all actions of the daemons until now: core/scenario/digest.h */
	bool trace;      /* print every event */

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
 * sim_run - runs the history of @script.  Returns NULL, or a description of the first failed check,
 * which the caller frees.  Unless @ret_digest is NULL, stores the digest of the history there.
 */
char *sim_run(uint32_t seed, const struct script *script, bool trace, uint64_t *ret_digest);

/*
 * sim_schedule - schedules a call of @fire, which takes ownership of @arg, at the time @at_ms.  If
 * the history ends before @at_ms, the simulator calls @drop instead of @fire.
 */
void sim_schedule(struct sim *sim, int64_t at_ms, void (*fire)(struct sim *sim, void *arg),
    void (*drop)(void *arg), void *arg);

/* sim_random - returns a random number below @n.  @who: index of the drawing node, or DRAW_API. */
uint32_t sim_random(struct sim *sim, int who, uint32_t n);

/* sim_fault_changes - notes that a step of the script begins or ends now. */
#define QUIET_MS 3000
void sim_fault_changes(struct sim *sim);

/* sim_digest - adds the time, @node and @what to the digest; the caller adds the details. */
uint64_t *sim_digest(struct sim *sim, int node, const char *what);

/* sim_fail - ends the history with a failure message.  Later failure messages are ignored. */
void sim_fail(struct sim *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* sim_trace - prints a message with the simulated time, if sim->trace is set. */
void sim_trace(const struct sim *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
