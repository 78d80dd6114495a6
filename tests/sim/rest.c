/* SPDX-License-Identifier: Apache-2.0 */
#include "holders.h"
#include "sim.h"

#include <inttypes.h>

/* What has come to rest: holders stay, and hellos are as many as the interval says. */

static void
count(const struct sim *sim, uint64_t *ret_changes, uint64_t *ret_sent)
{
	*ret_changes = *ret_sent = 0;
	for (size_t n = 0; n < sim->n_nodes; n++) {
		const struct host *node = &sim->nodes[n];

		if (!node->running)
			continue;
		*ret_sent += election_stats(node->election)->sent;
		for (int reason_group = 0; reason_group < HOLD_CAUSES; reason_group++)
			*ret_changes += election_stats(node->election)->changes[reason_group];
	}
}

void
holders_near_rest(struct sim *sim)
{
	count(sim, &sim->holders.changes, &sim->holders.sent);
	sim->holders.near_ms = sim->now_ms;
}

/* Two nodes, of which one hears the other: neither can tell which of them hears nobody. */
static bool
is_in_doubt(const struct sim *sim)
{
	for (int lan = 0; lan < (int)sim->n_lans; lan++) {
		if (sim->n_nodes == 2 && lan_hears(sim, lan, 0, 1) != lan_hears(sim, lan, 1, 0))
			return true;
	}
	return false;
}

void
holders_rest(struct sim *sim)
{
	int64_t time_ms = sim->now_ms - sim->holders.near_ms;
	uint64_t changes, sent, expected = 0;

	for (size_t n = 0; n < sim->n_nodes; n++) {
		if (sim->nodes[n].running && !sim->nodes[n].frozen)
			expected += sim->n_lans * (uint64_t)(time_ms / HELLO_MS + 2);
	}
	if (sim->disturbed_ms > sim->holders.near_ms)
		return;
	count(sim, &changes, &sent);
	if (changes != sim->holders.changes && !is_in_doubt(sim))
		sim_fail(sim, "a holder changes without a cause");
	if (sent - sim->holders.sent > expected * 5 / 4)
		sim_fail(sim, "%" PRIu64 " hellos where %" PRIu64 " would do", sent - sim->holders.sent,
		    expected);
}
