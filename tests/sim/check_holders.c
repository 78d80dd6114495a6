/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "reach.h"
#include "sim.h"
#include "speaker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long each wrong state may last. */
#define UNSERVED_MAX_MS      2000 /* an eligible node exists, but no node answers for the VIP */
#define HANDOVER_MAX_MS      450  /* no node answers for the VIP after a single fault */
#define COLD_START_MS        6000 /* longest cold start, during which a node does not claim */
#define TWO_HOLDERS_MAX_MS   1250 /* two nodes answer; they become stable peers after 1 s */
#define INELIGIBLE_MAX_MS    1500 /* a node answers, although it is not eligible */
#define STALE_CLIENTS_MAX_MS 1500 /* clients send to a node that is not the holder */

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
		const struct wanted_vip *wanted = &node->wanted_vips[i];

		if (wanted->ifindex == vip->lan + 1 && ip_equal(&wanted->ip, &vip->ip))
			return true;
	}
	return false;
}

/* True if node @n runs, and its own API data allow it to claim the VIP. */
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

/*
 * True if node @n receives no frame of any other node.  Such a node cannot know that another node
 * has claimed its VIPs, and it receives no requests of clients.
 */
static bool
receives_nothing(const struct sim *sim, int lan, int n)
{
	int others = 0;

	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m == n || !sim->nodes[m].running)
			continue;
		if (lan_delivers_hellos(sim, lan, m, n))
			return false;
		others++;
	}
	return others > 1; /* if only two nodes run, neither knows which of them is isolated */
}

/*
 * Returns a node, other than @n, that answers for the VIP and from which @n receives hellos, or
 * which receives hellos from @n.  Returns -1 if no such node exists.
 */
static int
find_other_holder(const struct sim *sim, const struct checked_vip *vip, int n)
{
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (m != n && answers(sim, vip, m) && !receives_nothing(sim, vip->lan, m) &&
		    !receives_nothing(sim, vip->lan, n) && (node_trusts(sim, vip->lan, n, m) ||
		    node_trusts(sim, vip->lan, m, n)))
			return m;
	}
	return -1;
}

/* True if node @n answers for the VIP, or if another node answers and @n receives its frames. */
static bool
is_served(const struct sim *sim, const struct checked_vip *vip, int n)
{
	for (int m = 0; m < (int)sim->n_nodes; m++) {
		if (answers(sim, vip, m) && (m == n || lan_delivers(sim, vip->lan, m, n)))
			return true;
	}
	return false;
}

/*
 * How long the VIP can be without a holder, because node @n has never heard another node since its
 * start, or receives hellos that the other node cannot prove.  By the last resort, @n takes nothing from such a node, and leaves it a free VIP for 5 s.
 */
static int64_t
last_resort_ms(const struct sim *sim, const struct checked_vip *vip, int n)
{
	int64_t ms = 0;

	for (int m = 0; m < (int)sim->n_nodes; m++) {
		bool proves = hear_each_other(sim, vip->lan, m, n) ||
		    !lan_delivers_hellos(sim, vip->lan, m, n);

		if (m == n || !sim->nodes[m].running || (proves &&
		    speaker_has_heard(&sim->nodes[n], vip->lan, sim->nodes[m].name)))
			continue;
		ms = answers(sim, vip, m) ? INT64_MAX / 2 : ms ? ms : 5000;
	}
	return ms;
}

/*
 * Returns how long a wrong state has lasted since the last fault.  @is: true if the state is wrong
 * now; if @is is false, returns 0.  *@since_ms stores the start of the wrong state between calls.
 */
static int64_t
lasts_for_ms(const struct sim *sim, int64_t *since_ms, bool is)
{
	if (!is)
		*since_ms = INT64_MAX;
	else if (*since_ms == INT64_MAX || *since_ms < sim->last_fault_ms)
		*since_ms = sim->now_ms;
	return is ? sim->now_ms - *since_ms : 0;
}

/* True if any two nodes that reach each other reach the same set of nodes, as in a partition. */
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

/* True if no other fault was in effect when the last step of the script began or ended. */
static bool
is_only_fault(const struct sim *sim, int lan)
{
	bool fine = sim->single_fault && !sim->api_server.down && !sim->lans[lan].loss &&
	    !sim->lans[lan].delay_ms;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		const struct sim_node *node = &sim->nodes[n];

		fine &= !node->api_cut;
		fine &= !node->running || sim->now_ms - node->link_since_ms[lan] > COLD_START_MS;
		for (int kind = 0; kind < KINDS; kind++)
			fine &= !node->watches[kind].delayed;
	}
	return fine && is_split_cleanly(sim, lan);
}

/*
 * Runs when no node answers for the VIP any more.  @before is the bit set of the last holders.  A
 * node that leaves or becomes ineligible must answer until a reachable eligible node answers.
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
			    lan_delivers_hellos(sim, vip->lan, m, n) && lan_delivers_hellos(sim, vip->lan, n, m))
				sim_fail(sim, "%s releases %s on eth%d before its successor %s "
				    "answers", node->name, ip_format(&vip->ip, ip), vip->lan,
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

/*
 * True if clients send to the isolated node @n, and the real holder has to re-announce the VIP.
 * The real holder has to re-announce the VIP only if one of its peers confirms that @n is isolated.
 */
