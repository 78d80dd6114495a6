/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- future events, in a binary heap --- */

static bool
before(const struct event *a, const struct event *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->serial < b->serial;
}

void
sim_schedule(struct sim *sim, int64_t at_ms, void (*fire)(struct sim *sim, void *arg),
    void (*drop)(void *arg), void *arg)
{
	struct event event = { at_ms > sim->now_ms ? at_ms : sim->now_ms, sim->serial++, fire, drop,
		arg };
	size_t i = sim->n_heap++;

	if (sim->n_heap > sim->heap_room) {
		sim->heap_room = sim->heap_room ? sim->heap_room * 2 : 256;
		sim->heap = xrealloc(sim->heap, sim->heap_room, sizeof(*sim->heap));
	}
	for (; i > 0 && before(&event, &sim->heap[(i - 1) / 2]); i = (i - 1) / 2)
		sim->heap[i] = sim->heap[(i - 1) / 2];
	sim->heap[i] = event;
}

static struct event
heap_pop(struct sim *sim)
{
	struct event first = sim->heap[0], last = sim->heap[--sim->n_heap];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < sim->n_heap) {
		if (child + 1 < sim->n_heap && before(&sim->heap[child + 1], &sim->heap[child]))
			child++;
		if (!before(&sim->heap[child], &last))
			break;
		sim->heap[i] = sim->heap[child];
		i = child;
	}
	sim->heap[i] = last;
	return first;
}

/* --- random numbers --- */

static uint64_t
mix(uint64_t x)
{
	/* splitmix64 */
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

uint32_t
sim_random(struct sim *sim, int who, uint32_t n)
{
	uint64_t x = ((uint64_t)sim->seed << 32) ^ (uint64_t)sim->now_ms;

	if (sim->draws[who].at_ms != sim->now_ms)
		sim->draws[who].n = 0;
	sim->draws[who].at_ms = sim->now_ms;
	x = mix(mix(x) ^ ((uint64_t)who << 32) ^ sim->draws[who].n++);
	return (uint32_t)((x >> 32) * n >> 32);
}

void
sim_fault_changes(struct sim *sim)
{
	sim->single_fault = sim->now_ms - sim->last_fault_ms >= QUIET_MS;
	sim->last_fault_ms = sim->now_ms;
}

uint64_t *
sim_digest(struct sim *sim, int node, const char *what)
{
	digest_number(&sim->digest, sim->now_ms);
	digest_number(&sim->digest, node);
	digest_text(&sim->digest, what);
	return &sim->digest;
}

/* --- failures and the trace --- */

void
sim_fail(struct sim *sim, const char *fmt, ...)
{
	va_list ap;

	if (sim->failure)
		return;
	va_start(ap, fmt);
	if (vasprintf(&sim->failure, fmt, ap) < 0)
		abort();
	va_end(ap);
	sim_trace(sim, "FAILURE: %s", sim->failure);
}

void
sim_trace(const struct sim *sim, const char *fmt, ...)
{
	va_list ap;

	if (!sim->trace)
		return;
	printf("%3d.%03d ", (int)(sim->now_ms / 1000), (int)(sim->now_ms % 1000));
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

/* --- the history --- */

/* Returns the node with the earliest timer; NULL if no daemon runs. */
static struct sim_node *
first_due(struct sim *sim)
{
	struct sim_node *first = NULL;

	for (size_t i = 0; i < sim->n_nodes; i++) {
		struct sim_node *node = &sim->nodes[i];

		if (node->running && !node->frozen && (!first || node->due_ms < first->due_ms))
			first = node;
	}
	return first;
}

/*
 * Runs the next timer or event, and then the checks.  Returns false if no timer or event is due
 * before @end_ms.
 */
static bool
sim_step(struct sim *sim, int64_t end_ms)
{
	struct sim_node *node = first_due(sim);
	struct event event;

	if (node && (!sim->n_heap || node->due_ms < sim->heap[0].at_ms)) {
		if (node->due_ms >= end_ms)
			return false;
		if (node->due_ms > sim->now_ms)
			sim->now_ms = node->due_ms;
		node_turn(node);
	} else if (sim->n_heap && sim->heap[0].at_ms < end_ms) {
		event = heap_pop(sim);
		sim->now_ms = event.at_ms;
		event.fire(sim, event.arg);
	} else {
		return false;
	}
	check_one_leader(sim);
	check_holders(sim);
	return true;
}

static void
sim_run_until(struct sim *sim, int64_t end_ms)
{
	while (!sim->failure && sim_step(sim, end_ms))
		;
	sim->now_ms = end_ms;
}

static void
sim_done(struct sim *sim)
{
	for (size_t i = 0; i < sim->n_nodes; i++)
		node_done(&sim->nodes[i]);
	while (sim->n_heap) {
		struct event event = heap_pop(sim);

		event.drop(event.arg);
	}
	free(sim->heap);
	api_server_done(&sim->api_server);
	check_alloc_done(sim);
}

char *
sim_run(uint32_t seed, const struct script *script, bool trace, uint64_t *ret_digest)
{
	struct sim *sim = xcalloc(1, sizeof(*sim));
	char *failure;

	sim->seed = seed;
	sim->script = script;
	sim->trace = trace;
	sim->digest = DIGEST_INIT;
	sim->n_nodes = script->n_nodes;
	sim->n_lans = script->n_lans;
	api_server_start(sim);
	check_holders_init(sim);
	for (size_t i = 0; i < sim->n_nodes; i++)
		node_init(sim, (int)i);
	script_begin(sim, script);
	for (size_t i = 0; i < sim->n_nodes; i++)
		node_start(&sim->nodes[i]);
	for (int round = 1; round <= ROUNDS && !sim->failure; round++) {
		sim_run_until(sim, round * (int64_t)ROUND_MS - STEADY_MS);
		check_steady_begin(sim);
		sim_run_until(sim, round * (int64_t)ROUND_MS);
		if (!sim->failure)
			check_steady_alloc(sim);
		if (!sim->failure)
			check_steady_holders(sim);
	}
	sim_done(sim);
	failure = sim->failure;
	if (ret_digest)
		*ret_digest = sim->digest;
	free(sim);
	return failure;
}
