/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"
#include "unit.h"

/* Pools that are broken, overlap or change, and their counts. */
static const char before[] =
	"see status warnings\n"
	"opts endpoints\n"
	"allocator on\n"
	"restart\n"
	"node n1\n"
	"adv all\n"
	"ns d\n"
	"ns e\n"
	"sync\n";

static const struct story stories[] = {
	{ "a pool that an older one comes to overlap keeps what it gave, and gives no more",
	  "pool a 10.0.0.0/30\n"
	  "pool b 10.0.0.4/30\n"
	  "svc d/a ann-ips=10.0.0.4\n"
	  "svc d/b ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=b\n"
	  "> status d/b 10.0.0.7 pool=b\n"
	  "pool a 10.0.0.0-10.0.0.5\n"
	  "svc d/c pool=b\n"
	  "svc d/d\n"
	  "see status warnings counts\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> warning d/c AllocationFailed: pool \"b\": it overlaps an older pool, so it gives no "
	  "address\n"
	  "> status d/d 10.0.0.0 pool=a\n"
	  "> warning b InvalidConfiguration: spec.addresses[0]: \"10.0.0.4/30\" overlaps "
	  "\"10.0.0.0-10.0.0.5\" of the older pool \"a\"; what it gave stays, it gives no more\n"
	  "> counts a 2/4/0/0\n"
	  "> counts b 1/0/0/0\n"
	  "services\n"
	  "> d/a 10.0.0.4 pool=a holder=n1 here\n"
	  "> d/b 10.0.0.7 pool=b holder=n1 here\n"
	  "> d/c: pool \"b\": it overlaps an older pool, so it gives no address\n"
	  "> d/d 10.0.0.0 pool=a holder=n1 here\n"
	  "restart\n" /* who begins now finds the same */
	  "see status\n"
	  "decide\n"
	  "pool a 10.0.0.0/30\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=b\n"
	  "> status d/c 10.0.0.5 pool=b\n" },
	{ "that goes for the last good specification, too",
	  "pool a 10.0.0.0/30\n"
	  "pool b 10.0.1.0/32 10.0.0.4/30\n"
	  "svc d/b ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/b 10.0.0.7 pool=b\n"
	  "pool b bad=spec.addresses: must be a list\n"
	  "pool a 10.0.0.0-10.0.0.5\n"
	  "svc d/c pool=b\n"
	  "decide\n"
	  "> warning d/c AllocationFailed: pool \"b\": it overlaps an older pool, so it gives no "
	  "address\n"
	  "> warning b InvalidConfiguration: spec.addresses: must be a list; the last good "
	  "specification stays in force\n"
	  "services\n"
	  "> d/b 10.0.0.7 pool=b holder=n1 here\n"
	  "> d/c: pool \"b\": it overlaps an older pool, so it gives no address\n" },
	{ "pools and advertisements of other namespaces are somebody else's",
	  "pool else/a 10.0.0.0/24\n"
	  "adv else/x\n"
	  "adv else/y bad=spec.interfaces: must be a list\n"
	  "pools\n"
	  "svc d/a\n"
	  "see status events\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: there is no usable IPAddressPool; create one that "
	  "names addresses of your network\n" },
	{ "a broken pool is reported once and the last good one goes on",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pool a 10.0.0.300/30\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "> warning a InvalidConfiguration: spec.addresses[0]: \"10.0.0.300/30\" is not a "
	  "CIDR; the last good specification stays in force\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/c 10.0.0.6 pool=a\n"
	  "pools\n"
	  "> a 3/1/0/0: spec.addresses[0]: \"10.0.0.300/30\" is not a CIDR\n"
	  "pool a 10.0.0.4/32\n"
	  "decide\n"
	  "> warning d/b ClearAssignment: 10.0.0.5 is given up: no IPAddressPool contains "
	  "10.0.0.5 any more\n"
	  "> warning d/b AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "> status d/b none\n"
	  "> warning d/c ClearAssignment: 10.0.0.6 is given up: no IPAddressPool contains "
	  "10.0.0.6 any more\n"
	  "> warning d/c AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "> status d/c none\n"
	  "pools\n"
	  "> a 1/0/0/0\n" },
	{ "a pool that the decoder refuses, too",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pool a bad=spec.addresses: must be a list of strings\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "> warning a InvalidConfiguration: spec.addresses: must be a list of strings; "
	  "the last good specification stays in force\n"
	  "pools\n"
	  "> a 2/2/0/0: spec.addresses: must be a list of strings\n" },
	{ "a pool that is broken from the start: addresses in no pool are kept",
	  "pool a bad=spec.addresses: must be a list of strings\n"
	  "svc d/a status=10.0.0.4 from=a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: there is no usable IPAddressPool; create one "
	  "that names addresses of your network\n"
	  "> warning a InvalidConfiguration: spec.addresses: must be a list of strings; "
	  "the object is not used\n"
	  "> warning d/a announceFailed: nobody announces it: no usable IPAddressPool "
	  "contains its address\n"
	  "pool a 10.0.0.4/30\n"
	  "decide\n"
	  "> status d/b 10.0.0.5 pool=a\n" },
	{ "blocks of one pool that overlap",
	  "pool a 10.0.0.4/30 10.0.0.0/29\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: there is no usable IPAddressPool; create one "
	  "that names addresses of your network\n"
	  "> warning a InvalidConfiguration: spec.addresses[1]: \"10.0.0.0/29\" overlaps "
	  "\"10.0.0.4/30\" of the same pool; the object is not used\n" },
	{ "a pool without addresses",
	  "pool a\n"
	  "decide\n"
	  "> warning a InvalidConfiguration: spec.addresses: must name at least one block; "
	  "the object is not used\n" },
	{ "of pools that overlap the older wins",
	  "pool b 10.0.0.4/30 created=4\n"
	  "pool a 10.0.0.0/29 created=5\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=b\n"
	  "> warning a InvalidConfiguration: spec.addresses[0]: \"10.0.0.0/29\" overlaps "
	  "\"10.0.0.4/30\" of the older pool \"b\"; what it gave stays, it gives no more\n"
	  "pools\n"
	  "> a 0/0/0/0: spec.addresses[0]: \"10.0.0.0/29\" overlaps "
	  "\"10.0.0.4/30\" of the older pool \"b\"\n"
	  "> b 1/3/0/0\n"
	  "del pool b\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pools\n"
	  "> a 1/7/0/0\n" },
	{ "one broken pool does not hold up another",
	  "pool a bad=spec: no\n"
	  "pool b 10.0.1.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.1.4 pool=b\n"
	  "> warning a InvalidConfiguration: spec: no; the object is not used\n" },
	{ "counts of a pool",
	  "pool a 10.0.0.0/30 fd00::/64\n"
	  "svc d/a\n"
	  "svc d/b families=46 policy=require\n"
	  "see counts\n"
	  "decide\n"
	  "> counts a 2/2/1/9223372036854775807\n"
	  "del svc d/a\n"
	  "decide\n"
	  "> counts a 1/3/1/9223372036854775807\n"
	  "pool a 10.0.0.0/31 fd00::/66\n"
	  "decide\n"
	  "> counts a 1/1/1/4611686018427387903\n" },
	{ "counts leave out the avoided, and addresses in use that nobody of ours has count",
	  "pool a 10.0.0.0/24 avoid\n"
	  "svc d/a class=other status=10.0.0.5\n"
	  "svc d/b status=10.0.0.0 class=other\n"
	  "see counts\n"
	  "decide\n"
	  "> counts a 1/253/0/0\n" },
	{ "counts changed by hand are put right",
	  "pool a 10.0.0.0/30\n"
	  "see counts\n"
	  "decide\n"
	  "> counts a 0/4/0/0\n"
	  "pool a 10.0.0.0/30 counts=7/7/7/7\n"
	  "decide\n"
	  "> counts a 0/4/0/0\n" },
};

static void
check(void **state)
{
	const struct story *story = *state;

	story_run(before, story->text);
}

int
main(void)
{
	return UNIT_TABLE("pools", stories, check);
}
