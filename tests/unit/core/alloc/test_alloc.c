/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Automatic allocation: which address a Service gets, and when the Service keeps or loses it. */
static const struct scenario scenarios[] = {
	{ "the oldest Service gets the lowest free address",
	  "pool a 10.0.0.4/30\n"
	  "svc d/b created=2\n"
	  "svc d/a created=3\n"
	  "svc d/c created=1\n"
	  "decide\n"
	  "> status d/c 10.0.0.4 pool=a\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "> status d/a 10.0.0.6 pool=a\n" },
	{ "the allocator decides nothing if nothing has changed",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "decide\n"
	  "mark-all\n"
	  "decide\n"
	  "restart\n"
	  "decide\n" },
	{ "the allocator uses the blocks of a pool in the order of spec.addresses",
	  "pool a 10.0.0.9/32 10.0.0.1-10.0.0.2\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/a 10.0.0.9 pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n"
	  "> status d/c 10.0.0.2 pool=a\n" },
	{ "the allocator searches pools in the order of their names",
	  "pool b 10.0.1.0/32\n"
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.1.0 pool=b\n" },
	{ "the allocator searches pools by ascending priority, and pools without a priority last",
	  "pool a 10.0.0.0/32 pinned\n"
	  "pool b 10.0.1.0/32 prio=7\n"
	  "pool c 10.0.2.0/32 prio=2\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/a 10.0.2.0 pool=c\n"
	  "> status d/b 10.0.1.0 pool=b\n"
	  "> status d/c 10.0.0.0 pool=a\n" },
	{ "pools of equal priority are ordered by name, and priority 0 means no priority",
	  "pool a 10.0.0.0/32 pinned\n"
	  "pool b 10.0.1.0/32 prio=0\n"
	  "pool c 10.0.2.0/32 prio=2147483647\n"
	  "pool d 10.0.3.0/32 prio=7\n"
	  "pool e 10.0.4.0/32 prio=7\n"
	  "svc d/1\n"
	  "svc d/2\n"
	  "svc d/3\n"
	  "svc d/4\n"
	  "svc d/5\n"
	  "decide\n"
	  "> status d/1 10.0.3.0 pool=d\n"
	  "> status d/2 10.0.4.0 pool=e\n"
	  "> status d/3 10.0.2.0 pool=c\n"
	  "> status d/4 10.0.0.0 pool=a\n"
	  "> status d/5 10.0.1.0 pool=b\n" },
	{ "a pool with serviceAllocation precedes pools without it, whatever its priority",
	  "pool a 10.0.0.0/32\n"
	  "pool b 10.0.1.0/32 prio=99\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.1.0 pool=b\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "a Service gets one Event when all pools are full",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> warning d/b AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "svc d/b labels=x:y\n"
	  "decide\n"
	  "mark-all\n"
	  "decide\n" },
	{ "the oldest waiting Service gets a released address",
	  "pool a 10.0.0.0/32\n"
	  "svc d/first\n"
	  "svc d/young created=60\n"
	  "svc d/old created=50\n"
	  "decide\n"
	  "> status d/first 10.0.0.0 pool=a\n"
	  "> warning d/old AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "> warning d/young AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "del svc d/first\n"
	  "decide\n"
	  "> status d/old 10.0.0.0 pool=a\n" },
	{ "waiting Services get addresses from a new pool",
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: there is no usable IPAddressPool in namespace "
	  "\"metallb-system\"; create one with addresses of your network\n"
	  "pool a 10.0.0.0/32\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "waiting Services get addresses from a pool that grows",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> warning d/b AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "pool a 10.0.0.0/31\n"
	  "decide\n"
	  "> status d/b 10.0.0.1 pool=a\n" },
	{ "a Service keeps its address when the pool grows, or shrinks but still contains the "
	  "address",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "pool a 10.0.0.0/24\n"
	  "decide\n"
	  "pool a 10.0.0.5/32 10.0.0.4/32\n"
	  "decide\n" },
	{ "a Service keeps its address when another pool contains it instead",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "del pool a\n"
	  "pool b 10.0.0.0/29\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=b\n" },
	{ "a Service gets a new address when no pool contains its address any more",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pool a 10.0.1.0/30\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.4 is released: no IPAddressPool contains "
	  "10.0.0.4 any more\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.1.0\"]\n"
	  "> status d/a 10.0.1.0 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
	{ "a Service loses an address that no pool contains, even if no other address is free",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "see status events\n"
	  "del pool a\n"
	  "decide\n"
	  "> warning d/a ClearAssignment: 10.0.0.4 is released: no IPAddressPool contains "
	  "10.0.0.4 any more\n"
	  "> warning d/a AllocationFailed: there is no usable IPAddressPool in namespace "
	  "\"metallb-system\"; create one with addresses of your network\n"
	  "> status d/a none\n"
	  "pool a 10.0.0.4/30\n"
	  "decide\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
	{ "a deleted Service releases its address",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "del svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "a Service with a deletionTimestamp gets no address",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a deleting\n"
	  "decide\n" },
	{ "a Service with a deletionTimestamp keeps its address until it is deleted",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a deleting\n"
	  "svc d/b\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: pool \"a\": it has no free IPv4 address\n" },
	{ "with avoidBuggyIPs, the allocator skips addresses that end in .0 and .255",
	  "pool a 10.0.0.254-10.0.1.1 avoid\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/a 10.0.0.254 pool=a\n"
	  "> status d/b 10.0.1.1 pool=a\n"
	  "> warning d/c AllocationFailed: pool \"a\": it has no free IPv4 address\n" },
	{ "with avoidBuggyIPs, a request for an address that ends in .0 is refused",
	  "pool a 10.0.0.0/24 avoid\n"
	  "svc d/a ann-ips=10.0.0.255\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\" avoids 10.0.0.255 (avoidBuggyIPs)\n" },
	{ "a Service loses an address that avoidBuggyIPs comes to exclude",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "pool a 10.0.0.0/24 avoid\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.0 is released: pool \"a\" avoids 10.0.0.0 "
	  "(avoidBuggyIPs)\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.1\"]\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "avoidBuggyIPs does not apply to IPv6",
	  "pool a fd00::/126 avoid\n"
	  "svc d/a families=6\n"
	  "decide\n"
	  "> status d/a fd00:: pool=a\n" },
	{ "a pool with autoAssign: false serves no Service automatically",
	  "pool a 10.0.0.0/30 auto=no\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it has autoAssign: false, and the Service "
	  "does not request it (metallb.io/address-pool)\n" },
	{ "a pool with autoAssign: false serves a Service that requests the pool",
	  "pool a 10.0.0.0/30 auto=no\n"
	  "svc d/a pool=a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a pool with autoAssign: false serves a Service that requests one of its addresses",
	  "pool a 10.0.0.0/30 auto=no\n"
	  "svc d/a lbip=10.0.0.3\n"
	  "decide\n"
	  "> status d/a 10.0.0.3 pool=a\n" },
	{ "a Service keeps its address when its pool changes to autoAssign: false",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pool a 10.0.0.4/30 auto=no\n"
	  "decide\n" },
	{ "a pool with namespaces serves only Services in these namespaces",
	  "pool a 10.0.0.0/30 ns=e\n"
	  "svc d/a\n"
	  "svc e/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it does not serve namespace \"d\"\n"
	  "> status e/a 10.0.0.0 pool=a\n" },
	{ "a pool with namespaceSelectors serves a namespace as soon as its labels match",
	  "pool a 10.0.0.0/30 nssel=team:web\n"
	  "svc d/a\n"
	  "svc e/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it does not serve namespace \"d\"\n"
	  "> warning e/a AllocationFailed: pool \"a\": it does not serve namespace \"e\"\n"
	  "ns e labels=team:web\n"
	  "decide\n"
	  "> status e/a 10.0.0.0 pool=a\n" },
	{ "a Service loses its address when the labels of its namespace no longer match the pool",
	  "pool a 10.0.0.0/30 nssel=team:web\n"
	  "ns e labels=team:web\n"
	  "svc e/a\n"
	  "decide\n"
	  "> status e/a 10.0.0.0 pool=a\n"
	  "ns e labels=team:db\n"
	  "see status events\n"
	  "decide\n"
	  "> warning e/a ClearAssignment: 10.0.0.0 is released: the Service may not use 10.0.0.0 "
	  "of pool \"a\": it does not serve namespace \"e\"\n"
	  "> warning e/a AllocationFailed: pool \"a\": it does not serve namespace \"e\"\n"
	  "> status e/a none\n" },
	{ "a pool serves a namespace that matches either namespaces or namespaceSelectors",
	  "pool a 10.0.0.4/30 ns=e nssel=team:web\n"
	  "ns d labels=team:web\n"
	  "svc d/a\n"
	  "svc e/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> status e/a 10.0.0.5 pool=a\n" },
	{ "a pool serves a Service only if both serviceSelectors and the namespace match",
	  "pool a 10.0.0.4/30 ns=e svcsel=tier:front,edge\n"
	  "svc e/a\n"
	  "svc e/b labels=tier:front\n"
	  "svc e/c labels=edge:\n"
	  "svc d/d labels=edge:\n"
	  "decide\n"
	  "> warning e/a AllocationFailed: pool \"a\": its serviceSelectors do not match "
	  "the Service's labels\n"
	  "> status e/b 10.0.0.4 pool=a\n"
	  "> status e/c 10.0.0.5 pool=a\n"
	  "> warning d/d AllocationFailed: pool \"a\": it does not serve namespace \"d\"\n" },
	{ "a Service loses its address when its labels no longer match the pool",
	  "pool a 10.0.0.4/30 svcsel=tier:front\n"
	  "pool b 10.0.1.4/30\n"
	  "svc d/a labels=tier:front\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "svc d/a labels=tier:back\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.4 is released: the Service may not use 10.0.0.4 of "
	  "pool \"a\": its serviceSelectors do not match the Service's labels\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.1.4\"]\n"
	  "> status d/a 10.0.1.4 pool=b\n" },
};

SCENARIOS_MAIN("alloc", scenarios, setup_allocator)
