/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Events, conditions and ServiceL2Statuses that report a conflict. */
static const char before[] =
	"allocator on\n"
	"node n1\n"
	"adv all\n"
	"pool a 10.0.0.0/24\n"
	"sync\n"
	"svc d/a\n"
	"slice d/a n1:ready\n"
	"see vips\n"
	"decide\n"
	"> elect 10.0.0.0 eth0\n"
	"see events\n";

#define CLAIMED "10.0.0.0 is claimed on eth0 by 02:00:00:00:00:03, which is no node of this cluster; "
#define DEFENDED CLAIMED "node \"n1\" still announces the address, so clients may reach " \
			"either host: remove the address from that host or from the pool\n"

#define CONDITION "10.0.0.0 is claimed by 02:00:00:00:00:03, which is no node of this cluster; "

static const struct scenario scenarios[] = {
	{ "a conflict is reported once with the MAC address, and its end is reported too",
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/a AddressConflict: " DEFENDED
	  "conflict 10.0.0.0 defended\n"
	  "mark-all\n"
	  "decide\n"
	  "conflict 10.0.0.0 none\n"
	  "decide\n"
	  "> event d/a AddressConflictOver: no other host claims 10.0.0.0 any more\n"
	  "decide\n" },
	{ "a conflict that changes from defended to yielded is reported again",
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/a AddressConflict: " DEFENDED
	  "conflict 10.0.0.0 yielded\n"
	  "decide\n"
	  "> warning d/a AddressConflict: " CLAIMED "node \"n1\" has yielded the address to that "
	  "host, and probes every minute whether it is free: remove the address from that host or "
	  "from the pool\n" },
	{ "an Event explains that a peer's kernel has the address",
	  "conflict 10.0.0.0 peer-kernel\n"
	  "decide\n"
	  "> warning d/a AddressOnNode: 10.0.0.0 is announced by node \"n1\", but on eth0 the kernel "
	  "of another node, 02:00:00:00:00:03, answers for it too: with kube-proxy in IPVS mode, set "
	  "ipvs.strictARP: true; else remove the address from that node's interfaces\n" },
	{ "during a conflict, the ServiceL2Status has the annotation, and the condition names the "
	  "MAC address",
	  "see l2 conditions\n"
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> l2 delete l2-13\n"
	  "> l2 create d/a conflict=10.0.0.0,02:00:00:00:00:03,defended\n"
	  "> conditions d/a; Announced turns True AddressConflict: " CONDITION "node \"n1\" still "
	  "announces the address, so clients may reach either host\n"
	  "conflict 10.0.0.0 yielded\n"
	  "decide\n"
	  "> l2 delete l2-16\n"
	  "> l2 create d/a conflict=10.0.0.0,02:00:00:00:00:03,yielded\n"
	  "> conditions d/a; Announced turns False AddressConflict: " CONDITION "node \"n1\" has yielded "
	  "the address to that host, and probes every minute whether it is free\n"
	  "mark-all\n"
	  "decide\n"
	  "conflict 10.0.0.0 none\n"
	  "decide\n"
	  "> l2 delete l2-20\n"
	  "> l2 create d/a\n"
	  "> conditions d/a; Announced turns True NodeAssigned: a node announces it; its "
	  "ServiceL2Status says which one\n" },
	{ "the allocator writes the condition of a conflict that a holder on another node reports",
	  "node n3\n" /* n3 ranks first, so it is the holder */
	  "see l2 vips conditions\n"
	  "decide\n"
	  "> l2 delete l2-13\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "l2 l2-a node=n3 svc=d/a conflict=10.0.0.0,02:00:00:00:00:07,defended\n"
	  "decide\n"
	  "> conditions d/a; Announced turns True AddressConflict: 10.0.0.0 is claimed by "
	  "02:00:00:00:00:07, which is no node of this cluster; node \"n3\" still announces the "
	  "address, so clients may reach either host\n"
	  "restart\n"
	  "decide\n"
	  "del l2 l2-a\n"
	  "l2 l2-b node=n3 svc=d/a conflict=nonsense\n"
	  "l2 l2-c node=n3 svc=d/a conflict=10.0.0.0,02:00:00-00:00:07,defended\n"
	  "l2 l2-d node=n3 svc=d/a conflict=10.0.0.0,02:00:00:00:00,defended\n"
	  "l2 l2-e node=n3 svc=d/a conflict=10.0.0.0,02:00:00:00:00:0G,defended\n"
	  "l2 l2-f node=n3 svc=d/a conflict=10.0.0,02:00:00:00:00:07,defended\n"
	  "l2 l2-g node=n3 svc=d/a conflict=10.0.0.1,02:00:00:00:00:07,defended\n"
	  "decide\n"
	  "> conditions d/a; Announced True NodeAssigned: a node announces it; its ServiceL2Status says "
	  "which one\n" },
	{ "a pool sets its conflict policy, or uses the default",
	  "policy 10.0.0.0\n"
	  "> default\n"
	  "pool a 10.0.0.0/24 conflict=yield\n"
	  "pool b 10.0.1.0/24 conflict=defend\n"
	  "pool c 10.0.2.0/24 conflict=fight\n"
	  "see warnings\n"
	  "decide\n"
	  "> warning c InvalidConfiguration: metadata.annotations[\"arplet.io/conflict\"]: \"fight\" is "
	  "neither \"defend\" nor \"yield\"; its assigned addresses stay, but no address is allocated "
	  "from it\n"
	  "policy 10.0.0.0\n"
	  "> yield\n"
	  "policy 10.0.1.0\n"
	  "> defend\n"
	  "policy 10.0.2.0\n"
	  "> default\n"
	  "policy 10.9.0.0\n"
	  "> default\n" },
	{ "each Service that shares an address in conflict gets an Event",
	  "svc d/a share=k ports=TCP/1\n"
	  "svc d/b share=k ports=TCP/2 ann-ips=10.0.0.0\n"
	  "slice d/b n1:ready\n"
	  "see vips\n"
	  "decide\n"
	  "see warnings\n"
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/b AddressConflict: " DEFENDED
	  "> warning d/a AddressConflict: " DEFENDED },
	{ "a withdrawn address has no conflict, and no Event reports the end",
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/a AddressConflict: " DEFENDED
	  "node n3\n"
	  "see vips events\n"
	  "decide\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "conflict 10.0.0.0 defended\n"
	  "del node n3\n"
	  "decide\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "> elect 10.0.0.0 eth0\n" },
	{ "each node reports an address that is configured on one of its interfaces",
	  "node n3\n"
	  "see vips\n"
	  "decide\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "see events\n"
	  "links eth0=11.0.0.9/6 lo=10.0.0.0/32\n"
	  "decide\n"
	  "> warning d/a AddressOnNode: 10.0.0.0 is configured on interface lo of node \"n1\", so "
	  "the kernel of the node answers ARP requests for it: remove it from that interface or "
	  "from the pool\n"
	  "links eth0=11.0.0.9/6\n"
	  "decide\n" },
	{ "the holder reports when the address is no longer configured on the node",
	  "links eth0=11.0.0.9/6 lo=10.0.0.0/32\n"
	  "decide\n"
	  "> warning d/a AddressOnNode: 10.0.0.0 is configured on interface lo of node \"n1\", so "
	  "the kernel of the node answers ARP requests for it: remove it from that interface or "
	  "from the pool\n"
	  "links eth0=11.0.0.9/6\n"
	  "decide\n"
	  "> event d/a AddressConflictOver: no other host claims 10.0.0.0 any more\n" },
	{ "six Events report conflicts at once, and then one every 30 s",
	  "svc d/a share=k ports=TCP/1\n"
	  "svc d/b share=k ports=TCP/2 ann-ips=10.0.0.0\n"
	  "svc d/c share=k ports=TCP/3 ann-ips=10.0.0.0\n"
	  "slice d/b n1:ready\n"
	  "slice d/c n1:ready\n"
	  "see vips\n"
	  "decide\n"
	  "after 1h\n"
	  "see warnings\n"
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/b AddressConflict: " DEFENDED
	  "> warning d/c AddressConflict: " DEFENDED
	  "> warning d/a AddressConflict: " DEFENDED
	  "conflict 10.0.0.0 none\n"
	  "decide\n" /* three Events AddressConflictOver */
	  "after 29s\n"
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "conflict 10.0.0.0 none\n"
	  "decide\n"
	  "after 1s\n"
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/b AddressConflict: " DEFENDED },
	{ "an address on the interface kube-ipvs0 of kube-proxy is not reported",
	  "links eth0=11.0.0.9/6 kube-ipvs0=10.0.0.0/32\n"
	  "decide\n" },
};

SCENARIOS_MAIN("conflicts", scenarios, before)
