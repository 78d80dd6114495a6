/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"
#include "unit.h"

/* No address is given before the LAN has been asked for it. */
static const char before[] =
	"allocator on\n"
	"node n1\n"
	"adv all\n"
	"ns d\n"
	"sync\n"
	"pool a 10.0.0.0/30\n"
	"checking\n"
	"see status warnings\n";

#define USED0 "10.0.0.0 is used by another host on its LAN, 02:00:00:00:00:03"
#define POOL0 "> warning a AddressInUse: " USED0 "; it is not given to a Service as long " \
	      "as that host answers\n"

static const struct story stories[] = {
	{ "a Service waits for the first answer, and is told nothing",
	  "svc d/a\n"
	  "decide\n"
	  "wanted 10.0.0.0\n"
	  "> yes\n"
	  "check 10.0.0.1 free\n"
	  "decide\n"
	  "check 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "what was asked for ahead is given at once",
	  "decide\n"
	  "wanted 10.0.0.3\n"
	  "> yes\n"
	  "check 10.0.0.0 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n"
	  "wanted 10.0.0.0\n"
	  "> no\n" },
	{ "an address that somebody uses is passed over, told, and asked for again",
	  "check 10.0.0.0 used\n"
	  "check 10.0.0.1 free\n"
	  "decide\n"
	  POOL0
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AddressInUse: " USED0 ", so this Service got the next one\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  "wanted 10.0.0.0\n"
	  "> yes\n"
	  "check 10.0.0.2 free\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.2 pool=a\n" },
	{ "it is given once nobody uses it any more",
	  "check 10.0.0.0 used\n"
	  "check 10.0.0.1 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "> warning d/a AddressInUse: " USED0 ", so this Service got the next one\n"
	  "> status d/a 10.0.0.1 pool=a\n"
	  POOL0
	  "check 10.0.0.0 free\n"
	  "svc d/b\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n" },
	{ "asked for by name it is refused, with the MAC",
	  "svc d/a ann-ips=10.0.0.0\n"
	  "decide\n"
	  "wanted 10.0.0.0\n"
	  "> yes\n"
	  "check 10.0.0.0 used\n"
	  "decide\n"
	  "> warning d/a AllocationFailed: " USED0 "\n"
	  POOL0
	  "check 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "an address of a far pool that is asked for by name is asked for on the LAN, too",
	  "pool far 10.9.0.0/16 auto=no\n"
	  "svc d/a ann-ips=10.9.200.0\n"
	  "decide\n"
	  "wanted 10.9.200.0\n"
	  "> yes\n"
	  "check 10.9.200.0 free\n"
	  "decide\n"
	  "> status d/a 10.9.200.0 pool=far\n" },
	{ "what a Service has is not asked for, whoever answers for it",
	  "svc d/a status=10.0.0.0 from=a\n"
	  "decide\n"
	  "check 10.0.0.0 used\n"
	  "decide\n"
	  "wanted 10.0.0.0\n"
	  "> no\n" },
	{ "the order of Services and addresses is that without checks",
	  "svc d/a created=2\n"
	  "svc d/b created=1\n"
	  "decide\n"
	  "check 10.0.0.1 free\n"
	  "decide\n"
	  "check 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/a 10.0.0.1 pool=a\n" },
	{ "where a pool waits for an answer no later pool stands in",
	  "pool b 10.1.0.0/30\n"
	  "check 10.1.0.0 free\n"
	  "svc d/a\n"
	  "decide\n"
	  "check 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "who does not allocate wants to know nothing",
	  "allocator off\n"
	  "decide\n"
	  "wanted 10.0.0.0\n"
	  "> no\n" },
};

STORIES_MAIN("checks", stories, before)
