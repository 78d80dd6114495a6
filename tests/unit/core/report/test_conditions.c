/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* The conditions of Services, pools and advertisements. */
static const char before[] =
	"see conditions\n"
	"allocator on\n"
	"node n1\n"
	"adv all\n"
	"ns d\n"
	"pool a 10.0.0.0/31\n"
	"sync\n";

#define NOBODY "no node announces it: no L2Advertisement covers pool \"a\" (all: for " \
	"other pools)"

static const struct scenario scenarios[] = {
	{ "the write of an address also writes the condition Allocated, and nothing writes it "
	  "again",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n"
	  "mark-all\n"
	  "decide\n"
	  "restart\n"
	  "decide\n" },
	{ "no write adds conditions to an address that was allocated before conditions existed",
	  "svc d/a status=10.0.0.1 from=a\n"
	  "slice d/a n1:ready\n"
	  "restart\n"
	  "decide\n" },
	{ "a refused Service has Allocated=False, written once, until it is served",
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n"
	  "mark-all\n"
	  "decide\n"
	  "restart\n"
	  "decide\n"
	  "svc d/a ann-ips=10.9.9.8\n" /* the condition Allocated stays False: no transition */
	  "decide\n"
	  "> conditions d/a; Allocated False AllocationFailed: no IPAddressPool contains 10.9.9.8\n"
	  "svc d/a\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n" },
	{ "a Service that keeps its address while its request is refused has Allocated=False",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n"
	  "see status conditions\n"
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9; the Service keeps 10.0.0.0\n"
	  "svc d/a\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns True IPAllocated: assigned 10.0.0.0\n" },
	{ "an address without candidates has Announced=False with the reason, and the end of this "
	  "state is written",
	  "adv all pools=b\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n"
	  "> conditions d/a; Announced turns False announceFailed: " NOBODY "\n"
	  "restart\n"
	  "decide\n"
	  "adv all\n"
	  "decide\n"
	  "> conditions d/a; Announced turns True NodeAssigned: a node announces it; its "
	  "ServiceL2Status says which one\n"
	  "slice d/a\n"
	  "decide\n"
	  "> conditions d/a; Announced turns False NoReadyEndpoint: the Service has no ready endpoint\n" },
	{ "a Service without ready endpoints gets no condition",
	  "svc d/a\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n" },
	{ "an address without a holder has Announced=False after a delay",
	  "opts lan\n"
	  "restart\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n"
	  "after 10s\n"
	  "decide\n"
	  "> conditions d/a; Announced turns False announceFailed: no node announces it: no node "
	  "claims it, though these nodes are eligible: n1; is arplet running there, with the key in its "
	  "Secret, and is an interface of the node on that LAN?\n"
	  "restart\n" /* a new daemon does not know since when there is no holder */
	  "decide\n"
	  "holder 10.0.0.0 1 n1\n"
	  "decide\n"
	  "> conditions d/a; Announced turns True NodeAssigned: a node announces it; its "
	  "ServiceL2Status says which one\n" },
	{ "a Service that loses its address loses the condition Announced",
	  "adv all pools=b\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "see status\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "see status conditions\n"
	  "pool a 10.0.9.0/31 auto\n"
	  "decide\n"
	  "> status d/a none\n"
	  "> conditions with it; Allocated turns False AllocationFailed: pool \"a\": it has "
	  "autoAssign: false, and the Service does not request it (metallb.io/address-pool); no "
	  "Announced\n" },
	{ "a Service that is no longer of type LoadBalancer loses its conditions",
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n"
	  "svc d/a type=ClusterIP\n"
	  "decide\n"
	  "> conditions d/a; no Allocated\n" },
	{ "the conditions of a Service of another class are not changed",
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n"
	  "svc d/a class=other\n"
	  "decide\n" },
	{ "a Service that the decoder refuses has Allocated=False with the error",
	  "svc d/a type=LoadBalancer bad=spec.ports: must be a list\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False LoadBalancerFailed: spec.ports: must be a list\n"
	  "mark-all\n"
	  "decide\n" },
	{ "a daemon that is not the allocator writes no condition",
	  "allocator off\n"
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "allocator on\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n" },
	{ "a condition is not written again while its write is in progress",
	  "svc d/a ann-ips=10.9.9.9\n"
	  "plan\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n"
	  "mark-all\n"
	  "plan\n" },
	{ "an invalid pool has a condition False in its status, written once, until it is valid",
	  "pool b 10.0.0.300/30\n"
	  "decide\n"
	  "> valid b no InvalidConfiguration: spec.addresses[0]: \"10.0.0.300/30\" is not a CIDR; "
	  "the object is not used\n"
	  "mark-all\n"
	  "decide\n"
	  "restart\n"
	  "decide\n"
	  "pool b 10.0.0.4/40\n"
	  "decide\n"
	  "> valid b no InvalidConfiguration: spec.addresses[0]: \"10.0.0.4/40\": the prefix length must be "
	  "0 to 32; "
	  "the object is not used\n"
	  "pool b 10.0.0.4/30\n"
	  "decide\n"
	  "> valid b yes Valid: the specification is in force\n"
	  "mark-all\n"
	  "decide\n"
	  "restart\n"
	  "decide\n" },
	{ "an invalid advertisement has a condition False, also if the decoder refuses it",
	  "adv x bad=spec.interfaces: must be a list\n"
	  "decide\n"
	  "> valid x no InvalidConfiguration: spec.interfaces: must be a list; the object is not "
	  "used\n"
	  "restart\n"
	  "decide\n"
	  "adv x\n"
	  "decide\n"
	  "> valid x yes Valid: the specification is in force\n" },
	{ "if the CRD drops the condition, it is written once for each error",
	  "pool b 10.0.0.300/30\n"
	  "plan\n"
	  "> valid b no InvalidConfiguration: spec.addresses[0]: \"10.0.0.300/30\" is not a CIDR; "
	  "the object is not used\n"
	  "mark-all\n"
	  "plan\n"
	  "pool a 10.0.0.0/30\n"
	  "plan\n"
	  "pool b 10.0.0.4/40\n"
	  "plan\n"
	  "> valid b no InvalidConfiguration: spec.addresses[0]: \"10.0.0.4/40\": the prefix length must be "
	  "0 to 32; "
	  "the object is not used\n"
	  "pool b 10.0.0.4/30\n"
	  "plan\n" },
	{ "a pool that was always valid gets no condition, and only the allocator writes "
	  "conditions",
	  "pool b 10.0.0.4/30\n"
	  "allocator off\n"
	  "pool c 10.0.0.300/30\n"
	  "decide\n"
	  "allocator on\n"
	  "decide\n"
	  "> valid c no InvalidConfiguration: spec.addresses[0]: \"10.0.0.300/30\" is not a CIDR; "
	  "the object is not used\n" },
};

SCENARIOS_MAIN("conditions", scenarios, before)
