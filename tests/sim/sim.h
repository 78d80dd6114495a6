/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_H
#define SIM_H

#include "check.h"
#include "core/story/api.h"
#include "core/story/digest.h"
#include "holders.h"
#include "kube.h"
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
	struct host nodes[NODES_MAX];
	struct lan lans[LANS_MAX];
	struct kube kube;
	const struct script *script;
	int64_t disturbed_ms; /* when a step of the script last began or ended */
	bool alone;           /* no other had for QUIET_MS before it */
	char *wrong;          /* what was found wrong; the run ends */
	struct awaits_probe check;
	struct holders holders;
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

/* sim_at - @fire takes @arg at @at_ms; or @drop does, at the end. */
void sim_at(struct sim *sim, int64_t at_ms, void (*fire)(struct sim *sim, void *arg),
    void (*drop)(void *arg), void *arg);

/* sim_pick - a number below @n; @who draws: a node, or KUBE. */
uint32_t sim_pick(struct sim *sim, int who, uint32_t n);

/* sim_disturb - a step of the script begins or ends. */
#define QUIET_MS 3000
void sim_disturb(struct sim *sim);

/* sim_digest - starts the entry @what of @node in the digest; the caller adds the details. */
uint64_t *sim_digest(struct sim *sim, int node, const char *what);

/* sim_fail - the first thing wrong is kept. */
void sim_fail(struct sim *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* sim_tell - a line of the trace, if there is one. */
void sim_tell(const struct sim *sim, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
