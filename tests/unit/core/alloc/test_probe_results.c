/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* No address is given before the LAN has been asked for it. */
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
#define POOL0 "> warning a AddressInUse: " USED0 "; it is not given to a Service as long " \
	      "as that host answers\n"

static const struct scenario scenarios[] = {
	{ "a Service waits for the first answer, and is told nothing",
	  "svc d/a\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n"
	  "probed 10.0.0.1 free\n"
	  "decide\n"
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "what was asked for ahead is given at once",
	  "decide\n"
	  "probe-links 10.0.0.3\n"
	  "> on eth0\n"
	  "probed 10.0.0.0 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "probe-links 10.0.0.0\n"
	  "> no\n" },
	{ "an address that somebody uses is passed over, told, and asked for again",
	  "probed 10.0.0.0 used\n"
	  "probed 10.0.0.1 free\n"
	  "decide\n"
	  POOL0
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AddressInUse: " USED0 ", so this Service got the next one\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n"
	  "probed 10.0.0.2 free\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.2 pool=a\n" },
	{ "it is given once nobody uses it any more",
	  "probed 10.0.0.0 used\n"
	  "probed 10.0.0.1 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AddressInUse: " USED0 ", so this Service got the next one\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  POOL0
	  "probed 10.0.0.0 free\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "an allocator that comes back asks for it anew",
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
	{ "asked for by name it is refused, with the MAC",
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
	{ "an address of a far pool that is asked for by name is asked for on the LAN, too",
	  "pool far 10.9.0.0/16 auto=no\n"
	  "svc d/a ann-ips=10.9.200.0\n"
	  "decide\n"
	  "probe-links 10.9.200.0\n"
	  "> on eth0\n"
	  "probed 10.9.200.0 free\n"
	  "decide\n"
	  "> status d/a 10.9.200.0 pool=far\n" },
	{ "what a Service has is not asked for, whoever answers for it",
	  "svc d/a status=10.0.0.0 from=a\n"
	  "decide\n"
	  "probed 10.0.0.0 used\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> no\n" },
	{ "the order of Services and addresses is that without checks",
	  "svc d/a created=2\n"
	  "svc d/b created=1\n"
	  "decide\n"
	  "probed 10.0.0.1 free\n"
	  "decide\n"
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "where a pool waits for an answer no later pool stands in",
	  "pool b 10.1.0.0/30\n"
	  "probed 10.1.0.0 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "an address is asked for on the interfaces that an advertisement names for the node",
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
	{ "where no subnet contains it, on all those where it is announced",
	  "links eth0=192.168.0.9/24 veth1=10.0.0.9/24 eth1=192.168.1.9/24\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0 eth2\n" }, /* the third link, which is called eth1 */
	{ "a node that does not announce it asks where it is on the LAN all the same",
	  "adv all nodes=zone:1\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> on eth0\n" },
	{ "and where it is not, the address counts as free, for its holder asks",
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
	{ "who waits for an answer waits no more when the node leaves that LAN",
	  "adv all nodes=zone:1\n"
	  "svc d/a\n"
	  "decide\n"
	  "links eth0=192.168.0.9/24\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "nor when the node is none of those that announce it any more",
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
	{ "who does not allocate wants to know nothing",
	  "allocator off\n"
	  "decide\n"
	  "probe-links 10.0.0.0\n"
	  "> no\n" },
};

SCENARIOS_MAIN("checks", scenarios, before)
