/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* What a Service asks for, and what of it it gets. */
static const struct scenario scenarios[] = {
	{ "a Service gets the address that it asks for",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.7\n"
	  "svc d/b lbip=10.0.0.8\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "> status d/b 10.0.0.8 pool=a\n" },
	{ "requests come before those who take what there is",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a created=1\n"
	  "svc d/b created=2 ann-ips=10.0.0.0\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "a request for an address in no pool",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.1.7\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: no IPAddressPool contains 10.0.1.7\n"
	  "pool b 10.0.1.0/24\n"
	  "decide\n"
	  "> status d/a 10.0.1.7 pool=b\n" },
	{ "a request for an address in use names who has it",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.7\n"
	  "svc d/b ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "> warning d/b AllocationFailed: 10.0.0.7 is in use by Service d/a; to share it, "
	  "both need the same metallb.io/allow-shared-ip, different ports and the same "
	  "externalTrafficPolicy (for Local, also the same selector)\n"
	  "del svc d/a\n"
	  "decide\n"
	  "> status d/b 10.0.0.7 pool=a\n" },
	{ "asking for another address moves the Service",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "svc d/a ann-ips=10.0.0.8\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.7 is released: another address or pool was "
	  "asked for\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.8\"]\n"
	  "> status d/a 10.0.0.8 pool=a\n" },
	{ "asking for one that it cannot have leaves it the good one",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n"
	  "svc d/b ann-ips=10.0.0.0\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: 10.0.0.0 is in use by Service d/a; to share it, "
	  "both need the same metallb.io/allow-shared-ip, different ports and the same "
	  "externalTrafficPolicy (for Local, also the same selector); it keeps 10.0.0.1\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n"
	  "> d/b 10.0.0.1 pool=a holder=n1 here: 10.0.0.0 is in use by Service d/a; to "
	  "share it, both need the same metallb.io/allow-shared-ip, different ports and "
	  "the same externalTrafficPolicy (for Local, also the same selector); it keeps "
	  "10.0.0.1\n"
	  "del svc d/a\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "services\n"
	  "> d/b 10.0.0.0 pool=a holder=n1 here\n" },
	{ "no longer asking keeps the address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "svc d/a\n"
	  "decide\n" },
	{ "a request that is not an address",
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
	{ "a request that makes no sense keeps the address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a ann-ips=10.0.0\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: annotation metallb.io/loadBalancerIPs: "
	  "\"10.0.0\" is not an address; it keeps 10.0.0.0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here: annotation metallb.io/loadBalancerIPs: "
	  "\"10.0.0\" is not an address; it keeps 10.0.0.0\n"
	  "svc d/a\n"
	  "decide\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n" },
	{ "two addresses of one family are too many",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.1,10.0.0.2\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: annotation metallb.io/loadBalancerIPs: asks "
	  "for more than one address of a family; give at most one IPv4 and one IPv6 "
	  "address\n" },
	{ "a request in two places",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.1 lbip=10.0.0.1\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: both spec.loadBalancerIP and the annotation "
	  "metallb.io/loadBalancerIPs are set; remove one of them\n" },
	{ "a request for an address of a family that the Service lacks",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a ann-ips=fd00::1\n"
	  "svc d/b families=46 policy=require ann-ips=fd00::1\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: the Service has no IPv6 clusterIP, so it cannot "
	  "have fd00::1\n"
	  "> warning d/b AllocationFailed: the Service needs an address of each of its "
	  "families\n" },
	{ "both addresses of a dual-stack Service",
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a families=64 policy=require ann-ips=fd00::1,10.0.0.9\n"
	  "decide\n"
	  "> status d/a 10.0.0.9,fd00::1 pool=a\n" },
	{ "addresses in different pools",
	  "pool a 10.0.0.0/24\n"
	  "pool b fd00::/120\n"
	  "svc d/a families=46 policy=require ann-ips=10.0.0.9,fd00::1\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: the addresses asked for are in different pools "
	  "(\"a\" and \"b\")\n" },
	{ "a pool and an address that is not in it",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24\n"
	  "svc d/a pool=b ann-ips=10.0.0.9\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: 10.0.0.9 is in pool \"a\", but the Service asks "
	  "for pool \"b\"\n" },
	{ "a pool that a Service gets later, against the address that it asks for and has",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24\n"
	  "svc d/a ann-ips=10.0.0.9\n"
	  "decide\n"
	  "> status d/a 10.0.0.9 pool=a\n"
	  "svc d/a pool=b ann-ips=10.0.0.9\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: 10.0.0.9 is in pool \"a\", but the Service asks "
	  "for pool \"b\"; it keeps 10.0.0.9\n" },
	{ "a Service gets an address of the pool that it asks for",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24\n"
	  "svc d/a pool=b\n"
	  "decide\n"
	  "> status d/a 10.0.1.0 pool=b\n" },
	{ "asking for another pool moves the Service",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a pool=b\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.0 is released: another address or pool was "
	  "asked for\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.1.0\"]\n"
	  "> status d/a 10.0.1.0 pool=b\n" },
	{ "a pool that is not there, until it is",
	  "svc d/a pool=b\n"
	  "pool a 10.0.0.0/24\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: there is no usable IPAddressPool \"b\" in "
	  "namespace \"metallb-system\", which the annotation metallb.io/address-pool asks for; "
	  "there is \"a\"\n"
	  "pool b 10.0.1.0/24\n"
	  "decide\n"
	  "> status d/a 10.0.1.0 pool=b\n" },
	{ "asking for a full pool keeps the address",
	  "pool a 10.0.0.0/24\n"
	  "pool b 10.0.1.0/32\n"
	  "svc d/b pool=b\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/b 10.0.1.0 pool=b\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a pool=b\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"b\": it has no free IPv4 address; it "
	  "keeps 10.0.0.0\n" },
	{ "a pool asked for by name still serves its namespaces alone",
	  "pool a 10.0.0.0/24 ns=e\n"
	  "svc d/a pool=a\n"
	  "svc d/b ann-ips=10.0.0.1\n"
	  "svc e/c pool=a\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: pool \"a\" of 10.0.0.1 may not be used: it does "
	  "not serve namespace \"d\"\n"
	  "> warning d/a AllocationFailed: pool \"a\": it does not serve namespace \"d\"\n"
	  "> status e/c 10.0.0.0 pool=a\n" },
	{ "an address in a pool of another namespace is not kept",
	  "pool a 10.0.0.4/30\n"
	  "pool b 10.0.1.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pool a 10.0.0.4/30 ns=e\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.4 is released: pool \"a\" of 10.0.0.4 may "
	  "not be used: it does not serve namespace \"d\"\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.1.4\"]\n"
	  "> status d/a 10.0.1.4 pool=b\n" },
	{ "a request beats an automatic address that was not written",
	  "pool a 10.0.0.0/30\n"
	  "svc d/a\n"
	  "plan\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/b ann-ips=10.0.0.0\n"
	  "plan\n" /* it may still be written */
	  "> warning d/b AllocationFailed: 10.0.0.0 is in use by Service d/a; to share it, both need "
	  "the same metallb.io/allow-shared-ip, different ports and the same externalTrafficPolicy "
	  "(for Local, also the same selector)\n"
	  "svc d/a labels=x:y\n" /* now it cannot */
	  "see status\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "what a write under way gives is given to nobody else, whatever has been decided since",
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
	{ "and it is overruled by another one, even where that changes nothing",
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

SCENARIOS_MAIN("request", scenarios, setup_allocator)
