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
 * server, and time.  A seed determines the script of faults and every random number.  A random
 * number depends on the seed, the time and the drawing party, but not on earlier draws.  Therefore
 * a run with fewer steps differs from the full run only by the effects of the missing steps.
 */
struct event {
	int64_t at_ms;
	uint64_t serial; /* order of events that are due at the same time */
	void (*fire)(struct sim *sim, void *arg);
	void (*drop)(void *arg); /* frees @arg if the history ends before the event */
	void *arg;
};

struct sim {
	uint32_t seed;
	int64_t now_ms; /* true time; the clock of each node is ahead by clock_offset_ms */
	size_t n_nodes, n_lans;
	struct sim_node nodes[NODES_MAX];
	struct lan lans[LANS_MAX];
	struct api_server api_server;
	const struct script *script;
	int64_t last_fault_ms; /* the last beginning or end of a step of the script */
	bool single_fault;     /* no step began or ended in the QUIET_MS before last_fault_ms */
	char *failure;         /* the first violated check, which ends the run; NULL: none */
	struct alloc_checks alloc_checks;
	struct holder_checks holder_checks;
	uint64_t digest; /* of all actions of the daemons until now: core/scenario/digest.h */
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
 * sim_run - runs the history of @script.  Returns NULL, or a description of the first violated
 * check, which the caller frees.  Stores the digest of the history in *@ret_digest; NULL is fine.
 */
char *sim_run(uint32_t seed, const struct script *script, bool trace, uint64_t *ret_digest);

/*
 * sim_schedule - calls @fire at @at_ms, which takes ownership of @arg.  If the history ends first,
 * calls @drop.
 */
void sim_schedule(struct sim *sim, int64_t at_ms, void (*fire)(struct sim *sim, void *arg),
    void (*drop)(void *arg), void *arg);

/* sim_random - returns a random number below @n.  @who draws: the index of a node, or DRAW_API. */
uint32_t sim_random(struct sim *sim, int who, uint32_t n);

/* sim_fault_changes - notes that a step of the script begins or ends now. */
#define QUIET_MS 3000
void sim_fault_changes(struct sim *sim);

/* sim_digest - starts the entry @what of @node in the digest; the caller adds the details. */
uint64_t *sim_digest(struct sim *sim, int node, const char *what);

/* sim_fail - ends the history with a failure; only the first failure is kept. */
void sim_fail(struct sim *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* sim_trace - prints a line with the time, if the trace is on. */
void sim_trace(const struct sim *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
