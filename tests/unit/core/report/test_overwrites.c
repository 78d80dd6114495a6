/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* Another program writes the status of a Service whenever the allocator has written it. */

#define OVERWRITE(pause)                                                                     \
	"svc d/a status=192.0.2.1\n"                                                         \
	"decide\n"                                                                           \
	"> status d/a 10.0.0.0 pool=a" pause "\n"
#define CONFLICT                                                                             \
	"> warning d/a StatusConflict: another program changes the addresses in the status " \
	"of the Service again and again, and arplet writes them at most once a minute: make " \
	"sure that only one program serves the Service, for example by "                     \
	"spec.loadBalancerClass\n"

static const struct scenario scenarios[] = {
	{ "after three overwritten writes, each write waits twice as long, and one Event says so",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  OVERWRITE("")
	  OVERWRITE("")
	  OVERWRITE("")
	  "svc d/a status=192.0.2.1\n"
	  "decide\n"
	  CONFLICT
	  "> status d/a 10.0.0.0 pool=a pause=1000\n"
	  OVERWRITE(" pause=2000")
	  OVERWRITE(" pause=4000") },
	{ "after a calm time, the next overwritten write is repeated at once",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  OVERWRITE("")
	  OVERWRITE("")
	  OVERWRITE("")
	  "after 100s\n"
	  OVERWRITE("") },
	{ "a user who changes the requested address overwrites nothing",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a ann-ips=10.0.0.1\n"
	  "decide\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "svc d/a ann-ips=10.0.0.2\n"
	  "decide\n"
	  "> status d/a 10.0.0.2 pool=a\n"
	  "svc d/a ann-ips=10.0.0.1\n"
	  "decide\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "svc d/a ann-ips=10.0.0.2\n"
	  "decide\n"
	  "> status d/a 10.0.0.2 pool=a\n"
	  "svc d/a ann-ips=10.0.0.1\n"
	  "decide\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "an Event says that the API server refuses the writes, once for many conflicts",
	  "pool a 10.0.0.0/24\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "refused a\n"
	  "refused missing\n"
	  "decide\n"
	  "> warning d/a StatusConflict: another program changes the Service so often that the API "
	  "server refuses the writes of arplet (409 Conflict); arplet writes after pauses of up to "
	  "10 s\n"
	  "mark-all\n"
	  "decide\n" },
};

SCENARIOS_MAIN("overwrites", scenarios, setup_allocator)
