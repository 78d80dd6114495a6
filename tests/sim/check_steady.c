/* SPDX-License-Identifier: Apache-2.0 */
#include "check_holders.h"
#include "sim.h"

#include <inttypes.h>

/* In the steady state, holders do not change, and daemons send no more hellos than necessary. */

static void
count_changes_and_hellos(const struct sim *sim, uint64_t *ret_changes, uint64_t *ret_sent)
{
	*ret_changes = *ret_sent = 0;
	for (size_t n = 0; n < sim->n_nodes; n++) {
		const struct sim_node *node = &sim->nodes[n];

		if (!node->running)
			continue;
		*ret_sent += election_stats(node->election)->sent;
		for (int change = 0; change < HOLDER_CHANGES; change++)
			*ret_changes += election_stats(node->election)->changes[change];
	}
}

void
check_steady_begin(struct sim *sim)
{
	count_changes_and_hellos(sim, &sim->holder_checks.changes, &sim->holder_checks.sent);
	sim->holder_checks.steady_since_ms = sim->now_ms;
}

/*
 * True if the LAN has two nodes, and only one of them receives hellos.  Then neither node knows
 * which of them is isolated, so the holders of VIPs may change even in the steady state.
 */
static bool
is_one_way_pair(const struct sim *sim)
{
	for (int lan = 0; lan < (int)sim->n_lans; lan++) {
		if (sim->n_nodes == 2 &&
		    lan_delivers(sim, lan, 0, 1) != lan_delivers(sim, lan, 1, 0))
			return true;
	}
	return false;
}

void
check_steady_holders(struct sim *sim)
{
	int64_t time_ms = sim->now_ms - sim->holder_checks.steady_since_ms;
	uint64_t changes, sent, expected = 0;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		if (sim->nodes[n].running && !sim->nodes[n].frozen)
			expected += sim->n_lans * (uint64_t)(time_ms / HELLO_MS + 2);
	}
	if (sim->last_fault_ms > sim->holder_checks.steady_since_ms)
		return;
	count_changes_and_hellos(sim, &changes, &sent);
	if (changes != sim->holder_checks.changes && !is_one_way_pair(sim))
		sim_fail(sim, "in the steady state, %" PRIu64 " holders changed",
		    changes - sim->holder_checks.changes);
	if (sent - sim->holder_checks.sent > expected * 5 / 4)
		sim_fail(sim, "in the steady state, the daemons sent %" PRIu64 " hellos; the "
		    "interval requires %" PRIu64, sent - sim->holder_checks.sent, expected);
}
