/* SPDX-License-Identifier: Apache-2.0 */
#include "core/facts.h"
#include "sim.h"
#include "voice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE_MAX_MS    2000 /* nobody answers though somebody could ... */
#define COLD_MS        6000 /* ... who may take the LAN for cold no longer */
#define DOUBLE_MAX_MS  1000
#define UNFIT_MAX_MS   1500 /* the grace of who leaves, and some */
#define DEAD_MS        350
#define INTERVAL_MS    100

void
holders_start(struct sim *sim)
{
	static const struct { int lan; const char *ip; } spots[] = {
		{ 0, "10.0.0.1" }, { 0, "10.0.0.2" }, { 0, "10.0.0.3" }, { 0, "10.0.0.4" },
		{ 0, "10.0.0.5" }, { 1, "10.1.0.2" }, { 1, "10.1.0.3" },
	};
	struct holders *h = &sim->holders;

	for (size_t i = 0; i < sizeof(spots) / sizeof(*spots); i++) {
		struct spot *spot = &h->spots[h->n_spots];

		if (spots[i].lan >= (int)sim->n_lans)
			continue;
		h->n_spots++;
		spot->lan = spots[i].lan;
		spot->ip = fact_ip(spots[i].ip);
		for (int n = 0; n < NODES_MAX; n++)
			spot->none_ms[n] = spot->double_ms[n] = spot->unfit_ms[n] = INT64_MAX;
	}
}

static bool
stands(const struct host *node, const struct spot *spot)
{
	for (size_t i = 0; i < node->n_stands; i++) {
		if (node->stands[i].ifindex == spot->lan + 1 && ip_equal(&node->stands[i].ip, &spot->ip))
			return true;
	}
	return false;
}

/* Could it answer, as it sees things itself? */
static bool
is_able(const struct sim *sim, const struct spot *spot, int n)
{
	const struct host *node = &sim->nodes[n];

	return node->running && !node->frozen && !node->leaving &&
	    !sim->lans[spot->lan].unplugged[n] && stands(node, spot) &&
	    world_may_hold(node->world, &spot->ip, node->name);
}

static bool
answers(const struct sim *sim, const struct spot *spot, int n)
{
	return spot->answer >> n & 1 && !sim->nodes[n].frozen &&
	    !sim->lans[spot->lan].unplugged[n];
}

/* The first that answers of those that @n hears, or that hear @n, if that will do; or -1. */
static int
other_that_answers(const struct sim *sim, const struct spot *spot, int n, bool either)
{
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m != n && answers(sim, spot, m) && (lan_hears(sim, spot->lan, m, n) ||
		    (either && lan_hears(sim, spot->lan, n, m))))
			return m;
	}
	return -1;
}

/* How long something has been wrong in a time without faults; 0 when it is not. */
static int64_t
wrong_for(const struct sim *sim, int64_t *since_ms, bool is)
{
	if (!is)
		*since_ms = INT64_MAX;
	else if (*since_ms == INT64_MAX || *since_ms < sim->disturbed_ms)
		*since_ms = sim->now_ms;
	return is ? sim->now_ms - *since_ms : 0;
}

static bool
is_lossy(const struct sim *sim, int lan)
{
	return sim->lans[lan].loss > 10 || sim->lans[lan].slow_ms;
}

