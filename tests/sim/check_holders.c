/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "sim.h"
#include "speaker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HANDOVER_MAX_MS    450  /* ... after one fault alone, when nothing else is amiss */
#define UNSERVED_MAX_MS    2000 /* nobody answers though somebody could ... */
#define COLD_START_MS        6000 /* ... who may take the LAN for cold no longer */
#define TWO_HOLDERS_MAX_MS  1250 /* company counts after a second */
#define INELIGIBLE_MAX_MS   1500 /* the grace of who leaves, and some */
#define STALE_CLIENTS_MAX_MS   1500 /* a node that hears nobody draws clients to itself */
#define CLOCKS_APART_S 28 /* a little less than peer.c has it */

void
check_holders_init(struct sim *sim)
{
	static const struct { int lan; const char *ip; } vips[] = {
		{ 0, "10.0.0.1" }, { 0, "10.0.0.2" }, { 0, "10.0.0.3" }, { 0, "10.0.0.4" },
		{ 0, "10.0.0.5" }, { 1, "10.1.0.2" }, { 1, "10.1.0.3" },
	};
	struct holder_checks *h = &sim->holder_checks;

	for (size_t i = 0; i < sizeof(vips) / sizeof(*vips); i++) {
		struct checked_vip *vip = &h->vips[h->n_vips];

		if (vips[i].lan >= (int)sim->n_lans)
			continue;
		h->n_vips++;
		vip->lan = vips[i].lan;
		vip->ip = ip_from_text(vips[i].ip);
		for (int n = 0; n < NODES_MAX; n++)
			vip->unserved_ms[n] = vip->two_holders_ms[n] = vip->ineligible_ms[n] =
			    vip->misled_ms[n] = vip->stale_clients_ms[n] = vip->left_ms[n] =
			    INT64_MAX;
	}
}

static bool
is_wanted(const struct sim_node *node, const struct checked_vip *vip)
{
	for (size_t i = 0; i < node->n_wanted_vips; i++) {
		if (node->wanted_vips[i].ifindex == vip->lan + 1 && ip_equal(&node->wanted_vips[i].ip, &vip->ip))
			return true;
	}
	return false;
}

/* Could it answer, as it sees things itself? */
static bool
is_eligible(const struct sim *sim, const struct checked_vip *vip, int n)
{
	const struct sim_node *node = &sim->nodes[n];

	return node->running && !node->frozen && !node->leaving &&
	    !sim->lans[vip->lan].unplugged[n] && is_wanted(node, vip) &&
	    world_may_hold(node->world, &vip->ip, node->name);
}

static bool
answers(const struct sim *sim, const struct checked_vip *vip, int n)
{
	return vip->answering >> n & 1 && !sim->nodes[n].frozen &&
	    !sim->lans[vip->lan].unplugged[n];
}

static bool
clocks_agree(const struct sim *sim, int m, int n)
{
	return labs((long)(sim->nodes[m].wall_offset_s - sim->nodes[n].wall_offset_s)) < CLOCKS_APART_S;
}

bool
node_trusts(const struct sim *sim, int lan, int m, int n)
{
	return lan_delivers(sim, lan, n, m) && (clocks_agree(sim, m, n) || lan_delivers(sim, lan, m, n));
}

/*
 * Does it hear none of the others?  Then it cannot know that it has an heir, and hears no client.
 */
static bool
hears_nobody(const struct sim *sim, int lan, int n)
{
	int others = 0;

	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m == n || !sim->nodes[m].running)
			continue;
		if (lan_delivers(sim, lan, m, n))
			return false;
		others++;
	}
	return others > 1; /* of two nodes neither can tell which of them it is */
}

/* The first that answers of those that @n knows of, or that know of @n; or -1. */
static int
find_other_holder(const struct sim *sim, const struct checked_vip *vip, int n)
{
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m != n && answers(sim, vip, m) && !hears_nobody(sim, vip->lan, m) &&
		    !hears_nobody(sim, vip->lan, n) && (node_trusts(sim, vip->lan, n, m) ||
		    node_trusts(sim, vip->lan, m, n)))
			return m;
	}
	return -1;
}

/* Does @n, or somebody that it hears, answer? */
static bool
is_served(const struct sim *sim, const struct checked_vip *vip, int n)
{
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (answers(sim, vip, m) && (m == n || lan_delivers(sim, vip->lan, m, n)))
			return true;
	}
	return false;
}

/* How long something has been wrong in a time without faults; 0 when it is not. */
static int64_t
lasts_for_ms(const struct sim *sim, int64_t *since_ms, bool is)
{
	if (!is)
		*since_ms = INT64_MAX;
	else if (*since_ms == INT64_MAX || *since_ms < sim->last_fault_ms)
		*since_ms = sim->now_ms;
	return is ? sim->now_ms - *since_ms : 0;
}

