/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Services that share an address. */
static const struct scenario scenarios[] = {
	{ "Services with the same key and different ports share an address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc d/b share=k ports=TCP/81\n"
	  "svc d/c share=k ports=UDP/80\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/c 10.0.0.0 pool=a\n" },
	{ "Services of different namespaces do not share an address, even if they request it",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc e/b share=k ports=TCP/81\n"
	  "svc e/c share=k ports=TCP/82 ann-ips=10.0.0.0\n"
	  "svc e/d share=guess ports=TCP/82 ann-ips=10.0.0.0\n"
	  "svc e/e share=k ports=TCP/82 local ann-ips=10.0.0.0\n"
	  "see status\n"
	  "decide\n"
	  "> status e/c 10.0.0.0 pool=a\n" /* requests come first */
	  "> status d/a 10.0.0.1 pool=a\n"
	  "> status e/b 10.0.0.0 pool=a\n" },
	{ "a refusal names the pool annotation, and does not tell whether the key is right",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc e/c share=k ports=TCP/82 ann-ips=10.0.0.0\n"
	  "svc e/d share=guess ports=TCP/80 ann-ips=10.0.0.0\n"
	  "svc e/e share=k ports=TCP/82 local ann-ips=10.0.0.0\n"
	  "decide\n"
	  "> warning e/c AllocationFailed: 10.0.0.0 is in use by Service d/a; Services of "
	  "different namespaces share an address only if pool \"a\" has the annotation "
	  "arplet.io/share-across-namespaces: \"true\"\n"
	  "> warning e/d AllocationFailed: 10.0.0.0 is in use by Service d/a; Services of "
	  "different namespaces share an address only if pool \"a\" has the annotation "
	  "arplet.io/share-across-namespaces: \"true\"\n"
	  "> warning e/e AllocationFailed: 10.0.0.0 is in use by Service d/a; Services of "
	  "different namespaces share an address with externalTrafficPolicy: Local only if pool "
	  "\"a\" has the annotation arplet.io/share-across-namespaces: \"metallb\"\n" },
	{ "a pool with share-across-namespaces=true lets Services with externalTrafficPolicy: "
	  "Cluster share",
	  "pool a 10.0.0.0/24 share-namespaces=true\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc e/b share=k ports=TCP/81\n"
	  "svc d/x share=l ports=TCP/80 local selector=app:x\n"
	  "svc e/y share=l ports=TCP/81 local selector=app:x\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status e/b 10.0.0.0 pool=a\n"
	  "> status d/x 10.0.0.1 pool=a\n"
	  "> status e/y 10.0.0.2 pool=a\n" },
	{ "a pool with share-across-namespaces=metallb also lets Services with Local share",
	  "pool a 10.0.0.0/24 share-namespaces=metallb\n"
	  "svc d/x share=l ports=TCP/80 local selector=app:x\n"
	  "svc e/y share=l ports=TCP/81 local selector=app:x\n"
	  "svc e/z share=l ports=TCP/82 local selector=app:z\n"
	  "decide\n"
	  "> status d/x 10.0.0.0 pool=a\n"
	  "> status e/y 10.0.0.0 pool=a\n"
	  "> status e/z 10.0.0.1 pool=a\n" },
	{ "Services of different namespaces keep an address that both have in their statuses",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80 from=a status=10.0.0.5\n"
	  "svc e/b share=k ports=TCP/81 from=a status=10.0.0.5\n"
	  "decide\n"
	  "svc e/b share=k ports=TCP/82\n" /* still different */
	  "decide\n"
	  "svc e/b share=k ports=TCP/80\n"
	  "see status\n"
	  "decide\n"
	  "> status e/b 10.0.0.0 pool=a\n"
	  "svc e/b share=k ports=TCP/81 ann-ips=10.0.0.5\n" /* it cannot come back */
	  "see status events\n"
	  "decide\n"
	  "> warning e/b AllocationFailed: 10.0.0.5 is in use by Service d/a; Services of "
	  "different namespaces share an address only if pool \"a\" has the annotation "
	  "arplet.io/share-across-namespaces: \"true\"; the Service keeps 10.0.0.0\n" },
	{ "of two Services with a common port and one address, the Service that had it first keeps "
	  "it, even if the other is older",
	  "see status\n"
	  "pool a 10.0.0.0/30\n"
	  "svc d/old created=1 since=9 share=k ports=TCP/80 from=a status=10.0.0.0\n"
	  "svc d/first created=5 since=6 share=k ports=TCP/80 from=a status=10.0.0.0\n"
	  "svc d/other created=7 share=k ports=TCP/80 from=a status=10.0.0.0\n"
	  "decide\n"
	  "> status d/old 10.0.0.1 pool=a\n" /* decided first, because it is older */
	  "> status d/first 10.0.0.2 pool=a\n" },
	{ "Services with different keys, no key or an empty key do not share an address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc d/b share=l ports=TCP/81\n"
	  "svc d/c ports=TCP/82\n"
	  "svc d/d share= ports=TCP/83\n"
	  "svc d/e share= ports=TCP/84\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n"
	  "> status d/c 10.0.0.2 pool=a\n"
	  "> status d/d 10.0.0.3 pool=a\n"
	  "> status d/e 10.0.0.4 pool=a\n" },
	{ "Services with a common port do not share an address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80,TCP/443\n"
	  "svc d/b share=k ports=UDP/80,TCP/443\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n" },
	{ "Services with different externalTrafficPolicies do not share an address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc d/b share=k ports=TCP/81 local\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n" },
	{ "Services with externalTrafficPolicy: Local share an address only if they have the same "
	  "selector",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80 local selector=app:x\n"
	  "svc d/b share=k ports=TCP/81 local selector=app:x\n"
	  "svc d/c share=k ports=TCP/82 local selector=app:y\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/c 10.0.0.1 pool=a\n" },
	{ "Services with externalTrafficPolicy: Cluster share an address with any selectors",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80 selector=app:x\n"
	  "svc d/b share=k ports=TCP/81 selector=app:y\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "a waiting Service joins a shared address when its port is released",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a share=k ports=TCP/80,TCP/81\n"
	  "svc d/b share=k ports=TCP/81\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> warning d/b AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "a waiting Service joins an address when the key of its user changes",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc d/b share=l ports=TCP/81\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> warning d/b AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "svc d/a share=l ports=TCP/80\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "a Service keeps its address when it changes its key and shares with no other Service",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "svc d/a share=l\n"
	  "decide\n" },
	{ "a Service leaves a shared address when its change ends the permission to share",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc d/b share=k ports=TCP/81\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "svc d/a share=l ports=TCP/80\n"
	  "see status events\n"
	  "decide\n"
	  "> event d/a ClearAssignment: 10.0.0.0 is released: 10.0.0.0 belongs to Service "
	  "d/b, which had it before\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.1\"]\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "of two Services with one address in their statuses, the younger leaves, even if the "
	  "older one seemed to have lost it",
	  "pool a 10.0.0.0/24\n"
	  "svc d/y created=9 share=l ports=TCP/2\n"
	  "decide\n"
	  "> status d/y 10.0.0.0 pool=a\n"
	  "svc d/a created=1 share=l ports=TCP/1\n"
	  "plan\n"
	  "> status d/a 10.0.0.0 pool=a\n" /* the watch has not reported this write yet */
	  "svc d/y created=9 share=l ports=TCP/1\n"
	  "plan\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "svc d/a created=1 share=l ports=TCP/1 status=10.0.0.0 from=a\n"
	  "decide\n"
	  "> status d/y 10.0.0.1 pool=a\n" },
	{ "a shared address is free after the deletion of its last Service",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc d/b share=k ports=TCP/81\n"
	  "svc d/c\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> warning d/c AllocationFailed: pool \"a\": it has no free IPv4 address\n"
	  "del svc d/a\n"
	  "decide\n"
	  "del svc d/b\n"
	  "decide\n"
	  "> status d/c 10.0.0.0 pool=a\n" },
	{ "a Service may request a shared address",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80 ann-ips=10.0.0.7\n"
	  "svc d/b share=k ports=TCP/81 ann-ips=10.0.0.7\n"
	  "svc d/c share=k ports=TCP/81 ann-ips=10.0.0.7\n"
	  "decide\n"
	  "> status d/a 10.0.0.7 pool=a\n"
	  "> status d/b 10.0.0.7 pool=a\n"
	  "> warning d/c AllocationFailed: 10.0.0.7 is in use by Service d/b; to share it, "
	  "both need different ports, but both have port 81/TCP\n" },
	{ "a Service gets the lowest address that is free or that it may share",
	  "pool a 10.0.0.0/24\n"
	  "svc d/b share=k ports=TCP/80 ann-ips=10.0.0.1\n"
	  "decide\n"
	  "> status d/b 10.0.0.1 pool=a\n"
	  "svc d/c share=k ports=TCP/81\n"
	  "svc d/d share=k ports=TCP/81\n"
	  "decide\n"
	  "> status d/c 10.0.0.0 pool=a\n"
	  "> status d/d 10.0.0.1 pool=a\n" },
	{ "a shared address counts once in the status of its pool",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a share=k ports=TCP/80\n"
	  "svc d/b share=k ports=TCP/81\n"
	  "see counts\n"
	  "decide\n"
	  "> counts a 1/255/0/0\n"
	  "del svc d/a\n"
	  "decide\n"
	  "del svc d/b\n"
	  "decide\n"
	  "> counts a 0/256/0/0\n" },
	{ "no Service joins a shared address that is reserved for another Service",
	  "pool a 10.0.0.0/30 reserve=10.0.0.0=d/a\n"
	  "svc d/a share=k ports=tcp/80\n"
	  "svc d/b share=k ports=tcp/81\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> status d/b 10.0.0.1 pool=a\n" },
	{ "of two Services that have one address and may not share it, the older keeps it, in any "
	  "order of events",
	  "see status\n"
	  "pool a 10.0.0.0/30\n"
	  "svc d/a created=2 from=a status=10.0.0.0\n"
	  "decide\n"
	  "svc d/b created=1 from=a status=10.0.0.0\n"
	  "decide\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
};

SCENARIOS_MAIN("sharing", scenarios, setup_allocator)