static void
check_spot(struct sim *sim, struct spot *spot, int n)
{
	bool able = is_able(sim, spot, n), does = answers(sim, spot, n);
	char ip[IP_TEXT_MAX];
	int other = -1;

	if (is_lossy(sim, spot->lan)) {
		spot->none_ms[n] = spot->double_ms[n] = INT64_MAX;
	} else {
		other = does ? other_that_answers(sim, spot, n, true) : -1;
		if (wrong_for(sim, &spot->double_ms[n], other >= 0) > DOUBLE_MAX_MS)
			sim_fail(sim, "%s and %s both answer for %s on eth%d", sim->nodes[n].name,
			    sim->nodes[other].name, ip_format(&spot->ip, ip), spot->lan);
		other = able && !does ? other_that_answers(sim, spot, n, false) : n;
		if (wrong_for(sim, &spot->none_ms[n], other < 0) > NONE_MAX_MS &&
		    sim->now_ms - sim->nodes[n].up_ms[spot->lan] > COLD_MS)
			sim_fail(sim, "nobody that %s hears answers for %s on eth%d, and it could",
			    sim->nodes[n].name, ip_format(&spot->ip, ip), spot->lan);
	}
	if (wrong_for(sim, &spot->unfit_ms[n], does && !able) > UNFIT_MAX_MS)
		sim_fail(sim, "%s answers for %s on eth%d, and knows that it may not",
		    sim->nodes[n].name, ip_format(&spot->ip, ip), spot->lan);
}

static void
ask(struct sim *sim, struct host *node)
{
	node->unasked = false;
	for (size_t i = 0; i < sim->holders.n_spots; i++) {
		struct spot *spot = &sim->holders.spots[i];

		spot->answer &= ~(1u << node->index);
		if (voice_answers(node, spot->lan, &spot->ip))
			spot->answer |= 1u << node->index;
	}
}

void
holders_step(struct sim *sim)
{
	bool news = sim->now_ms >= sim->holders.look_ms;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		news |= sim->nodes[n].unasked;
		if (sim->nodes[n].unasked)
			ask(sim, &sim->nodes[n]);
	}
	if (!news)
		return;
	sim->holders.look_ms = sim->now_ms + 50;
	for (size_t i = 0; i < sim->holders.n_spots; i++) {
		for (int n = 0; n < (int)sim->n_nodes; n++)
			check_spot(sim, &sim->holders.spots[i], n);
	}
}

void
holders_thawed(struct sim *sim, struct host *node, int64_t for_ms)
{
	char ip[IP_TEXT_MAX];

	ask(sim, node);
	for (size_t i = 0; i < sim->holders.n_spots && for_ms > DEAD_MS + INTERVAL_MS; i++) {
		const struct spot *spot = &sim->holders.spots[i];
		int other = other_that_answers(sim, spot, node->index, false);

		if (spot->answer >> node->index & 1 && other >= 0)
			sim_fail(sim, "%s was stopped for %" PRId64 " ms and answers for %s, as does %s",
			    node->name, for_ms, ip_format(&spot->ip, ip), sim->nodes[other].name);
	}
}

/* --- at rest --- */

static void
count(const struct sim *sim, uint64_t *ret_changes, uint64_t *ret_sent)
{
	*ret_changes = *ret_sent = 0;
	for (size_t n = 0; n < sim->n_nodes; n++) {
		const struct host *node = &sim->nodes[n];

		if (!node->running)
			continue;
		*ret_sent += election_stats(node->election)->sent;
		for (int cause = 0; cause < HOLD_CAUSES; cause++)
			*ret_changes += election_stats(node->election)->changes[cause];
	}
}

void
holders_near_rest(struct sim *sim)
{
	count(sim, &sim->holders.changes, &sim->holders.sent);
	sim->holders.near_ms = sim->now_ms;
}

void
holders_rest(struct sim *sim)
{
	int64_t time_ms = sim->now_ms - sim->holders.near_ms;
	uint64_t changes, sent, expected = 0;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		if (sim->nodes[n].running && !sim->nodes[n].frozen)
			expected += sim->n_lans * (uint64_t)(time_ms / INTERVAL_MS + 2);
	}
	if (sim->disturbed_ms > sim->holders.near_ms)
		return;
	count(sim, &changes, &sent);
	if (changes != sim->holders.changes)
		sim_fail(sim, "a holder changes without a cause");
	if (sent - sim->holders.sent > expected * 5 / 4)
		sim_fail(sim, "%" PRIu64 " hellos where %" PRIu64 " would do", sent - sim->holders.sent,
		    expected);
}
