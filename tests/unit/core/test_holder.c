/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"
#include "unit.h"

/* Who announces an address, on which interfaces, and why nobody does. */
static const char before[] =
	"see vips warnings\n"
	"allocator on\n"
	"node n1\n"
	"adv all\n"
	"pool a 10.0.0.0/24\n"
	"sync\n";

static const struct story stories[] = {
	{ "a Service with an endpoint that can serve is announced by its holder",
	  "node n2\n"
	  "node n3\n"
	  "svc d/a\n"
	  "slice d/a n2:ready\n"
	  "svc d/b ann-ips=10.0.0.2\n"
	  "slice d/b n2:ready\n"
	  "decide\n"
	  "> announce 10.0.0.2 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n3\n"
	  "> d/b 10.0.0.2 pool=a holder=n1 here\n" },
	{ "the lowest SHA-256 of node#address holds: n3, n1, n2 for 10.0.0.0",
	  "node n2\n"
	  "node n3\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n3\n"
	  "del node n3\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n"
	  "del node n1\n"
	  "decide\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n2\n" },
	{ "without an endpoint that can serve nobody announces, which is no cause for an Event",
	  "svc d/a\n"
	  "decide\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a: the Service has no ready endpoint\n"
	  "slice d/a n1:not n2:not\n"
	  "decide\n"
	  "slice d/a n1:not id=2\n"
	  "slice d/a n1:ready id=3\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n"
	  "del slice d/a-3\n"
	  "decide\n" },
	{ "with Local traffic only nodes with an endpoint that can serve are candidates",
	  "node n2\n"
	  "node n3\n"
	  "svc d/a local\n"
	  "slice d/a n1:not n2:ready :ready\n"
	  "decide\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n2\n"
	  "slice d/a n1:ready n2:not\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n" },
	{ "each node's cause is named when nobody may announce",
	  "node n2 notready\n"
	  "node n3 nonet\n"
	  "node n4 labels=node.kubernetes.io/exclude-from-external-load-balancers:\n"
	  "node n5 labels=zone:2\n"
	  "node n1 labels=zone:1\n"
	  "adv all nodes=zone:2,!zone\n"
	  "svc d/a local\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> warning d/a announceFailed: nobody announces it: n1: no L2Advertisement "
	  "selects it; n2: not Ready; n3: its network is unavailable; n4: excluded by the "
	  "label node.kubernetes.io/exclude-from-external-load-balancers; n5: no ready "
	  "endpoint on it (externalTrafficPolicy: Local)\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a: n1: no L2Advertisement selects it; n2: not Ready; n3: "
	  "its network is unavailable; n4: excluded by the label "
	  "node.kubernetes.io/exclude-from-external-load-balancers; n5: no ready endpoint "
	  "on it (externalTrafficPolicy: Local)\n" },
	{ "the label that excludes nodes can be ignored",
	  "opts ignore-exclude\n"
	  "restart\n"
	  "node n1 labels=node.kubernetes.io/exclude-from-external-load-balancers:true\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n" },
	{ "a node that is Ready again announces again",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "node n1 notready\n"
	  "decide\n"
	  "> warning d/a announceFailed: nobody announces it: n1: not Ready\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "node n1\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n" },
	{ "no Node at all",
	  "del node n1\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> warning d/a announceFailed: nobody announces it: there is no Node\n" },
	{ "a pool that no advertisement covers is not announced",
	  "adv all pools=b\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> warning d/a announceFailed: nobody announces it: no L2Advertisement covers "
	  "pool \"a\"\n"
	  "adv all pools=b,a\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "adv all pools=nonsense\n"
	  "decide\n"
	  "> warning d/a announceFailed: nobody announces it: no L2Advertisement covers "
	  "pool \"a\"\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "pool a 10.0.0.0/24 labels=lan:1\n"
	  "adv all pools=nonsense poolsel=lan:1\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n" },
	{ "an advertisement for some Services",
	  "adv all svcsel=tier:front\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> warning d/a announceFailed: nobody announces it: no L2Advertisement covers "
	  "pool \"a\"\n"
	  "svc d/a labels=tier:front\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n" },
	{ "nodes of advertisements add up",
	  "node n2\n"
	  "node n3 labels=zone:3\n"
	  "adv all nodes=zone:3\n"
	  "adv more nodes=!zone\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n3\n" },
	{ "an address belongs to the interface whose prefix contains it",
	  "links eth0=10.0.1.9/24 eth1=10.0.0.9/24\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth1\n"
	  "links eth0=10.0.0.9/24 eth1=10.0.1.9/24\n"
	  "decide\n"
	  "> withdraw 10.0.0.0 eth1\n"
	  "> announce 10.0.0.0 eth0\n"
	  "links\n"
	  "decide\n"
	  "> warning d/a announceFailed: node \"n1\" has no interface that can announce it\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1: node \"n1\" has no interface that can announce "
	  "it\n" },
	{ "the holder says which interface it lacks",
	  "adv all ifaces=eth7\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> warning d/a announceFailed: node \"n1\" has none of the interfaces that the "
	  "L2Advertisement names, or they are down\n"
	  "decide\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 eth7: node \"n1\" has none of the interfaces "
	  "that the L2Advertisement names, or they are down\n" },
	{ "both families have one holder, by the first address",
	  "node n2\n"
	  "node n3\n"
	  "pool a 10.0.0.0/24 fd00::/120\n"
	  "svc d/a families=46 policy=require\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "services\n"
	  "> d/a 10.0.0.0 fd00:: pool=a holder=n3\n"
	  "del node n3\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "> announce fd00:: eth0\n" },
	{ "a move withdraws before it announces",
	  "svc d/a\n"
	  "svc d/b\n"
	  "slice d/a n1:ready\n"
	  "slice d/b n1:ready\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "> announce 10.0.0.1 eth0\n"
	  "pool a 10.0.1.0/24\n"
	  "decide\n"
	  "> withdraw 10.0.0.0 eth0\n"
	  "> withdraw 10.0.0.1 eth0\n"
	  "> announce 10.0.1.0 eth0\n"
	  "> announce 10.0.1.1 eth0\n" },
	{ "only what is written in the API is announced",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "plan\n"
	  "plan\n" },
	{ "a Service without any EndpointSlice can be served in the dry run, one with an empty slice not",
	  "opts written endpoints\n"
	  "restart\n"
	  "svc d/a local\n"
	  "svc d/b\n"
	  "slice d/b n1:not\n"
	  "plan\n"
	  "> announce 10.0.0.0 eth0\n"
	  "services\n"
	  "> d/a 10.0.0.0 pool=a holder=n1 here\n"
	  "> d/b 10.0.0.1 pool=a: the Service has no ready endpoint\n" },
	{ "a broken advertisement is told, and the last good one goes on",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "adv all bad=spec.interfaces: must be a list\n"
	  "see vips events\n"
	  "decide\n"
	  "> warning all InvalidConfiguration: spec.interfaces: must be a list; the last "
	  "good specification stays in force\n"
	  "touch\n"
	  "decide\n"
	  "adv all pools=b\n"
	  "decide\n"
	  "> warning d/a announceFailed: nobody announces it: no L2Advertisement covers "
	  "pool \"a\"\n"
	  "> withdraw 10.0.0.0 eth0\n" },
	{ "one that is broken from the start covers nothing",
	  "adv all bad=spec.interfaces: must be a list\n"
	  "restart\n"
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> warning all InvalidConfiguration: spec.interfaces: must be a list; the object "
	  "is not used\n"
	  "> warning d/a announceFailed: nobody announces it: no L2Advertisement covers "
	  "pool \"a\"\n" },
	{ "nothing is announced before all is known",
	  "start\n"
	  "svc d/a status=10.0.0.0\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "sync\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n" },
	{ "a node that cannot be read stays as it was",
	  "svc d/a\n"
	  "slice d/a n1:ready\n"
	  "decide\n"
	  "> announce 10.0.0.0 eth0\n"
	  "node n1 bad=metadata.labels: must be strings\n"
	  "slice d/a bad=endpoints: must be a list\n"
	  "decide\n" },
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
	return UNIT_TABLE("holder", stories, check);
}