/* Do the nodes that hear each other all hear the same ones, as on either side of a split? */
static bool
is_split_cleanly(const struct sim *sim, int lan)
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
is_only_fault(const struct sim *sim, int lan)
{
	bool fine = sim->single_fault && !sim->api_server.down && !sim->lans[lan].loss && !sim->lans[lan].delay_ms;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		const struct sim_node *node = &sim->nodes[n];

		fine &= !node->api_cut && (!node->running || sim->now_ms - node->link_since_ms[lan] > COLD_START_MS);
		for (int kind = 0; kind < KINDS; kind++)
			fine &= !node->watches[kind].delayed;
	}
	return fine && is_split_cleanly(sim, lan);
}

/*
 * Nobody answers any more.  Whoever leaves, or may not answer any more, has an heir first, where
 * there is one.
 */
static void
check_handover(struct sim *sim, const struct checked_vip *vip, unsigned int before)
{
	char ip[IP_TEXT_MAX];

	for (int n = 0; n < (int)sim->n_nodes; n++) {
		const struct sim_node *node = &sim->nodes[n];

		if (!(before >> n & 1) || !node->running || node->frozen || !is_wanted(node, vip) ||
		    sim->lans[vip->lan].unplugged[n] || !is_only_fault(sim, vip->lan))
			continue;
		for (int m = 0; m < (int)sim->n_nodes; m++) {
			if (m != n && is_eligible(sim, vip, m) &&
			    world_may_hold(node->world, &vip->ip, sim->nodes[m].name) &&
			    lan_delivers(sim, vip->lan, m, n) && lan_delivers(sim, vip->lan, n, m))
				sim_fail(sim, "%s gives %s up on eth%d before %s answers for it",
				    node->name, ip_format(&vip->ip, ip), vip->lan,
				    sim->nodes[m].name);
		}
	}
}

void
check_holders_on_announcement(struct sim *sim, int lan, const struct ip *ip, int n)
{
	for (size_t i = 0; i < sim->holder_checks.n_vips; i++) {
		struct checked_vip *vip = &sim->holder_checks.vips[i];

		if (vip->lan == lan && ip_equal(&vip->ip, ip) && !sim->lans[lan].unplugged[n] &&
		    !sim->lans[lan].silent[n])
			vip->last_announcer = n;
		for (int m = 0; vip->lan == lan && ip_equal(&vip->ip, ip) && m < NODES_MAX; m++) {
			if (m == n || lan_delivers(sim, lan, n, m))
				vip->nearby_last_announcer[m] = n;
		}
	}
}

/* Do they hear each other, and know that they do? */
static bool
hear_each_other(const struct sim *sim, int lan, int a, int b)
{
	return a != b && sim->nodes[a].running && !sim->nodes[a].frozen && sim->nodes[b].running &&
	    !sim->nodes[b].frozen && lan_delivers(sim, lan, a, b) && lan_delivers(sim, lan, b, a);
}

/*
 * Do clients go to @n, who hears nobody and cannot know that another holds the address, though the
 * other could tell them?
 */
