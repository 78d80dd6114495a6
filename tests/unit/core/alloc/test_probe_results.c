/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* The allocator probes an address before it allocates it. */
static const char before[] =
	"allocator on\n"
	"node n1\n"
	"adv all\n"
	"ns d\n"
	"sync\n"
	"pool a 10.0.0.0/30\n"
	"probing\n"
	"see status warnings\n";

#define USED0 "10.0.0.0 is used by another host on its LAN, 02:00:00:00:00:03"
#define POOL0 "after 1s\n" \
	      "decide\n" \
	      "> warning a AddressInUse: " USED0 "; arplet does not allocate it while " \
	      "that host answers\n"

static const struct scenario scenarios[] = {
	{ "a Service waits for the probe of the first address, without an Event",
	  "svc d/a\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n"
	  "probed 10.0.0.1 free\n"
	  "decide\n"
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "an address that was probed ahead is allocated at once",
	  "decide\n"
	  "probe-links 10.0.0.3\n"
	  "> on eth0\n"
	  "probed 10.0.0.0 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "probe-links 10.0.0.0\n"
	  "> no\n" },
	{ "the allocator skips an address in use, reports it, and probes it again",
	  "probed 10.0.0.0 used\n"
	  "probed 10.0.0.1 free\n"
	  "decide\n"
	  POOL0
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AddressInUse: " USED0 ", so the Service got the next free address\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n"
	  "probed 10.0.0.2 free\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.2 pool=a\n" },
	{ "an address in use is allocated when its host no longer answers probes",
	  "probed 10.0.0.0 used\n"
	  "probed 10.0.0.1 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AddressInUse: " USED0 ", so the Service got the next free address\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  POOL0
	  "probed 10.0.0.0 free\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "one Event a minute reports the addresses of a pool that other hosts use",
	  "probed 10.0.0.0 used\n"
	  "probed 10.0.0.1 used\n"
	  "probed 10.0.0.2 used\n"
	  "probed 10.0.0.3 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AddressInUse: " USED0 ", and 2 more addresses of the pool by other hosts, "
	  "so the Service got the next free address\n"
	  "> status d/a 10.0.0.3 pool=a\n"
	  "after 1s\n"
	  "decide\n"
	  "> warning a AddressInUse: " USED0 ", and 2 more addresses of the pool by other hosts; "
	  "arplet does not allocate them while those hosts answer\n"
	  "probed 10.0.0.1 free\n"
	  "probed 10.0.0.1 used\n"
	  "decide\n"
	  "after 59s\n"
	  "decide\n"
	  "after 1s\n"
	  "decide\n"
	  "> warning a AddressInUse: 10.0.0.1 is used by another host on its LAN, "
	  "02:00:00:00:00:03; arplet does not allocate it while that host answers\n" },
	{ "the allocator stops probing if other hosts use 1,024 addresses",
	  "pool a 10.0.0.0/16\n"
	  "probed 10.0.0.0 used 1023\n"
	  "svc d/a\n"
	  "decide\n"
	  "probe-links 10.0.4.0\n"
	  "> on eth0\n"
	  "probed 10.0.3.255 used 10\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: pool \"a\": other hosts use 1024 of the first addresses "
	  "that arplet has probed: remove addresses that others use from the pools\n"
	  "probe-links 10.0.4.0\n"
	  "> no\n"
	  "after 1s\n"
	  "decide\n"
	  "> warning a AddressInUse: " USED0 ", and 1023 more addresses of the pool by other hosts; "
	  "arplet does not allocate them while those hosts answer\n"
	  "see status\n"
	  "probed 10.0.2.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.2.0 pool=a\n" },
	{ "a daemon that becomes the allocator again probes all addresses again",
	  "probed 10.0.0.0 used\n"
	  "probed 10.0.0.1 free\n"
	  "svc d/a\n"
	  "see status\n"
	  "decide\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "svc d/a status=10.0.0.1 from=a\n"
	  "allocator off\n"
	  "probe-links 10.0.0.0\n"
	  "> no\n"
	  "allocator on\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n"
	  "probed 10.0.0.0 free\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "a request for an address in use is refused, and the Event has the MAC address",
	  "svc d/a ann-ips=10.0.0.0\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n"
	  "probed 10.0.0.0 used\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: " USED0 "\n"
	  POOL0
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a requested address is probed even if its pool is not next in the search order",
	  "pool far 10.9.0.0/16 auto=no\n"
	  "svc d/a ann-ips=10.9.200.0\n"
	  "decide\n"
	  "probe-links 10.9.200.0\n"
	  "> on eth0\n"
	  "probed 10.9.200.0 free\n"
	  "decide\n"
	  "> status d/a 10.9.200.0 pool=far\n" },
	{ "an address that a Service has is not probed",
	  "svc d/a status=10.0.0.0 from=a\n"
	  "decide\n"
	  "probed 10.0.0.0 used\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> no\n" },
	{ "probes do not change the order of Services and addresses",
	  "svc d/a created=2\n"
	  "svc d/b created=1\n"
	  "decide\n"
	  "probed 10.0.0.1 free\n"
	  "decide\n"
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "a Service waits for a probe, and does not get an address from a later pool meanwhile",
	  "pool b 10.1.0.0/30\n"
	  "probed 10.1.0.0 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a node probes an address on the interfaces that an advertisement names for the node",
	  "links eth0=11.0.0.9/6 eth1=192.168.1.9/24 eth2=192.168.2.9/24\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n"
	  "adv all ifaces=eth1,eth2\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth1 eth2\n"
	  "adv all ifaces=eth1 nodes=zone:1\n"
	  "adv here ifaces=eth2,eth7 svcsel=tier:front\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth2\n" },
	{ "a node probes an address outside all its subnets on every interface that announces it",
	  "links eth0=192.168.0.9/24 veth1=10.0.0.9/24 eth1=192.168.1.9/24\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0 eth2\n" }, /* "eth2" means the link with ifindex 3, named eth1 above */
	{ "a node that does not announce an address probes it on the interface with its subnet",
	  "adv all nodes=zone:1\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n" },
	{ "an address counts as free if the allocator's node has no interface to probe it on",
	  "adv all nodes=zone:1\n"
	  "links eth0=192.168.0.9/24\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> no\n"
	  "svc d/a\n"
	  "svc d/b ann-ips=10.0.0.3\n"
	  "decide\n"
	  "> status d/b 10.0.0.3 pool=a\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a Service no longer waits for a probe when the node loses its address on that LAN",
	  "adv all nodes=zone:1\n"
	  "svc d/a\n"
	  "decide\n"
	  "links eth0=192.168.0.9/24\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a Service no longer waits for a probe when the node ceases to be a candidate",
	  "links eth0=192.168.0.9/24\n"
	  "node n1 labels=zone:1\n"
	  "adv all nodes=zone:1\n"
	  "svc d/a\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n"
	  "node n1\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "adv all\n"
	  "svc d/b\n"
	  "decide\n"
	  "adv all nodes=zone:1\n"
	  "decide\n"
	  "> status d/b 10.0.0.1 pool=a\n" },
	{ "a daemon that is not the allocator probes nothing",
	  "allocator off\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> no\n" },
};

SCENARIOS_MAIN("probe results", scenarios, before)
