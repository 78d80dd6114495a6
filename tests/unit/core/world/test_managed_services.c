/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Which Services the allocator manages, and which addresses it writes to their statuses. */
static const struct scenario scenarios[] = {
	{ "Services of other types are never touched",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a type=ClusterIP\n"
	  "svc d/b type=NodePort\n"
	  "svc d/c type=ExternalName status=10.0.0.5\n"
	  "see status events counts l2 vips\n"
	  "decide\n"
	  "> counts a 1/255/0/0\n" },
	{ "Services of another class are never touched",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a class=other\n"
	  "svc d/b class=other status=10.0.0.5 from=a\n"
	  "see status events l2 vips\n"
	  "decide\n"
	  "services\n" },
	{ "the address of a Service of another class is not allocated",
	  "pool a 10.0.0.5/32\n"
	  "svc d/b class=other status=10.0.0.5\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it has no free IPv4 address\n" },
	{ "with a configured class, the allocator serves only Services of this class",
	  "opts class=ours endpoints\n"
	  "restart\n"
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "svc d/b class=other\n"
	  "svc d/c class=ours\n"
	  "decide\n"
	  "> status d/c 10.0.0.4 pool=a\n" },
	{ "a Service that is no longer of type LoadBalancer loses its address",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "svc d/a type=ClusterIP\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.4 is released: the Service is no longer of "
	  "type LoadBalancer\n"
	  "> status d/a none\n"
	  "decide\n"
	  "svc d/a\n"
	  "decide\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
	{ "a Service that is not of type LoadBalancer keeps a foreign address in its status",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a type=ClusterIP status=10.0.0.4\n"
	  "decide\n" },
	{ "a Service that becomes a LoadBalancer again before the write of its status keeps its "
	  "address",
	  "pool a 10.0.0.4/30\n"
	  "svc d/x\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/x 10.0.0.4 pool=a\n"
	  "> status d/a 10.0.0.5 pool=a\n"
	  "del svc d/x\n"
	  "svc d/a type=ClusterIP\n"
	  "plan\n"
	  "> status d/a none\n"
	  "svc d/a type=ClusterIP labels=x:y\n"
	  "see status events\n"
	  "plan\n"
	  "> status d/a none\n"
	  "svc d/a\n"
	  "decide\n" },
	{ "a Service keeps the address in its status, even if a lower address is free",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.0.6 from=a\n"
	  "decide\n"
	  "restart\n"
	  "decide\n" },
	{ "the allocator writes the pool annotation if it is missing or wrong",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.0.6\n"
	  "svc d/b status=10.0.0.7 from=other\n"
	  "decide\n"
	  "> status d/a 10.0.0.6 pool=a\n"
	  "> status d/b 10.0.0.7 pool=a\n" },
	{ "an address in a status that no pool contains is replaced",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.9.9\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.9.9 is released: no IPAddressPool contains "
	  "10.0.9.9 any more\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
	{ "of two Services with one address in their statuses, the older keeps it",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.0.5 created=9 from=a\n"
	  "svc d/b status=10.0.0.5 created=8 from=a\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.5 is released: 10.0.0.5 belongs to Service "
	  "d/b, which had it before\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/b nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
	{ "the allocator restores a status that a user cleared",
	  "pool a 10.0.0.4/30\n"
	  "svc d/x\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/x 10.0.0.4 pool=a\n"
	  "> status d/a 10.0.0.5 pool=a\n"
	  "del svc d/x\n"
	  "svc d/a status=none\n"
	  "decide\n"
	  "> status d/a 10.0.0.5 pool=a\n" },
	{ "a Service keeps a free address that a user wrote into its status",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "svc d/a status=10.0.0.7\n"
	  "decide\n" },
	{ "a Service does not keep another Service's address that a user wrote into its status",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "svc d/b status=10.0.0.4\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/b ClearAssignment: 10.0.0.4 is released: 10.0.0.4 belongs to Service "
	  "d/a, which had it before\n"
	  "> event d/b IPAllocated: Assigned IP [\"10.0.0.5\"]\n"
	  "> status d/b 10.0.0.5 pool=a\n" },
	{ "an allocated address is in use before its write",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "plan\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "svc d/b\n"
	  "plan\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "plan\n"
	  "svc d/a labels=x:y\n"
	  "plan\n"
	  "> status d/a 10.0.0.4 pool=a\n" },
	{ "a Service that the decoder refuses keeps its address",
	  "pool a 10.0.0.4/31\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "svc d/a bad=spec.ports: must be a list\n"
	  "svc d/b\n"
	  "svc d/c\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: spec.ports: must be a list\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "> warning d/c AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "decide\n" },
	{ "a daemon that never decoded a Service does not allocate its address",
	  "pool a 10.0.0.4/31\n"
	  "svc d/a type=LoadBalancer status=10.0.0.4 bad=spec.ports: must be a list\n"
	  "svc d/b\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: spec.ports: must be a list\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "services\n"
	  "> d/a 10.0.0.4 pool=a: spec.ports: must be a list\n"
	  "> d/b 10.0.0.5 pool=a holder=n1 here\n"
	  "svc d/b status=10.0.0.4\n" /* d/a is invalid: whether it shares 10.0.0.4 is unknown */
	  "decide\n" },
	{ "a Service of another class or with an unknown type gets no Event for a decoder error",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.0.4 bad=spec.type: must be a string\n"
	  "svc d/b type=LoadBalancer class=x status=10.0.0.5 bad=spec.ports: must be a list\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/c 10.0.0.6 pool=a\n" },
	{ "the new status of a Service counts, although the decoder refuses the Service",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "svc d/a type=LoadBalancer status=10.0.0.4 bad=spec.ports: must be a list\n"
	  "svc d/b\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: spec.ports: must be a list\n"
	  "> status d/b 10.0.0.5 pool=a\n" },
	{ "a Service is served again when the decoder accepts it",
	  "pool a 10.0.0.4/31\n"
	  "svc d/a bad=spec.ports: must be a list\n"
	  "decide\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "svc d/a bad=spec.ports: must be a list\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: spec.ports: must be a list\n"
	  "svc d/a ann-ips=10.0.0.5\n"
	  "decide\n"
	  "> status d/a 10.0.0.5 pool=a\n" },
	{ "a daemon that does not allocate writes nothing",
	  "allocator off\n"
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "svc d/b status=10.0.9.9\n"
	  "see status events counts\n"
	  "decide\n"
	  "services\n"
	  "> d/a: the allocator has not assigned an address yet\n"
	  "> d/b 10.0.9.9: no usable IPAddressPool contains its address\n"
	  "allocator on\n"
	  "decide\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/b ClearAssignment: 10.0.9.9 is released: no IPAddressPool contains "
	  "10.0.9.9 any more\n"
	  "> event d/b IPAllocated: Assigned IP [\"10.0.0.5\"]\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "> counts a 2/2/0/0\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "> event d/b nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "allocator off\n"
	  "svc d/b status=10.0.9.9\n"
	  "decide\n" },
	{ "nothing is allocated before all lists have ended",
	  "start\n"
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "sync\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n" },
	{ "an annotation with the prefix metallb.universe.tf gets one Event",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a old=metallb.universe.tf/allow-shared-ip\n"
	  "see status events\n"
	  "decide\n"
	  "> warning d/a deprecatedAnnotation: annotation "
	  "metallb.universe.tf/allow-shared-ip is deprecated; use the annotation of the same name with the prefix metallb.io/\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "svc d/a old=metallb.universe.tf/allow-shared-ip labels=x:y\n"
	  "decide\n" },
	{ "an unknown annotation gets one Event",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a unknown=metallb.io/loadBalancerIP\n"
	  "see status events\n"
	  "decide\n"
	  "> warning d/a UnknownAnnotation: annotation metallb.io/loadBalancerIP is not known and does "
	  "nothing; a Service may have metallb.io/loadBalancerIPs, metallb.io/address-pool and "
	  "metallb.io/allow-shared-ip\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "svc d/a unknown=metallb.io/loadBalancerIP labels=x:y\n"
	  "decide\n" },
	{ "a Service with too many labels gets one Event",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a labels=many\n"
	  "see status events\n"
	  "decide\n"
	  "> warning d/a ServiceTooLarge: the Service has more labels than arplet stores, so selectors of pools and "
	  "advertisements do not match it; use at most 64 labels with together at most 1,000 bytes\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "svc d/a labels=many lbip=10.0.0.4\n"
	  "decide\n" },
	{ "a Service with too many ports shares its address with no other Service",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a share=k ports=many status=10.0.0.4 from=a\n"
	  "svc d/b share=k ports=TCP/80 lbip=10.0.0.4\n"
	  "see status warnings\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: 10.0.0.4 is in use by Service d/a; to share it, both need at "
	  "most 256 ports\n"
	  "> warning d/a ServiceTooLarge: the Service has more than 256 ports, so it shares its address with no other "
	  "Service\n" },
	{ "a daemon that ceases to be the allocator forgets allocations that were not written",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "plan\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "pools\n"
	  "> a 1/3/0/0\n"
	  "allocator off\n"
	  "pools\n"
	  "> a 0/4/0/0\n"
	  "svc d/b status=10.0.0.4 from=a\n"
	  "allocator on\n"
	  "decide\n"
	  "> status d/a 10.0.0.5 pool=a\n" },
};

SCENARIOS_MAIN("managed services", scenarios, setup_allocator)