static bool
misleads_clients(const struct sim *sim, const struct checked_vip *vip, int n)
{
	if (vip->last_announcer != n || sim->nodes[n].frozen || !hears_nobody(sim, vip->lan, n))
		return false;
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m == n || !answers(sim, vip, m) || !node_trusts(sim, vip->lan, m, n))
			continue;
		for (int k = 0; k < (int)sim->n_nodes; k++) {
			if (k != n && hear_each_other(sim, vip->lan, m, k))
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
has_stale_clients(const struct sim *sim, const struct checked_vip *vip, int n)
{
	if (vip->left_ms[n] == INT64_MAX || sim->last_fault_ms > vip->left_ms[n] || vip->nearby_last_announcer[n] != n ||
	    !sim->nodes[n].running)
		return false;
	for (int k = 0; k < (int)sim->n_nodes; k++) {
		if (answers(sim, vip, k) && hear_each_other(sim, vip->lan, k, n) && clocks_agree(sim, k, n))
			return true;
	}
	return false;
}

static bool
is_lossy(const struct sim *sim, int lan)
{
	return sim->lans[lan].loss > 10 || sim->lans[lan].delay_ms;
}

static void
check_vip(struct sim *sim, struct checked_vip *vip, int n)
{
	bool eligible = is_eligible(sim, vip, n), holds = answers(sim, vip, n);
	bool may_keep = holds && is_wanted(&sim->nodes[n], vip) && !sim->nodes[n].leaving &&
	    world_may_keep(sim->nodes[n].world, &vip->ip);
	int64_t none_max_ms = is_only_fault(sim, vip->lan) ? HANDOVER_MAX_MS : UNSERVED_MAX_MS;
	char ip[IP_TEXT_MAX];
	int other = -1;

	if (is_lossy(sim, vip->lan)) {
		vip->unserved_ms[n] = vip->two_holders_ms[n] = INT64_MAX;
	} else {
		other = holds ? find_other_holder(sim, vip, n) : -1;
		if (lasts_for_ms(sim, &vip->two_holders_ms[n], other >= 0) > TWO_HOLDERS_MAX_MS)
			sim_fail(sim, "%s and %s both answer for %s on eth%d", sim->nodes[n].name,
			    sim->nodes[other].name, ip_format(&vip->ip, ip), vip->lan);
		if (lasts_for_ms(sim, &vip->unserved_ms[n], eligible && !is_served(sim, vip, n)) > none_max_ms &&
		    sim->now_ms - sim->nodes[n].link_since_ms[vip->lan] > COLD_START_MS)
			sim_fail(sim, "nobody that %s hears answers for %s on eth%d, and it could",
			    sim->nodes[n].name, ip_format(&vip->ip, ip), vip->lan);
	}
	if (lasts_for_ms(sim, &vip->misled_ms[n], misleads_clients(sim, vip, n)) > STALE_CLIENTS_MAX_MS &&
	    !sim->lans[vip->lan].loss && !sim->lans[vip->lan].delay_ms)
		sim_fail(sim, "clients of %s on eth%d go to %s, which hears nobody",
		    ip_format(&vip->ip, ip), vip->lan, sim->nodes[n].name);
	if (lasts_for_ms(sim, &vip->stale_clients_ms[n], has_stale_clients(sim, vip, n)) > STALE_CLIENTS_MAX_MS &&
	    !sim->lans[vip->lan].loss && !sim->lans[vip->lan].delay_ms)
		sim_fail(sim, "clients of %s on eth%d go to %s, which has left it to another",
		    ip_format(&vip->ip, ip), vip->lan, sim->nodes[n].name);
	if (lasts_for_ms(sim, &vip->ineligible_ms[n], holds && !eligible && !may_keep) > INELIGIBLE_MAX_MS)
		sim_fail(sim, "%s answers for %s on eth%d, and knows that it may not",
		    sim->nodes[n].name, ip_format(&vip->ip, ip), vip->lan);
}

static void
digest_answer(const struct sim_node *node, const struct checked_vip *vip, bool answers_now)
{
	uint64_t *digest = sim_digest(node->sim, node->index, "answer");

	digest_number(digest, vip->lan);
	digest_ip(digest, &vip->ip);
	digest_number(digest, answers_now);
}

static void
update_answers(struct sim *sim, struct sim_node *node)
{
	node->answers_outdated = false;
	for (size_t i = 0; i < sim->holder_checks.n_vips; i++) {
		struct checked_vip *vip = &sim->holder_checks.vips[i];
		unsigned int before = vip->answering;

		vip->answering &= ~(1u << node->index);
		if (speaker_answers(node, vip->lan, &vip->ip))
			vip->answering |= 1u << node->index;
		if (before != vip->answering)
			digest_answer(node, vip, vip->answering > before);
		if (before & ~vip->answering && node->running && !node->leaving)
			vip->left_ms[node->index] = sim->now_ms;
		else if (before != vip->answering)
			vip->left_ms[node->index] = INT64_MAX;
		if (before && !vip->answering)
			check_handover(sim, vip, before);
	}
}

void
check_holders(struct sim *sim)
{
	bool outdated = sim->now_ms >= sim->holder_checks.next_check_ms;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		outdated |= sim->nodes[n].answers_outdated;
		if (sim->nodes[n].answers_outdated)
			update_answers(sim, &sim->nodes[n]);
	}
	if (!outdated)
		return;
	sim->holder_checks.next_check_ms = sim->now_ms + 50;
	for (size_t i = 0; i < sim->holder_checks.n_vips; i++) {
		for (int n = 0; n < (int)sim->n_nodes; n++)
			check_vip(sim, &sim->holder_checks.vips[i], n);
	}
}

void
check_holders_on_thaw(struct sim *sim, struct sim_node *node, int64_t for_ms)
{
	char ip[IP_TEXT_MAX];

	update_answers(sim, node);
	for (size_t i = 0; i < sim->holder_checks.n_vips && for_ms > HELLO_DEAD_MS + HELLO_MS; i++) {
		const struct checked_vip *vip = &sim->holder_checks.vips[i];
		int other = find_other_holder(sim, vip, node->index);

		if (vip->answering >> node->index & 1 && other >= 0)
			sim_fail(sim, "%s was stopped for %" PRId64 " ms and answers for %s, as does %s",
			    node->name, for_ms, ip_format(&vip->ip, ip), sim->nodes[other].name);
	}
}
