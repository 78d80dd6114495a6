/* SPDX-License-Identifier: Apache-2.0 */
#include "core/story/facts.h"
#include "sim.h"
#include "voice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEIR_MAX_MS    450  /* ... after one fault alone, when nothing else is amiss */
#define NONE_MAX_MS    2000 /* nobody answers though somebody could ... */
#define COLD_MS        6000 /* ... who may take the LAN for cold no longer */
#define DOUBLE_MAX_MS  1250 /* company counts after a second */
#define UNFIT_MAX_MS   1500 /* the grace of who leaves, and some */
#define DRAWN_MAX_MS   1500 /* a node that hears nobody draws clients to itself */
#define CLOCKS_APART_S 28 /* a little less than peer.c has it */

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
			spot->none_ms[n] = spot->double_ms[n] = spot->unfit_ms[n] =
			    spot->drawn_ms[n] = spot->stale_ms[n] = spot->left_ms[n] =
			    INT64_MAX;
	}
}

static bool
wants_holder(const struct host *node, const struct spot *spot)
{
	for (size_t i = 0; i < node->n_stands; i++) {
		if (node->wants_holder[i].ifindex == spot->lan + 1 && ip_equal(&node->wants_holder[i].ip, &spot->ip))
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
	    !sim->lans[spot->lan].unplugged[n] && wants_holder(node, spot) &&
	    world_may_hold(node->world, &spot->ip, node->name);
}

static bool
answers(const struct sim *sim, const struct spot *spot, int n)
{
	return spot->answer >> n & 1 && !sim->nodes[n].frozen &&
	    !sim->lans[spot->lan].unplugged[n];
}

static bool
clocks_agree(const struct sim *sim, int m, int n)
{
	return labs((long)(sim->nodes[m].wall_ahead_s - sim->nodes[n].wall_ahead_s)) < CLOCKS_APART_S;
}

bool
holders_know(const struct sim *sim, int lan, int m, int n)
{
	return lan_hears(sim, lan, n, m) && (clocks_agree(sim, m, n) || lan_hears(sim, lan, m, n));
}

/*
 * Does it hear none of the others?  Then it cannot know that it has an heir, and hears no client.
 */
static bool
is_deaf(const struct sim *sim, int lan, int n)
{
	int others = 0;

	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m == n || !sim->nodes[m].running)
			continue;
		if (lan_hears(sim, lan, m, n))
			return false;
		others++;
	}
	return others > 1; /* of two nodes neither can tell which of them it is */
}

/* The first that answers of those that @n knows of, or that know of @n; or -1. */
static int
rival_of(const struct sim *sim, const struct spot *spot, int n)
{
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m != n && answers(sim, spot, m) && !is_deaf(sim, spot->lan, m) &&
		    !is_deaf(sim, spot->lan, n) && (holders_know(sim, spot->lan, n, m) ||
		    holders_know(sim, spot->lan, m, n)))
			return m;
	}
	return -1;
}

/* Does @n, or somebody that it hears, answer? */
static bool
is_served(const struct sim *sim, const struct spot *spot, int n)
{
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (answers(sim, spot, m) && (m == n || lan_hears(sim, spot->lan, m, n)))
			return true;
	}
	return false;
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

/* Do the nodes that hear each other all hear the same ones, as on either side of a split? */
static bool
has_clear_sides(const struct sim *sim, int lan)
{
	const struct lan *l = &sim->lans[lan];

	for (size_t n = 0; n < sim->n_nodes; n++) {
		for (size_t m = 0; m < sim->n_nodes; m++) {
			for (size_t k = 0; !l->blocked[n][m] && k < sim->n_nodes; k++) {
				if (!l->blocked[n][k] != !l->blocked[m][k])
					return false;
			}
		}
	}
	return true;
}

