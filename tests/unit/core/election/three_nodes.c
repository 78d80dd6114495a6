/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <stdio.h>

struct party party;
size_t first, second, third;
char digit[3][2];

/* Of the two nodes other than the first, does @a rank before @b? */
static bool
ranks_before(size_t a, size_t b)
{
	struct party two = party;

	memcpy(two.guests[0].name, party.guests[a].name, sizeof(two.guests[0].name));
	memcpy(two.guests[1].name, party.guests[b].name, sizeof(two.guests[1].name));
	return party_first(&two, VIP, 2) == 0;
}

int
three_set_up(void **state)
{
	(void)state;
	party_init(&party, 3);
	first = party_first(&party, VIP, 3);
	second = (first + 1) % 3;
	if (!ranks_before(second, (first + 2) % 3))
		second = (first + 2) % 3;
	third = 3 - first - second;
	for (size_t i = 0; i < 3; i++)
		snprintf(digit[i], sizeof(digit[i]), "%zu", i);
	return 0;
}

int
three_tear_down(void **state)
{
	(void)state;
	party_done(&party);
	return 0;
}

void
three_begin(void)
{
	for (size_t i = 0; i < 3; i++)
		party_start(&party, i);
	party_run(&party, 8000);
	assert_held_by(first);
	party_measure(&party, VIP);
}

void
three_set_unfit(size_t node, bool unfit)
{
	for (size_t i = 0; i < 3; i++)
		party.unfit[i][node] = unfit;
	party_stand(&party, VIP);
}

void
three_withdraw(void)
{
	for (size_t i = 0; i < 3; i++)
		election_withdraw(party.guests[i].e, PARTY_IFINDEX, &party.watched, party.now_ms);
}
