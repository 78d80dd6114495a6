/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Whose Services are ours, and what the status in the API means. */
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
	{ "but the address that one has is not given away",
	  "pool a 10.0.0.5/32\n"
	  "svc d/b class=other status=10.0.0.5\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": it has no free IPv4 address\n" },
	{ "with a class configured, only Services of that class are ours",
	  "opts class=ours endpoints\n"
	  "restart\n"
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "svc d/b class=other\n"
	  "svc d/c class=ours\n"
	  "decide\n"
	  "> status d/c 10.0.0.4 pool=a\n" },
	{ "a Service that is no LoadBalancer any more loses its address",
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
	{ "and is left alone where the address was not ours",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a type=ClusterIP status=10.0.0.4\n"
	  "decide\n" },
	{ "a Service that is one again before the clearing was written keeps its address",
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
	{ "an address in status stays, whatever order would give",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.0.6 from=a\n"
	  "decide\n"
	  "restart\n"
	  "decide\n" },
	{ "the pool is noted where the note is missing or wrong",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.0.6\n"
	  "svc d/b status=10.0.0.7 from=other\n"
	  "decide\n"
	  "> status d/a 10.0.0.6 pool=a\n"
	  "> status d/b 10.0.0.7 pool=a\n" },
	{ "an address in status that no pool contains is replaced",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.9.9\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.9.9 is released: no IPAddressPool contains "
	  "10.0.9.9 any more\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
	{ "of two with one address in status, the older keeps it",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.0.5 created=9 from=a\n"
	  "svc d/b status=10.0.0.5 created=8 from=a\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.5 is released: 10.0.0.5 belongs to Service "
	  "d/b, which was there before\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.4\"]\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "> event d/b nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n" },
	{ "a status that was emptied by hand is put right",
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
	{ "a status that was changed by hand to what is free stays",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  "svc d/a status=10.0.0.7\n"
	  "decide\n" },
	{ "one changed to what another has does not",
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
	  "d/a, which was there before\n"
	  "> event d/b IPAllocated: Assigned IP [\"10.0.0.5\"]\n"
	  "> status d/b 10.0.0.5 pool=a\n" },
	{ "an address decided on is taken before it is written",
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
	{ "a Service that cannot be read keeps its address and its claim",
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
	{ "nor is its address given away by a daemon that never could read it",
	  "pool a 10.0.0.4/31\n"
	  "svc d/a type=LoadBalancer status=10.0.0.4 bad=spec.ports: must be a list\n"
	  "svc d/b\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: spec.ports: must be a list\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  "services\n"
	  "> d/a 10.0.0.4 pool=a: spec.ports: must be a list\n"
	  "> d/b 10.0.0.5 pool=a holder=n1 here\n"
	  "svc d/b status=10.0.0.4\n" /* it may well share it, for all we know */
	  "decide\n" },
	{ "of another class, or of no type that can be read, it is no cause for an Event",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a status=10.0.0.4 bad=spec.type: must be a string\n"
	  "svc d/b type=LoadBalancer class=x status=10.0.0.5 bad=spec.ports: must be a list\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/c 10.0.0.6 pool=a\n" },
	{ "what is in its status by now counts, though the rest cannot be read",
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "svc d/a type=LoadBalancer status=10.0.0.4 bad=spec.ports: must be a list\n"
	  "svc d/b\n"
	  "decide\n"
	  "> warning d/a LoadBalancerFailed: spec.ports: must be a list\n"
	  "> status d/b 10.0.0.5 pool=a\n" },
	{ "and is served again when it can be read",
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
	{ "nothing is allocated before all is known",
	  "start\n"
	  "pool a 10.0.0.4/30\n"
	  "svc d/a\n"
	  "decide\n"
	  "sync\n"
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n" },
	{ "old annotations are pointed out, once",
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
	{ "an annotation without a meaning is pointed out, once",
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
	{ "who ceases to allocate forgets what was not written",
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

SCENARIOS_MAIN("ours", scenarios, setup_allocator)
