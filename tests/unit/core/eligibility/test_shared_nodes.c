/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/*
 * Nodes that are eligible for an address that several Services share.  Service d/first had the
 * address first (since=1), although d/late is older.
 */
#define TWO_NODES "see warnings\nopts lan\nrestart\nnode n2\n"
#define FIRST "svc d/first created=9 since=1 share=k ports=TCP/1 local selector=app:x from=a " \
	      "status=10.0.0.0\n"
#define LATE "svc d/late created=2 since=5 share=k ports=TCP/2 local selector=app:x from=a " \
	     "status=10.0.0.0\n"
#define SHUT_OUT "it cannot be reached: the node that announces 10.0.0.0 serves Service d/first, " \
		 "which had the address first, and no node can serve both; start endpoints on the " \
		 "same nodes, or let the Services have different addresses"

static const struct scenario scenarios[] = {
	{ "only nodes with endpoints of all Services are eligible",
	  TWO_NODES FIRST LATE
	  "slice d/first n1:ready n2:ready\n"
	  "slice d/late n2:ready\n"
	  "decide\n"
	  "candidates 10.0.0.0\n"
	  "> n2\n" },
	{ "a Service without an endpoint takes no node from the others",
	  TWO_NODES FIRST LATE
	  "slice d/first n1:ready\n"
	  "slice d/late n2:not\n"
	  "decide\n"
	  "candidates 10.0.0.0\n"
	  "> n1\n" },
	{ "a Service whose endpoints are on an unknown node takes no node from the others",
	  TWO_NODES LATE FIRST
	  "slice d/first n1:ready\n"
	  "slice d/late n9:ready\n"
	  "decide\n"
	  "> warning d/late announceFailed: no node announces it: n1, n2: no ready endpoint on it "
	  "(externalTrafficPolicy: Local)\n"
	  "candidates 10.0.0.0\n"
	  "> n1\n" },
	{ "if no node serves all, the nodes of the Service that had the address first are eligible, "
	  "and an Event on the other says why",
	  TWO_NODES LATE FIRST
	  "slice d/first n1:ready\n"
	  "slice d/late n2:ready\n"
	  "decide\n"
	  "> warning d/late announceFailed: " SHUT_OUT "\n"
	  "candidates 10.0.0.0\n"
	  "> n1\n" },
	{ "a Service that was shut out counts again when a node serves all",
	  TWO_NODES LATE FIRST
	  "slice d/first n1:ready\n"
	  "slice d/late n2:ready\n"
	  "decide\n"
	  "> warning d/late announceFailed: " SHUT_OUT "\n"
	  "slice d/first n1:ready n2:ready\n"
	  "decide\n"
	  "candidates 10.0.0.0\n"
	  "> n2\n" },
	{ "a Service is shut out if only a node that is not Ready serves all",
	  TWO_NODES LATE FIRST
	  "slice d/first n1:ready n2:ready\n"
	  "slice d/late n2:ready\n"
	  "decide\n"
	  "candidates 10.0.0.0\n"
	  "> n2\n"
	  "node n2 notready\n"
	  "decide\n"
	  "> warning d/late announceFailed: " SHUT_OUT "\n"
	  "candidates 10.0.0.0\n"
	  "> n1\n"
	  "> n2 notready\n" },
	{ "the Service that had the address first shuts out no more when its address changes",
	  TWO_NODES LATE FIRST
	  "slice d/first n1:ready\n"
	  "slice d/late n2:ready\n"
	  "decide\n"
	  "> warning d/late announceFailed: " SHUT_OUT "\n"
	  "del svc d/first\n"
	  "decide\n"
	  "candidates 10.0.0.0\n"
	  "> n2\n" },
	{ "Services with other labels cannot take nodes away by an advertisement either",
	  TWO_NODES
	  "adv all svcsel=app:x nodes=zone:1\n"
	  "adv second svcsel=app:y nodes=zone:2\n"
	  "node n1 labels=zone:1\n"
	  "node n2 labels=zone:2\n"
	  "svc d/first since=1 share=k ports=TCP/1 labels=app:x from=a status=10.0.0.0\n"
	  "svc d/late since=2 share=k ports=TCP/2 labels=app:y from=a status=10.0.0.0\n"
	  "slice d/first n1:ready\n"
	  "slice d/late n1:ready\n"
	  "decide\n"
	  "> warning d/late announceFailed: " SHUT_OUT "\n"
	  "candidates 10.0.0.0\n"
	  "> n1\n" },
};

SCENARIOS_MAIN("shared nodes", scenarios, setup_announcer)
