/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* What the status of a Service says of it besides its addresses; and that of a pool. */
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
	{ "that a Service has an address is said with the address, and not again",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n"
	  "mark-all\n"
	  "decide\n"
	  "restart\n"
	  "decide\n" },
	{ "an address that was given before there were conditions is worth no write",
	  "svc d/a status=10.0.0.1 from=a\n"
	  "slice d/a n1:ready\n"
	  "restart\n"
	  "decide\n" },
	{ "a Service that is refused says so once, also after a restart, until it is served",
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n"
	  "mark-all\n"
	  "decide\n"
	  "restart\n"
	  "decide\n"
	  "svc d/a ann-ips=10.9.9.8\n" /* still False: no transition */
	  "decide\n"
	  "> conditions d/a; Allocated False AllocationFailed: no IPAddressPool contains 10.9.9.8\n"
	  "svc d/a\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n" },
	{ "so does one that keeps its address while it asks for another, and its status is let be",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n"
	  "see status conditions\n"
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9; it keeps 10.0.0.0\n"
	  "svc d/a\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns True IPAllocated: assigned 10.0.0.0\n" },
	{ "an address that nobody announces says why, and that it is over",
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
	{ "a Service that merely waits for its endpoints is worth no write",
	  "svc d/a\n"
	  "decide\n"
	  "> conditions with it; Allocated turns True IPAllocated: assigned 10.0.0.0\n" },
	{ "an address in the dark says so when that lasts",
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
	  "restart\n" /* it is dark for a moment only, as far as this one knows */
	  "decide\n"
	  "holder 10.0.0.0 1 n1\n"
	  "decide\n"
	  "> conditions d/a; Announced turns True NodeAssigned: a node announces it; its "
	  "ServiceL2Status says which one\n" },
	{ "who has no address any more is not said to be announced or not",
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
	  "autoAssign: false and was not asked for by name (metallb.io/address-pool); no Announced\n" },
	{ "what is of type LoadBalancer no more keeps no condition",
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n"
	  "svc d/a type=ClusterIP\n"
	  "decide\n"
	  "> conditions d/a; no Allocated\n" },
	{ "the conditions of a Service of another class may be another arplet's",
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n"
	  "svc d/a class=other\n"
	  "decide\n" },
	{ "a Service that cannot be read says so",
	  "svc d/a type=LoadBalancer bad=spec.ports: must be a list\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False LoadBalancerFailed: spec.ports: must be a list\n"
	  "mark-all\n"
	  "decide\n" },
	{ "who does not allocate writes no condition",
	  "allocator off\n"
	  "svc d/a ann-ips=10.9.9.9\n"
	  "decide\n"
	  "allocator on\n"
	  "decide\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n" },
	{ "nor is one written twice while the first is under way",
	  "svc d/a ann-ips=10.9.9.9\n"
	  "plan\n"
	  "> conditions d/a; Allocated turns False AllocationFailed: no IPAddressPool contains "
	  "10.9.9.9\n"
	  "mark-all\n"
	  "plan\n" },
	{ "a pool that is wrong says so in its status, also after a restart, until it is right",
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
	{ "so does an advertisement, also one that cannot be read",
	  "adv x bad=spec.interfaces: must be a list\n"
	  "decide\n"
	  "> valid x no InvalidConfiguration: spec.interfaces: must be a list; the object is not "
	  "used\n"
	  "restart\n"
	  "decide\n"
	  "adv x\n"
	  "decide\n"
	  "> valid x yes Valid: the specification is in force\n" },
	{ "where the schema drops that, it is written once for each thing that is wrong",
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
	{ "a pool that was never wrong says nothing, and who does not allocate writes nothing",
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
