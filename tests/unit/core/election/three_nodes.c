/* SPDX-License-Identifier: Apache-2.0 */
#include "three_nodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test_lan lan;
size_t first, second, third;
char digit[3][2];

/* ranks_before - true if @a ranks before @b. */
static bool
ranks_before(size_t a, size_t b)
{
	struct test_lan two = lan;

	memcpy(two.nodes[0].name, lan.nodes[a].name, sizeof(two.nodes[0].name));
	memcpy(two.nodes[1].name, lan.nodes[b].name, sizeof(two.nodes[1].name));
	return lan_first_in_rank(&two, VIP, 2) == 0;
}

int
three_set_up(void **state)
{
	(void)state;
	lan_init(&lan, 3);
	first = lan_first_in_rank(&lan, VIP, 3);
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
	lan_done(&lan);
	return 0;
}

void
three_start(void)
{
	for (size_t i = 0; i < 3; i++)
		lan_start(&lan, i);
	lan_run(&lan, 8000);
	assert_held_by(first);
	lan_measure(&lan, VIP);
}

void
three_set_ineligible(size_t node, bool ineligible)
{
	for (size_t i = 0; i < 3; i++)
		lan.ineligible[i][node] = ineligible;
	lan_want_holder(&lan, VIP);
}

void
three_withdraw(void)
{
	for (size_t i = 0; i < 3; i++)
		election_withdraw(lan.nodes[i].e, LAN_IFINDEX, &lan.measured, lan.now_ms);
}

void
three_record(size_t node, int64_t ms)
{
	static struct recording empty;

	free(lan.nodes[node].recording);
	lan.nodes[node].recording = memcpy(malloc(sizeof(empty)), &empty, sizeof(empty));
	lan_run(&lan, ms);
}

struct recording *
three_stop_recording(size_t node)
{
	struct recording *recording = lan.nodes[node].recording;

	lan.nodes[node].recording = NULL;
	assert_true(recording->n > 10);
	return recording;
}
