/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/node_rank.h"
#include "core/scenario/object_text.h"
#include "unit.h"

#include <string.h>

/*
 * The expected order of nodes comes from another implementation: the node with the lowest
 * sha256("NODE#ADDRESS") is first.
 */
static const struct rank_case {
	const char *name, *ip;
	const char *order[5];
	uint8_t first[4]; /* the first bytes of the hash of the node that ranks first */
} cases[] = {
	{ "10.0.0.0", "10.0.0.0", { "n3", "n1", "n2", "node-b", "node-a" },
	  { 0x1a, 0xca, 0x7a, 0x0f } },
	{ "10.0.0.1", "10.0.0.1", { "n2", "node-b", "n3", "n1", "node-a" },
	  { 0x28, 0xa5, 0x3b, 0x52 } },
	{ "10.0.0.2", "10.0.0.2", { "node-b", "n1", "n3", "n2", "node-a" },
	  { 0x48, 0xa0, 0xdc, 0x88 } },
	{ "192.168.1.240", "192.168.1.240", { "node-a", "n1", "n3", "n2", "node-b" },
	  { 0x09, 0x05, 0xce, 0x28 } },
	{ "an IPv6 address counts in its shortest form", "fd00:0:0::0001",
	  { "n2", "n3", "node-b", "n1", "node-a" }, { 0x41, 0xc2, 0x95, 0x34 } },
};

static void
check(void **state)
{
	const struct rank_case *c = *state;
	struct ip ip = ip_from_text(c->ip);
	char text[IP_TEXT_MAX];
	struct rank ranks[5];

	for (size_t i = 0; i < COUNT(ranks); i++)
		rank_of(c->order[i], ip_format(&ip, text), &ranks[i]);
	assert_memory_equal(ranks[0].sha256, c->first, sizeof(c->first));
	for (size_t i = 1; i < COUNT(ranks); i++) {
		assert_true(rank_before(&ranks[i - 1], &ranks[i]));
		assert_false(rank_before(&ranks[i], &ranks[i - 1]));
		assert_false(rank_before(&ranks[i], &ranks[i]));
	}
}

int
main(void)
{
	return UNIT_TABLE("rank", cases, check);
}