/* Is all well, but for what has just happened? */
static bool
is_fine(const struct sim *sim, int lan)
{
	bool fine = sim->alone && !sim->kube.down && !sim->lans[lan].loss && !sim->lans[lan].slow_ms;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		const struct host *node = &sim->nodes[n];

		fine &= !node->cut && (!node->running || sim->now_ms - node->up_ms[lan] > COLD_MS);
		for (int kind = 0; kind < KINDS; kind++)
			fine &= !node->watches[kind].late;
	}
	return fine && has_clear_sides(sim, lan);
}

/*
 * Nobody answers any more.  Whoever leaves, or may not answer any more, has an heir first, where
 * there is one.
 */
static void
check_leaver(struct sim *sim, const struct spot *spot, unsigned int before)
{
	char ip[IP_TEXT_MAX];

	for (int n = 0; n < (int)sim->n_nodes; n++) {
		const struct host *node = &sim->nodes[n];

		if (!(before >> n & 1) || !node->running || node->frozen || !wants_holder(node, spot) ||
		    sim->lans[spot->lan].unplugged[n] || !is_fine(sim, spot->lan))
			continue;
		for (int m = 0; m < (int)sim->n_nodes; m++) {
			if (m != n && is_able(sim, spot, m) &&
			    world_may_hold(node->world, &spot->ip, sim->nodes[m].name) &&
			    lan_hears(sim, spot->lan, m, n) && lan_hears(sim, spot->lan, n, m))
				sim_fail(sim, "%s gives %s up on eth%d before %s answers for it",
				    node->name, ip_format(&spot->ip, ip), spot->lan,
				    sim->nodes[m].name);
		}
	}
}

void
holders_said(struct sim *sim, int lan, const struct ip *ip, int n)
{
	for (size_t i = 0; i < sim->holders.n_spots; i++) {
		struct spot *spot = &sim->holders.spots[i];

		if (spot->lan == lan && ip_equal(&spot->ip, ip) && !sim->lans[lan].unplugged[n] &&
		    !sim->lans[lan].silent[n])
			spot->last = n;
		for (int m = 0; spot->lan == lan && ip_equal(&spot->ip, ip) && m < NODES_MAX; m++) {
			if (m == n || lan_hears(sim, lan, n, m))
				spot->told[m] = n;
		}
	}
}

/* Do they hear each other, and know that they do? */
static bool
have_met(const struct sim *sim, int lan, int a, int b)
{
	return a != b && sim->nodes[a].running && !sim->nodes[a].frozen && sim->nodes[b].running &&
	    !sim->nodes[b].frozen && lan_hears(sim, lan, a, b) && lan_hears(sim, lan, b, a);
}

/*
 * Do clients go to @n, who hears nobody and cannot know that another holds the address, though the
 * other could tell them?
 */
static bool
draws_clients(const struct sim *sim, const struct spot *spot, int n)
{
	if (spot->last != n || sim->nodes[n].frozen || !is_deaf(sim, spot->lan, n))
		return false;
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m == n || !answers(sim, spot, m) || !holders_know(sim, spot->lan, m, n))
			continue;
		for (int k = 0; k < (int)sim->n_nodes; k++) {
			if (k != n && have_met(sim, spot->lan, m, k))
				return true;
		}
	}
	return false;
}

/*
 * Does a client beside @n go to it still, after it left the address to a node that it hears?  Not
 * where it was told in the middle of the next fault.
 */
