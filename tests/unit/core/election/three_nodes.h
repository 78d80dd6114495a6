/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_THREE_H
#define LAN_THREE_H

#include "lan_nodes.h"
#include "unit.h"

/*
 * Stories of a LAN with three nodes, told about one address, for which they rank first, second,
 * third.
 */
#define VIP "10.0.0.1"

extern struct party party;
extern size_t first, second, third;
extern char digit[3][2]; /* node i as party_holders() has it */

/* three_set_up, three_tear_down - before and after each story. */
int three_set_up(void **state);
int three_tear_down(void **state);
#define STORY(name, fn) { name, fn, three_set_up, three_tear_down, NULL }

/* three_begin - all three run, and the first in rank has held the address for a while. */
void three_begin(void);
/* three_set_unfit - @node may not hold the address, or may again, and all know it. */
void three_set_unfit(size_t node, bool unfit);
/* three_withdraw - the address is announced nowhere any more. */
void three_withdraw(void);

#define assert_held_by(node) assert_string_equal(party_holders(&party, VIP), digit[node])

static inline const struct election_stats *
stats_of(size_t node)
{
	return election_stats(party.guests[node].e);
}

#endif
