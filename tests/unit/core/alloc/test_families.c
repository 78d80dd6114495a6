/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Services with IPv4, IPv6 or both. */
static const struct scenario scenarios[] = {
	{ "a dual-stack Service gets addresses from two pools if a quota admits only one address "
	  "of the first pool",
	  "pool a 10.0.0.0/30\n"
	  "pool b 10.0.1.0/30 fd01::/128 quota=1\n"
	  "svc d/a families=46 policy=prefer\n"
	  "decide\n"
	  "> status d/a 10.0.0.0,fd01:: pool=a\n" },
	{ "an IPv6 Service gets an IPv6 address",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a families=6\n"
	  "decide\n"
	  "> status d/a fd00:: pool=a\n" },
	{ "a dual-stack Service gets one of each, IPv4 first",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a families=64 policy=require\n"
	  "decide\n"
	  "> status d/a 10.0.0.0,fd00:: pool=a\n" },
	{ "a dual-stack Service gets both addresses from one pool that has both families",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24 fd00::/120\n"
	  "svc d/a families=46 policy=require\n"
	  "svc d/b families=46 policy=prefer\n"
	  "decide\n"
	  "> status d/a 10.0.1.0,fd00:: pool=b\n"
	  "> status d/b 10.0.1.1,fd00::1 pool=b\n" },
	{ "a dual-stack Service gets addresses from two pools if no pool has both families",
	  "pool a 10.0.0.0/24\n"
	  "pool b fd00::/120\n"
	  "svc d/a families=46 policy=require\n"
	  "svc d/b families=64 policy=prefer\n"
	  "decide\n"
	  "> status d/a 10.0.0.0,fd00:: pool=a\n"
	  "> status d/b 10.0.0.1,fd00::1 pool=a\n" },
	{ "a Service with RequireDualStack gets no address until both families are available",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a families=46 policy=require\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it has no IPv6 addresses, and the "
	  "Service requires both families\n"
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "decide\n"
	  "> status d/a 10.0.0.0,fd00:: pool=a\n" },
	{ "a Service with RequireDualStack and one clusterIP gets no address",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a families=4 policy=require\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: ipFamilyPolicy is RequireDualStack, but the "
	  "Service has only one clusterIP\n" },
	{ "a Service with PreferDualStack gets one address, and the other when it becomes "
	  "available",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a families=46 policy=prefer\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.0\",\"fd00::\"]\n"
	  "> status d/a 10.0.0.0,fd00:: pool=a\n" },
	{ "the second address of a Service comes from the pool of the first address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a families=64 policy=prefer\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "pool b 10.0.1.0/24 fd00:1::/120\n"
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "decide\n"
	  "> status d/a 10.0.0.0,fd00:: pool=a\n" },
	{ "a released address becomes the second address of a Service",
	  "pool a 10.0.0.0/24 fd00::/128\n"
	  "svc d/a families=46 policy=prefer\n"
	  "svc d/b families=46 policy=prefer\n"
	  "decide\n"
	  "> status d/a 10.0.0.0,fd00:: pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n"
	  "del svc d/a\n"
	  "decide\n"
	  "> status d/b 10.0.0.1,fd00:: pool=a\n" },
	{ "a Service without a clusterIP gets no address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a families=-\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: the Service has no clusterIP, so it has no "
	  "address family\n" },
	{ "a Service that becomes dual-stack keeps its first address",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/x\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/x 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "del svc d/x\n"
	  "svc d/a families=46 policy=require\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.1\",\"fd00::\"]\n"
	  "> status d/a 10.0.0.1,fd00:: pool=a\n" },
	{ "a Service that becomes single-stack loses only the address of the other family",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/x\n"
	  "svc d/a families=46 policy=require\n"
	  "decide\n"
	  "> status d/x 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1,fd00:: pool=a\n"
	  "del svc d/x\n"
	  "svc d/a families=4\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: fd00:: is released: the Service has no IPv6 "
	  "clusterIP, so it cannot have fd00::\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.1\"]\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "a Service that changes its family changes its address",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a families=4\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a families=6\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.0 is released: the Service has no IPv4 "
	  "clusterIP, so it cannot have 10.0.0.0\n"
	  "> event d/a IPAllocated: Assigned IP [\"fd00::\"]\n"
	  "> status d/a fd00:: pool=a\n" },
	{ "a Service that loses one of two addresses keeps the other",
	  "pool a 10.0.0.0/24\n"
	  "pool b fd00::/120\n"
	  "svc d/x families=46 policy=require\n"
	  "svc d/a families=46 policy=require\n"
	  "svc d/p families=46 policy=prefer\n"
	  "decide\n"
	  "> status d/x 10.0.0.0,fd00:: pool=a\n"
	  "> status d/a 10.0.0.1,fd00::1 pool=a\n"
	  "> status d/p 10.0.0.2,fd00::2 pool=a\n"
	  "del svc d/x\n"
	  "pool b fd00:1::/120\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: fd00::1 is released: no IPAddressPool contains "
	  "fd00::1 any more\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.1\",\"fd00:1::\"]\n"
	  "> status d/a 10.0.0.1,fd00:1:: pool=a\n"
	  "> event d/p ClearAssignment: fd00::2 is released: no IPAddressPool contains "
	  "fd00::2 any more\n"
	  "> event d/p IPAllocated: Assigned IP [\"10.0.0.2\",\"fd00:1::1\"]\n"
	  "> status d/p 10.0.0.2,fd00:1::1 pool=a\n" },
	{ "a Service with two addresses of one family in its status loses the second",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a status=10.0.0.7,10.0.0.8\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.8 is released: the Service can have only "
	  "one address of each of its families\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.7\"]\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
};

SCENARIOS_MAIN("families", scenarios, setup_allocator)