static bool
misleads_clients(const struct sim *sim, const struct checked_vip *vip, int n)
{
	if (vip->last_announcer != n || sim->nodes[n].frozen || !receives_nothing(sim, vip->lan, n))
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
 * True if a client beside node @n still sends to @n, although @n released the VIP and receives the
 * hellos of the new holder.  Returns false if a fault happened after @n released the VIP.
 */
static bool
has_stale_clients(const struct sim *sim, const struct checked_vip *vip, int n)
{
	if (vip->left_ms[n] == INT64_MAX || sim->last_fault_ms > vip->left_ms[n] ||
	    vip->nearby_last_announcer[n] != n || !sim->nodes[n].running)
		return false;
	for (int k = 0; k < (int)sim->n_nodes; k++) {
		if (answers(sim, vip, k) && hear_each_other(sim, vip->lan, k, n))
			return true;
	}
	return false;
}

static bool
is_lossy(const struct sim *sim, int lan)
{
	return sim->lans[lan].loss > 10 || sim->lans[lan].delay_ms;
}

/* Without multicast, a peer that was dead gets a hello once in a second. */
static int64_t
two_holders_max_ms(const struct sim *sim, int lan)
{
	const struct lan *l = &sim->lans[lan];
	bool multicast = !l->no_multicast;

	for (size_t n = 0; n < sim->n_nodes * sim->n_nodes; n++)
		multicast &= !l->deaf[n / sim->n_nodes][n % sim->n_nodes];
	return TWO_HOLDERS_MAX_MS + (multicast ? 0 : 1100);
}

static void
check_vip(struct sim *sim, struct checked_vip *vip, int n)
{
	bool eligible = is_eligible(sim, vip, n), holds = answers(sim, vip, n);
	bool may_keep = holds && is_wanted(&sim->nodes[n], vip) && !sim->nodes[n].leaving &&
	    world_may_keep(sim->nodes[n].world, &vip->ip);
	bool unserved, misled = misleads_clients(sim, vip, n);
	bool stale = has_stale_clients(sim, vip, n);
	int64_t unserved_max_ms = is_only_fault(sim, vip->lan) ? HANDOVER_MAX_MS : UNSERVED_MAX_MS;
	char ip[IP_TEXT_MAX];
	int other = -1;

	if (is_lossy(sim, vip->lan)) {
		vip->unserved_ms[n] = vip->two_holders_ms[n] = INT64_MAX;
	} else {
		other = holds ? find_other_holder(sim, vip, n) : -1;
		if (lasts_for_ms(sim, &vip->two_holders_ms[n], other >= 0) >
		    two_holders_max_ms(sim, vip->lan))
			sim_fail(sim, "%s and %s both answer for %s on eth%d", sim->nodes[n].name,
			    sim->nodes[other].name, ip_format(&vip->ip, ip), vip->lan);
		unserved = eligible && !is_served(sim, vip, n);
		unserved_max_ms += unserved ? last_resort_ms(sim, vip, n) : 0;
		if (lasts_for_ms(sim, &vip->unserved_ms[n], unserved) > unserved_max_ms &&
		    sim->now_ms - sim->nodes[n].link_since_ms[vip->lan] > COLD_START_MS)
			sim_fail(sim, "%s is eligible for %s on eth%d, but neither it nor a node "
			    "that it reaches answers", sim->nodes[n].name,
			    ip_format(&vip->ip, ip), vip->lan);
	}
	if (lasts_for_ms(sim, &vip->misled_ms[n], misled) > STALE_CLIENTS_MAX_MS &&
	    !sim->lans[vip->lan].loss && !sim->lans[vip->lan].delay_ms)
		sim_fail(sim, "clients send packets for %s on eth%d to %s, which receives nothing",
		    ip_format(&vip->ip, ip), vip->lan, sim->nodes[n].name);
	if (lasts_for_ms(sim, &vip->stale_clients_ms[n], stale) > STALE_CLIENTS_MAX_MS &&
	    !sim->lans[vip->lan].loss && !sim->lans[vip->lan].delay_ms)
		sim_fail(sim, "clients send packets for %s on eth%d to %s, which has released it",
		    ip_format(&vip->ip, ip), vip->lan, sim->nodes[n].name);
	holds = holds && !eligible && !may_keep;
	if (lasts_for_ms(sim, &vip->ineligible_ms[n], holds) > INELIGIBLE_MAX_MS)
		sim_fail(sim, "%s answers for %s on eth%d, but knows that it is not eligible",
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
	if (for_ms <= HELLO_DEAD_MS + HELLO_MS)
		return;
	for (size_t i = 0; i < sim->holder_checks.n_vips; i++) {
		const struct checked_vip *vip = &sim->holder_checks.vips[i];
		int other = find_other_holder(sim, vip, node->index);

		if (vip->answering >> node->index & 1 && other >= 0)
			sim_fail(sim, "%s still answers for %s after a stop of %" PRId64 " ms, and "
			    "%s answers too", node->name, ip_format(&vip->ip, ip), for_ms,
			    sim->nodes[other].name);
	}
}
