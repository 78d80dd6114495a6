/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Which address a Service gets, keeps and loses. */
static const struct scenario scenarios[] = {
	{ "the lowest free address is given, the oldest Service first",
	  "pool a 10.0.0.4/30\n"
	  "svc d/b created=2\n"
	  "svc d/a created=3\n"
	  "svc d/c created=1\n"
	  "decide\n"
	  "> status d/c 10.0.0.4 pool=a\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "> status d/a 10.0.0.6 pool=a\n" },
	{ "nothing is decided again when nothing has changed",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "decide\n"
	  "mark-all\n"
	  "decide\n"
	  "restart\n"
	  "decide\n" },
	{ "blocks are used in the order written",
	  "pool a 10.0.0.9/32 10.0.0.1-10.0.0.2\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/a 10.0.0.9 pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n"
	  "> status d/c 10.0.0.2 pool=a\n" },
	{ "pools are tried by name",
	  "pool b 10.0.1.0/32\n"
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.1.0 pool=b\n" },
	{ "a pool with a lower priority is tried first, and none is last",
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
	{ "pools of one priority are tried by name, those without one or with 0 after all that have one",
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
	{ "a pool with serviceAllocation comes before one without, whatever its priority",
	  "pool a 10.0.0.0/32\n"
	  "pool b 10.0.1.0/32 prio=99\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.1.0 pool=b\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "when all pools are full the Service is told, once",
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
	{ "a freed address goes to the Service that has waited longest",
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
	{ "a new pool serves those who wait",
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: there is no usable IPAddressPool in namespace "
	  "\"metallb-system\"; create one there that names addresses of your network\n"
	  "pool a 10.0.0.0/32\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a pool that grows serves those who wait",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> warning d/b AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "pool a 10.0.0.0/31\n"
	  "decide\n"
	  "> status d/b 10.0.0.1 pool=a\n" },
	{ "an address stays when its pool grows, and shrinks around it",
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
	{ "an address stays when its pool gets another name",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "del pool a\n"
	  "pool b 10.0.0.0/29\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=b\n" },
	{ "an address that its pool no longer contains is replaced",
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
	{ "or cleared, when there is no other",
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
	  "\"metallb-system\"; create one there that names addresses of your network\n"
	  "> status d/a none\n"
	  "pool a 10.0.0.4/30\n"
	  "decide\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
	{ "a Service that is deleted frees its address",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "del svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "a Service that is being deleted gets none",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a deleting\n"
	  "decide\n" },
	{ "and keeps the one it has until it is gone",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a deleting\n"
	  "svc d/b\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: pool \"a\": it has no free IPv4 address\n" },
	{ "addresses that end in .0 and .255 are left out where they are avoided",
	  "pool a 10.0.0.254-10.0.1.1 avoid\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/a 10.0.0.254 pool=a\n"
	  "> status d/b 10.0.1.1 pool=a\n"
	  "> warning d/c AllocationFailed: pool \"a\": it has no free IPv4 address\n" },
	{ "also when asked for by name",
	  "pool a 10.0.0.0/24 avoid\n"
	  "svc d/a ann-ips=10.0.0.255\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\" avoids 10.0.0.255 (avoidBuggyIPs)\n" },
	{ "an address in use is given up when it becomes one to avoid",
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
	{ "avoiding IPv4 addresses leaves IPv6 alone",
	  "pool a fd00::/126 avoid\n"
	  "svc d/a families=6\n"
	  "decide\n"
	  "> status d/a fd00:: pool=a\n" },
	{ "a pool with autoAssign: false serves nobody by itself",
	  "pool a 10.0.0.0/30 auto=no\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it has autoAssign: false and was "
	  "not asked for by name (metallb.io/address-pool)\n" },
	{ "but those who ask for the pool",
	  "pool a 10.0.0.0/30 auto=no\n"
	  "svc d/a pool=a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "and those who ask for an address in it",
	  "pool a 10.0.0.0/30 auto=no\n"
	  "svc d/a lbip=10.0.0.3\n"
	  "decide\n"
	  "> status d/a 10.0.0.3 pool=a\n" },
	{ "an address stays when its pool turns autoAssign off",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pool a 10.0.0.4/30 auto=no\n"
	  "decide\n" },
	{ "a pool for a namespace serves that one",
	  "pool a 10.0.0.0/30 ns=e\n"
	  "svc d/a\n"
	  "svc e/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it does not serve namespace \"d\"\n"
	  "> status e/a 10.0.0.0 pool=a\n" },
	{ "a pool for namespaces by their labels serves those, as soon as they have them",
	  "pool a 10.0.0.0/30 nssel=team:web\n"
	  "svc d/a\n"
	  "svc e/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it does not serve namespace \"d\"\n"
	  "> warning e/a AllocationFailed: pool \"a\": it does not serve namespace \"e\"\n"
	  "ns e labels=team:web\n"
	  "decide\n"
	  "> status e/a 10.0.0.0 pool=a\n" },
	{ "a namespace that loses the label loses the pool",
	  "pool a 10.0.0.0/30 nssel=team:web\n"
	  "ns e labels=team:web\n"
	  "svc e/a\n"
	  "decide\n"
	  "> status e/a 10.0.0.0 pool=a\n"
	  "ns e labels=team:db\n"
	  "see status events\n"
	  "decide\n"
	  "> warning e/a ClearAssignment: 10.0.0.0 is released: pool \"a\" of 10.0.0.0 may "
	  "not be used: it does not serve namespace \"e\"\n"
	  "> warning e/a AllocationFailed: pool \"a\": it does not serve namespace \"e\"\n"
	  "> status e/a none\n" },
	{ "namespaces and their selectors are a union",
	  "pool a 10.0.0.4/30 ns=e nssel=team:web\n"
	  "ns d labels=team:web\n"
	  "svc d/a\n"
	  "svc e/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> status e/a 10.0.0.5 pool=a\n" },
	{ "a selector of Services must match as well as the namespace",
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
	{ "a Service that loses the label loses the address",
	  "pool a 10.0.0.4/30 svcsel=tier:front\n"
	  "pool b 10.0.1.4/30\n"
	  "svc d/a labels=tier:front\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "svc d/a labels=tier:back\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.4 is released: pool \"a\" of 10.0.0.4 may "
	  "not be used: its serviceSelectors do not match the Service's labels\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.1.4\"]\n"
	  "> status d/a 10.0.1.4 pool=b\n" },
};

SCENARIOS_MAIN("alloc", scenarios, setup_allocator)
