/* SPDX-License-Identifier: Apache-2.0 */
#ifndef THREE_NODES_H
#define THREE_NODES_H

#include "lan_nodes.h"
#include "unit.h"

/* A LAN with three nodes and one VIP.  first, second and third: the nodes by their rank for it. */
#define VIP "10.0.0.1"

extern struct test_lan lan;
extern size_t first, second, third;
extern char digit[3][2]; /* [i]: the result of lan_holders() if only node i holds the VIP */

/* three_set_up, three_tear_down - run before and after each test. */
int three_set_up(void **state);
int three_tear_down(void **state);
#define LAN_TEST(name, fn) { name, fn, three_set_up, three_tear_down, NULL }

/* three_start - start all three nodes, and run them until the first node holds the VIP. */
void three_start(void);
/* three_set_ineligible - in the API data of all nodes, make @node ineligible or eligible again. */
void three_set_ineligible(size_t node, bool ineligible);
/* three_withdraw - call election_withdraw() on all nodes. */
void three_withdraw(void);

/* three_record - record the hellos of @node while @ms pass; free() the result of the next function. */
void three_record(size_t node, int64_t ms);
struct recording *three_stop_recording(size_t node);

#define assert_held_by(node) assert_string_equal(lan_holders(&lan, VIP), digit[node])

static inline const struct election_stats *
stats_of(size_t node)
{
	return election_stats(lan.nodes[node].e);
}

#endif
