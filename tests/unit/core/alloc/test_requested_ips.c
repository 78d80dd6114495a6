/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Services that request addresses or a pool by annotations. */
static const struct scenario scenarios[] = {
	{ "a Service gets the address that it requests",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.7\n"
	  "svc d/b lbip=10.0.0.8\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "> status d/b 10.0.0.8 pool=a\n" },
	{ "requests precede automatic allocations",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a created=1\n"
	  "svc d/b created=2 ann-ips=10.0.0.0\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "a request for an address that no pool contains is refused",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.1.7\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: no IPAddressPool contains 10.0.1.7\n"
	  "pool b 10.0.1.0/24\n"
	  "decide\n"
	  "> status d/a 10.0.1.7 pool=b\n" },
	{ "a request for an address in use is refused, and the Event names its Service",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.7\n"
	  "svc d/b ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "> warning d/b AllocationFailed: 10.0.0.7 is in use by Service d/a; to share it, "
	  "both need the same metallb.io/allow-shared-ip\n"
	  "del svc d/a\n"
	  "decide\n"
	  "> status d/b 10.0.0.7 pool=a\n" },
	{ "a Service that requests another address moves",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "svc d/a ann-ips=10.0.0.8\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.7 is released: the Service requests another "
	  "address or pool\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.8\"]\n"
	  "> status d/a 10.0.0.8 pool=a\n" },
	{ "a Service keeps its address if its new request is refused",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n"
	  "svc d/b ann-ips=10.0.0.0\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: 10.0.0.0 is in use by Service d/a; to share it, "
	  "both need the same metallb.io/allow-shared-ip; the Service keeps 10.0.0.1\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n"
	  "> d/b 10.0.0.1 pool=a holder=n1 here: 10.0.0.0 is in use by Service d/a; to "
	  "share it, both need the same metallb.io/allow-shared-ip; the Service keeps "
	  "10.0.0.1\n"
	  "del svc d/a\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "services\n"
	  "> d/b 10.0.0.0 pool=a holder=n1 here\n" },
	{ "a Service keeps its address when it no longer requests an address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "svc d/a\n"
	  "decide\n" },
	{ "a request that is not an address is refused",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0\n"
	  "svc d/b lbip=nonsense\n"
	  "svc d/c ann-ips=10.0.0.1,,fd00::1\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: annotation metallb.io/loadBalancerIPs: "
	  "\"10.0.0\" is not an address\n"
	  "> warning d/b LoadBalancerFailed: spec.loadBalancerIP: \"nonsense\" is not an "
	  "address\n"
	  "> warning d/c LoadBalancerFailed: annotation metallb.io/loadBalancerIPs: \"\" "
	  "is not an address\n"
	  "services\n"
	  "> d/a: annotation metallb.io/loadBalancerIPs: \"10.0.0\" is not an address\n"
	  "> d/b: spec.loadBalancerIP: \"nonsense\" is not an address\n"
	  "> d/c: annotation metallb.io/loadBalancerIPs: \"\" is not an address\n" },
	{ "a Service keeps its address if its new request is invalid",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a ann-ips=10.0.0\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: annotation metallb.io/loadBalancerIPs: "
	  "\"10.0.0\" is not an address; the Service keeps 10.0.0.0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here: annotation metallb.io/loadBalancerIPs: "
	  "\"10.0.0\" is not an address; the Service keeps 10.0.0.0\n"
	  "svc d/a\n"
	  "decide\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n" },
	{ "a request for two addresses of one family is refused",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.1,10.0.0.2\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: annotation metallb.io/loadBalancerIPs: requests more "
	  "than one address of a family; request at most one IPv4 and one IPv6 address\n" },
	{ "a request in both spec.loadBalancerIP and an annotation is refused",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.1 lbip=10.0.0.1\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: both spec.loadBalancerIP and the annotation "
	  "metallb.io/loadBalancerIPs are set; remove one of them\n" },
	{ "a request for an address of a family that the Service lacks is refused",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a ann-ips=fd00::1\n"
	  "svc d/b families=46 policy=require ann-ips=fd00::1\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: the Service has no IPv6 clusterIP, so it cannot "
	  "have fd00::1\n"
	  "> warning d/b AllocationFailed: the Service needs an address of each of its "
	  "families\n" },
	{ "a dual-stack Service gets both addresses that it requests",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a families=64 policy=require ann-ips=fd00::1,10.0.0.9\n"
	  "decide\n"
	  "> status d/a 10.0.0.9,fd00::1 pool=a\n" },
	{ "a request for addresses of two pools is refused",
	  "pool a 10.0.0.0/24\n"
	  "pool b fd00::/120\n"
	  "svc d/a families=46 policy=require ann-ips=10.0.0.9,fd00::1\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: the requested addresses are in different pools (\"a\" "
	  "and \"b\")\n" },
	{ "a request for a pool, and for an address outside of the pool, is refused",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24\n"
	  "svc d/a pool=b ann-ips=10.0.0.9\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: 10.0.0.9 is in pool \"a\", but the Service requests "
	  "pool \"b\"\n" },
	{ "a Service keeps the address that it requested when it later requests another pool",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24\n"
	  "svc d/a ann-ips=10.0.0.9\n"
	  "decide\n"
	  "> status d/a 10.0.0.9 pool=a\n"
	  "svc d/a pool=b ann-ips=10.0.0.9\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: 10.0.0.9 is in pool \"a\", but the Service requests "
	  "pool \"b\"; the Service keeps 10.0.0.9\n" },
	{ "a Service gets an address of the pool that it requests",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24\n"
	  "svc d/a pool=b\n"
	  "decide\n"
	  "> status d/a 10.0.1.0 pool=b\n" },
	{ "a Service that requests another pool moves",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a pool=b\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.0 is released: the Service requests another "
	  "address or pool\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.1.0\"]\n"
	  "> status d/a 10.0.1.0 pool=b\n" },
	{ "a Service that requests a pool waits until the pool exists",
	  "svc d/a pool=b\n"
	  "pool a 10.0.0.0/24\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: there is no usable IPAddressPool \"b\" in "
	  "namespace \"metallb-system\", which the annotation metallb.io/address-pool requests; "
	  "there is \"a\"\n"
	  "pool b 10.0.1.0/24\n"
	  "decide\n"
	  "> status d/a 10.0.1.0 pool=b\n" },
	{ "a Service keeps its address if it requests a full pool",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/32\n"
	  "svc d/b pool=b\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/b 10.0.1.0 pool=b\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a pool=b\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"b\": it has no free IPv4 address; the Service "
	  "keeps 10.0.0.0\n" },
	{ "a request for a pool is refused if the pool does not serve the namespace",
	  "pool a 10.0.0.0/24 ns=e\n"
	  "svc d/a pool=a\n"
	  "svc d/b ann-ips=10.0.0.1\n"
	  "svc e/c pool=a\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: the Service may not use 10.0.0.1 of pool \"a\": it "
	  "does not serve namespace \"d\"\n"
	  "> warning d/a AllocationFailed: pool \"a\": it does not serve namespace \"d\"\n"
	  "> status e/c 10.0.0.0 pool=a\n" },
	{ "a Service loses an address of a pool that does not serve its namespace",
	  "pool a 10.0.0.4/30\n"
	  "pool b 10.0.1.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pool a 10.0.0.4/30 ns=e\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.4 is released: the Service may not use 10.0.0.4 of "
	  "pool \"a\": it does not serve namespace \"d\"\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.1.4\"]\n"
	  "> status d/a 10.0.1.4 pool=b\n" },
	{ "a request precedes an automatic allocation that can no longer be written",
	  "pool a 10.0.0.0/30\n"
	  "svc d/a\n"
	  "plan\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/b ann-ips=10.0.0.0\n"
	  "plan\n" /* the write of 10.0.0.0 to d/a is still in progress */
	  "> warning d/b AllocationFailed: 10.0.0.0 is in use by Service d/a; to share it, both need "
	  "the same metallb.io/allow-shared-ip\n"
	  "svc d/a labels=x:y\n" /* the write to d/a fails: the resourceVersion of d/a changed */
	  "see status\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "an address of a write in progress is allocated to no other Service, whatever is "
	  "decided later",
	  "pool a 10.0.0.0/30\n"
	  "svc d/a\n"
	  "plan\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "pool a 10.0.1.0/30\n"
	  "pool b 10.0.0.0/30 ns=e\n"
	  "svc e/b ann-ips=10.0.0.0\n"
	  "see status\n"
	  "plan\n"
	  "> status d/a 10.0.1.0 pool=a\n"
	  "svc d/a labels=x:y\n"
	  "decide\n"
	  "> status e/b 10.0.0.0 pool=b\n"
	  "> status d/a 10.0.1.0 pool=a\n" },
	{ "a new decision replaces a write in progress, even if the new decision restores the "
	  "status",
	  "pool a 10.0.0.0/30\n"
	  "svc d/a\n"
	  "see status\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "pool a 10.0.1.0/30\n"
	  "plan\n"
	  "> status d/a 10.0.1.0 pool=a\n"
	  "pool a 10.0.0.0/30\n"
	  "plan\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
};

SCENARIOS_MAIN("requested addresses", scenarios, setup_allocator)