static bool
is_config_stale(const struct sim *sim, const struct spot *spot, int n)
{
	if (spot->left_ms[n] == INT64_MAX || sim->disturbed_ms > spot->left_ms[n] || spot->told[n] != n ||
	    !sim->nodes[n].running)
		return false;
	for (int k = 0; k < (int)sim->n_nodes; k++) {
		if (answers(sim, spot, k) && have_met(sim, spot->lan, k, n) && clocks_agree(sim, k, n))
			return true;
	}
	return false;
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
	bool keeps = does && wants_holder(&sim->nodes[n], spot) && !sim->nodes[n].leaving &&
	    world_may_keep(sim->nodes[n].world, &spot->ip);
	int64_t none_max_ms = is_fine(sim, spot->lan) ? HEIR_MAX_MS : NONE_MAX_MS;
	char ip[IP_TEXT_MAX];
	int other = -1;

	if (is_lossy(sim, spot->lan)) {
		spot->none_ms[n] = spot->double_ms[n] = INT64_MAX;
	} else {
		other = does ? rival_of(sim, spot, n) : -1;
		if (wrong_for(sim, &spot->double_ms[n], other >= 0) > DOUBLE_MAX_MS)
			sim_fail(sim, "%s and %s both answer for %s on eth%d", sim->nodes[n].name,
			    sim->nodes[other].name, ip_format(&spot->ip, ip), spot->lan);
		if (wrong_for(sim, &spot->none_ms[n], able && !is_served(sim, spot, n)) > none_max_ms &&
		    sim->now_ms - sim->nodes[n].up_ms[spot->lan] > COLD_MS)
			sim_fail(sim, "nobody that %s hears answers for %s on eth%d, and it could",
			    sim->nodes[n].name, ip_format(&spot->ip, ip), spot->lan);
	}
	if (wrong_for(sim, &spot->drawn_ms[n], draws_clients(sim, spot, n)) > DRAWN_MAX_MS &&
	    !sim->lans[spot->lan].loss && !sim->lans[spot->lan].slow_ms)
		sim_fail(sim, "clients of %s on eth%d go to %s, which hears nobody",
		    ip_format(&spot->ip, ip), spot->lan, sim->nodes[n].name);
	if (wrong_for(sim, &spot->stale_ms[n], is_config_stale(sim, spot, n)) > DRAWN_MAX_MS &&
	    !sim->lans[spot->lan].loss && !sim->lans[spot->lan].slow_ms)
		sim_fail(sim, "clients of %s on eth%d go to %s, which has left it to another",
		    ip_format(&spot->ip, ip), spot->lan, sim->nodes[n].name);
	if (wrong_for(sim, &spot->unfit_ms[n], does && !able && !keeps) > UNFIT_MAX_MS)
		sim_fail(sim, "%s answers for %s on eth%d, and knows that it may not",
		    sim->nodes[n].name, ip_format(&spot->ip, ip), spot->lan);
}

static void
digest_answer(const struct host *node, const struct spot *spot, bool answers_now)
{
	uint64_t *digest = sim_digest(node->sim, node->index, "answer");

	digest_number(digest, spot->lan);
	digest_ip(digest, &spot->ip);
	digest_number(digest, answers_now);
}

static void
alloc_ctx(struct sim *sim, struct host *node)
{
	node->unasked = false;
	for (size_t i = 0; i < sim->holders.n_spots; i++) {
		struct spot *spot = &sim->holders.spots[i];
		unsigned int before = spot->answer;

		spot->answer &= ~(1u << node->index);
		if (voice_answers(node, spot->lan, &spot->ip))
			spot->answer |= 1u << node->index;
		if (before != spot->answer)
			digest_answer(node, spot, spot->answer > before);
		if (before & ~spot->answer && node->running && !node->leaving)
			spot->left_ms[node->index] = sim->now_ms;
		else if (before != spot->answer)
			spot->left_ms[node->index] = INT64_MAX;
		if (before && !spot->answer)
			check_leaver(sim, spot, before);
	}
}

void
holders_step(struct sim *sim)
{
	bool news = sim->now_ms >= sim->holders.look_ms;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		news |= sim->nodes[n].unasked;
		if (sim->nodes[n].unasked)
			alloc_ctx(sim, &sim->nodes[n]);
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

	alloc_ctx(sim, node);
	for (size_t i = 0; i < sim->holders.n_spots && for_ms > HELLO_DEAD_MS + HELLO_MS; i++) {
		const struct spot *spot = &sim->holders.spots[i];
		int other = rival_of(sim, spot, node->index);

		if (spot->answer >> node->index & 1 && other >= 0)
			sim_fail(sim, "%s was stopped for %" PRId64 " ms and answers for %s, as does %s",
			    node->name, for_ms, ip_format(&spot->ip, ip), sim->nodes[other].name);
	}
}
