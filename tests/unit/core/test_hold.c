/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"
#include "unit.h"

/* What a holder does: answers, reports itself in a ServiceL2Status, and leaves. */
static const char before[] =
	"see vips warnings\n"
	"allocator on\n"
	"node n1\n"
	"adv all\n"
	"pool a 10.0.0.0/24\n"
	"sync\n";

static const struct story stories[] = {
	{ "an address is withdrawn when another node comes before",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "see vips l2\n"
	  "decide\n"
	  "> l2 put d/a\n"
	  "> announce 10.0.0.0 eth0\n"
	  "node n3\n"
	  "decide\n"
	  "> l2 del l2-13\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n3\n" },
	{ "interfaces of advertisements add up",
	  "links eth0=10.0.0.9/24 eth1=10.0.1.9/24 eth2=10.0.2.9/24\n"
	  "adv all ifaces=eth0,eth1\n"
	  "adv more ifaces=eth1,eth2\n"
	  "adv others nodes=zone:9\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "see vips l2\n"
	  "decide\n"
	  "> l2 put d/a eth0 eth1 eth2\n"
	  "> announce 10.0.0.0 eth0\n"
	  "> announce 10.0.0.0 eth1\n"
	  "> announce 10.0.0.0 eth2\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 eth0 eth1 eth2 here\n"
	  "adv third\n"
	  "decide\n"
	  "> l2 del l2-18\n"
	  "> l2 put d/a\n"
	  "> withdraw 10.0.0.0 eth1\n"
	  "> withdraw 10.0.0.0 eth2\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n" },
	{ "Services that share an address share the holder, and the last one withdraws",
	  "svc d/a share=k ports=TCP/1\n"
	  "svc d/b share=k ports=TCP/2\n"
	  "slice d/a n1:ready\n"
	  "slice d/b n1:ready\n"
	  "see vips l2\n"
	  "decide\n"
	  "> l2 put d/a\n"
	  "> l2 put d/b\n"
	  "> announce 10.0.0.0 eth0\n"
	  "del svc d/a\n"
	  "decide\n"
	  "> l2 del l2-18\n"
	  "del svc d/b\n"
	  "decide\n"
	  "> l2 del l2-20\n"
	  "> withdraw 10.0.0.0 eth0\n" },
	{ "a Service that is no LoadBalancer any more is withdrawn",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "see vips l2\n"
	  "decide\n"
	  "> l2 put d/a\n"
	  "> announce 10.0.0.0 eth0\n"
	  "svc d/a type=ClusterIP\n"
	  "decide\n"
	  "> l2 del l2-13\n"
	  "> withdraw 10.0.0.0 eth0\n" },
	{ "a Service that is deleted is withdrawn, and its ServiceL2Status goes",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "see vips l2\n"
	  "decide\n"
	  "> l2 put d/a\n"
	  "> announce 10.0.0.0 eth0\n"
	  "del svc d/a\n"
	  "decide\n"
	  "> l2 del l2-13\n"
	  "> withdraw 10.0.0.0 eth0\n" },
	{ "the holder deletes what other nodes left about the Service",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "l2 l2-old node=n7 svc=d/a\n"
	  "l2 l2-other node=n7 svc=d/b\n"
	  "see l2\n"
	  "decide\n"
	  "> l2 del l2-other\n"
	  "> l2 del l2-old\n"
	  "> l2 put d/a\n" },
	{ "a ServiceL2Status with other interfaces is replaced",
	  "slice d/a n1:ready\n"
	  "adv all ifaces=eth0\n"
	  "svc d/a status=10.0.0.0 from=a\n"
	  "l2 l2-old node=n1 svc=d/a\n"
	  "see l2\n"
	  "decide\n"
	  "> l2 del l2-old\n"
	  "> l2 put d/a eth0\n" },
	{ "the right one is kept, and a second is not",
	  "svc d/a status=10.0.0.0 from=a\n"
	  "slice d/a n1:ready\n"
	  "l2 l2-a node=n1 svc=d/a\n"
	  "l2 l2-b node=n1 svc=d/a\n"
	  "see l2\n"
	  "decide\n"
	  "> l2 del l2-b\n"
	  "restart\n"
	  "decide\n" },
	{ "nodeAssigned is told once for each change",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "see events\n"
	  "decide\n"
	  "> event d/a IPAllocated: Assigned IP [\"10.0.0.0\"]\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "svc d/a labels=x:y\n"
	  "node n1 labels=x:y\n"
	  "decide\n"
	  "touch\n"
	  "decide\n" },
	{ "a daemon that does not allocate announces all the same, and does not say what others lack",
	  "allocator off\n"
	  "svc d/a status=10.0.0.5\n"
	  "slice d/a n1:ready\n"
	  "svc d/b status=10.0.0.6\n"
	  "see vips events l2\n"
	  "decide\n"
	  "> l2 put d/a\n"
	  "> event d/a nodeAssigned: announcing from node \"n1\" with protocol \"layer2\"\n"
	  "> announce 10.0.0.5 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.5 pool=a holder=n1 here\n"
	  "> d/b 10.0.0.6 pool=a: the Service has no ready endpoint\n" },
	{ "stopping withdraws everything",
	  "svc d/a\n"
	  "svc d/b\n"
	  "slice d/a n1:ready\n"
	  "slice d/b n1:ready\n"
	  "see vips l2\n"
	  "decide\n"
	  "> l2 put d/a\n"
	  "> l2 put d/b\n"
	  "> announce 10.0.0.0 eth0\n"
	  "> announce 10.0.0.1 eth0\n"
	  "stop\n"
	  "decide\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "> withdraw 10.0.0.1 eth0\n"
	  "svc d/a labels=x:y\n"
	  "node n1 labels=x:y\n"
	  "decide\n" },
	{ "but in the dry run what is decided counts as written",
	  "opts written endpoints\n"
	  "restart\n"
	  "svc d/a\n"
	  "see vips l2 status\n"
	  "plan\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "> l2 put d/a\n"
	  "> announce 10.0.0.0 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n" },
};

static void
check(void **state)
{
	const struct story *story = *state;

	story_run(before, story->text);
}

int
main(void)
{
	return UNIT_TABLE("hold", stories, check);
}
