/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* The allocator runs on n1 and cannot probe, because only n2 is on the LAN of the addresses. */
static const char before[] =
	"allocator on\n"
	"links eth0=192.168.0.9/24\n"
	"node n1\n"
	"node n2 labels=zone:1\n"
	"adv all nodes=zone:1\n"
	"ns d\n"
	"sync\n"
	"pool a 10.0.0.0/29 fd00::10-fd00::1f\n"
	"opts endpoints\n"
	"probing\n"
	"see status warnings\n";

#define CONFLICT(ip) "l2 l2-b node=n2 svc=d/a conflict=" ip ",02:00:00:00:00:07,defended\n"
#define USED(ip)     ip " is used by another host on its LAN, 02:00:00:00:00:07"
#define ON_POOL(ip)  "after 1s\n" \
		     "decide\n" \
		     "> warning a AddressInUse: " USED(ip) "; arplet does not allocate it " \
		     "for five minutes\n"
#define ON_SVC(ip)   "> warning d/a AddressInUse: " USED(ip) ", so the Service got the next " \
		     "free address\n"

static const struct scenario scenarios[] = {
	{ "a Service whose address another host uses gets the next address",
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "l2 l2-a node=n2 svc=d/a\n"
	  "decide\n"
	  "after 9s\n"
	  "del l2 l2-a\n"
	  CONFLICT("10.0.0.0")
	  "see status events\n"
	  "plan\n"
	  "> event d/a ClearAssignment: 10.0.0.0 is released: another host on its LAN uses it\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.1\"]\n"
	  ON_SVC("10.0.0.0")
	  "> status d/a 10.0.0.1 pool=a\n"
	  ON_POOL("10.0.0.0") },
	{ "no Service gets an address in conflict for five minutes",
	  "svc d/a share=k ports=TCP/1\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  CONFLICT("10.0.0.0")
	  "see status\n"
	  "decide\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "after 1s\n"
	  "decide\n"
	  "next\n"
	  "> in 299000 ms\n"
	  "svc d/b ann-ips=10.0.0.0\n"
	  "svc d/c\n"
	  "see status warnings\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: " USED("10.0.0.0") "\n"
	  "> status d/c 10.0.0.2 pool=a\n"
	  "probe-links 10.0.0.0\n" /* this step drops results of addresses that are not probed */
	  "> no\n"
	  "after 299s\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "next\n"
	  "> never\n" },
	{ "a Service keeps an address that was announced for ten seconds without a conflict",
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "after 1h\n" /* the probation ends only after an announcement */
	  "l2 l2-a node=n2 svc=d/a\n"
	  "decide\n"
	  "after 10s\n"
	  "del l2 l2-a\n"
	  CONFLICT("10.0.0.0")
	  "decide\n" },
	{ "a Service keeps an address that it requested or that is reserved for it, despite a "
	  "conflict",
	  "pool a 10.0.0.0/29 reserve=10.0.0.5=d/b\n"
	  "svc d/a ann-ips=10.0.0.3\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/a 10.0.0.3 pool=a\n"
	  "> status d/b 10.0.0.5 pool=a\n"
	  CONFLICT("10.0.0.3")
	  "l2 l2-c node=n2 svc=d/b conflict=10.0.0.5,02:00:00:00:00:07,yielded\n"
	  "decide\n" },
	{ "a Service keeps an address that this allocator did not allocate, despite a conflict",
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "allocator off\n"
	  "allocator on\n"
	  CONFLICT("10.0.0.0")
	  "decide\n" },
	{ "a Service keeps an address in conflict if no other address is free",
	  "pool a 10.0.0.0/32\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  CONFLICT("10.0.0.0")
	  "decide\n"
	  ON_POOL("10.0.0.0")
	  "pool a 10.0.0.0/31\n" /* d/a keeps 10.0.0.0, though 10.0.0.1 is free now */
	  "decide\n" },
	{ "a dual-stack Service moves only the address that is in conflict",
	  "svc d/a families=46 policy=require\n"
	  "decide\n"
	  "> status d/a 10.0.0.0,fd00::10 pool=a\n"
	  CONFLICT("fd00::10")
	  "decide\n"
	  "> status d/a 10.0.0.0,fd00::11 pool=a\n"
	  ON_POOL("fd00::10")
	  "del l2 l2-b\n"
	  CONFLICT("10.0.0.0")
	  "decide\n"
	  ON_SVC("10.0.0.0")
	  "> status d/a 10.0.0.1,fd00::11 pool=a\n"
	  "after 59s\n"
	  ON_POOL("10.0.0.0") },
	{ "a Service keeps a shared address that other Services had before, despite a conflict",
	  "svc d/b share=k ports=TCP/1\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "svc d/a share=k ports=TCP/2\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  CONFLICT("10.0.0.0")
	  "decide\n" },
	{ "a Service moves at most five times if a host claims every address",
	  "pool a 10.0.0.0/24\n"
	  "see status\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  CONFLICT("10.0.0.0")
	  "decide\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  CONFLICT("10.0.0.1")
	  "decide\n"
	  "> status d/a 10.0.0.2 pool=a\n"
	  CONFLICT("10.0.0.2")
	  "decide\n"
	  "> status d/a 10.0.0.3 pool=a\n"
	  CONFLICT("10.0.0.3")
	  "decide\n"
	  "> status d/a 10.0.0.4 pool=a\n"
	  CONFLICT("10.0.0.4")
	  "decide\n"
	  "> status d/a 10.0.0.5 pool=a\n"
	  CONFLICT("10.0.0.5")
	  "decide\n" },
	{ "an address that was probed is not on probation",
	  "links eth0=10.0.0.99/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "probed 10.0.0.1 free\n"
	  "probed 10.0.0.2 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  CONFLICT("10.0.0.1")
	  "decide\n" },
};

SCENARIOS_MAIN("probation", scenarios, before)
