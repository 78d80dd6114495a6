/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Somebody else has an address of a Service, and people are told. */
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
#define RIVAL	CLAIMED "node \"n1\" goes on announcing it, so clients may reach either: take the " \
			"address from that host, or out of the pool\n"

#define SAYS "10.0.0.0 is claimed by 02:00:00:00:00:03, which is no node of this cluster; "

static const struct scenario scenarios[] = {
	{ "a rival is told once, with its MAC, and so is the end of it",
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/a AddressConflict: " RIVAL
	  "conflict 10.0.0.0 defended\n"
	  "mark-all\n"
	  "decide\n"
	  "conflict 10.0.0.0 none\n"
	  "decide\n"
	  "> event d/a AddressConflictOver: no other host claims 10.0.0.0 any more\n"
	  "decide\n" },
	{ "that it is yielded is another state of the matter",
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/a AddressConflict: " RIVAL
	  "conflict 10.0.0.0 yielded\n"
	  "decide\n"
	  "> warning d/a AddressConflict: " CLAIMED "node \"n1\" has yielded it to that host, and "
	  "probes every minute whether it is free: take the address from that host, or out of the pool\n" },
	{ "a kernel of a fellow is explained",
	  "conflict 10.0.0.0 peer-kernel\n"
	  "decide\n"
	  "> warning d/a AddressOnNode: 10.0.0.0 is announced by node \"n1\", but on eth0 the kernel "
	  "of another node, 02:00:00:00:00:03, answers for it too: with kube-proxy in IPVS mode, set "
	  "ipvs.strictARP: true; else take the address from that node's interfaces\n" },
	{ "as long as it lasts the ServiceL2Status has it, and the condition names the MAC",
	  "see l2 conditions\n"
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> l2 delete l2-13\n"
	  "> l2 create d/a conflict=10.0.0.0,02:00:00:00:00:03,defended\n"
	  "> conditions d/a; Announced turns True AddressConflict: " SAYS "node \"n1\" goes on "
	  "announcing it, so clients may reach either\n"
	  "conflict 10.0.0.0 yielded\n"
	  "decide\n"
	  "> l2 delete l2-16\n"
	  "> l2 create d/a conflict=10.0.0.0,02:00:00:00:00:03,yielded\n"
	  "> conditions d/a; Announced turns False AddressConflict: " SAYS "node \"n1\" has yielded "
	  "it to that host, and probes every minute whether it is free\n"
	  "mark-all\n"
	  "decide\n"
	  "conflict 10.0.0.0 none\n"
	  "decide\n"
	  "> l2 delete l2-20\n"
	  "> l2 create d/a\n"
	  "> conditions d/a; Announced turns True NodeAssigned: a node announces it; its "
	  "ServiceL2Status says which one\n" },
	{ "whoever writes the conditions has it from the holder, wherever that is",
	  "node n3\n" /* which ranks first, and has the address */
	  "see l2 vips conditions\n"
	  "decide\n"
	  "> l2 delete l2-13\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "l2 l2-a node=n3 svc=d/a conflict=10.0.0.0,02:00:00:00:00:07,defended\n"
	  "decide\n"
	  "> conditions d/a; Announced turns True AddressConflict: 10.0.0.0 is claimed by "
	  "02:00:00:00:00:07, which is no node of this cluster; node \"n3\" goes on announcing it, so "
	  "clients may reach either\n"
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
	{ "a pool says how a rival is met, or leaves it to the standard",
	  "policy 10.0.0.0\n"
	  "> default\n"
	  "pool a 10.0.0.0/24 conflict=yield\n"
	  "pool b 10.0.1.0/24 conflict=defend\n"
	  "pool c 10.0.2.0/24 conflict=fight\n"
	  "see warnings\n"
	  "decide\n"
	  "> warning c InvalidConfiguration: metadata.annotations[\"arplet.io/conflict\"]: \"fight\" is "
	  "neither defend nor yield; its assigned addresses stay, but no address is allocated from it\n"
	  "policy 10.0.0.0\n"
	  "> yield\n"
	  "policy 10.0.1.0\n"
	  "> defend\n"
	  "policy 10.0.2.0\n"
	  "> default\n"
	  "policy 10.9.0.0\n"
	  "> default\n" },
	{ "Services that share the address are told, each",
	  "svc d/a share=k ports=TCP/1\n"
	  "svc d/b share=k ports=TCP/2 ann-ips=10.0.0.0\n"
	  "slice d/b n1:ready\n"
	  "see vips\n"
	  "decide\n"
	  "see warnings\n"
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/b AddressConflict: " RIVAL
	  "> warning d/a AddressConflict: " RIVAL },
	{ "what was left has no trouble any more, and nobody hears that it is over",
	  "conflict 10.0.0.0 defended\n"
	  "decide\n"
	  "> warning d/a AddressConflict: " RIVAL
	  "node n3\n"
	  "see vips events\n"
	  "decide\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "conflict 10.0.0.0 defended\n"
	  "del node n3\n"
	  "decide\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "> elect 10.0.0.0 eth0\n" },
	{ "an address that somebody has configured on the node is told, by any node",
	  "node n3\n"
	  "see vips\n"
	  "decide\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "see events\n"
	  "links eth0=11.0.0.9/6 lo=10.0.0.0/32\n"
	  "decide\n"
	  "> warning d/a AddressOnNode: 10.0.0.0 is configured on interface lo of node \"n1\", so "
	  "that its kernel answers ARP requests for it: take it from that interface, or out of the "
	  "pool\n"
	  "links eth0=11.0.0.9/6\n"
	  "decide\n" },
	{ "and when the holder has it no more, that is told, too",
	  "links eth0=11.0.0.9/6 lo=10.0.0.0/32\n"
	  "decide\n"
	  "> warning d/a AddressOnNode: 10.0.0.0 is configured on interface lo of node \"n1\", so "
	  "that its kernel answers ARP requests for it: take it from that interface, or out of the "
	  "pool\n"
	  "links eth0=11.0.0.9/6\n"
	  "decide\n"
	  "> event d/a AddressConflictOver: no other host claims 10.0.0.0 any more\n" },
	{ "but kube-proxy in IPVS mode has every address on an interface of its own",
	  "links eth0=11.0.0.9/6 kube-ipvs0=10.0.0.0/32\n"
	  "decide\n" },
};

SCENARIOS_MAIN("trouble", scenarios, before)
