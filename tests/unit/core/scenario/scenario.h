/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_H
#define SCENARIO_H

/*
 * A story about one daemon's world, a line a step.  Objects are put as facts.h writes them.
 *
 *	svc d/a ...           a person writes an object; the world sees it
 *	unseen svc d/a ...    ... the world does not see it yet (a restart does)
 *	del svc d/a           it is deleted
 *	doubt a               pool a seems to be gone
 *	links eth0=10.0.0.9/24 eth1      the node's interfaces, in order: eth0, eth1, ...
 *	trouble 10.0.0.0 rival           the announcer has found one on eth0, with the MAC
 *	                      02:00:00:00:00:03; or yield, kernel, none
 *	policy 10.0.0.0       prints how a rival for it is met: defend, yield, standard
 *	checking              addresses are asked for before they are given
 *	check 10.0.0.0 free   what was found; or used, by 02:00:00:00:00:03
 *	wanted 10.0.0.0       prints on which links it is to be asked for: "on eth0", or "no"
 *	allocator on | allocator off
 *	sync                  all lists have ended
 *	decide                passes until nothing is left to do; the API accepts what is asked
 *	plan                  one pass, and the API accepts nothing of it
 *	touch                 everything is marked (a full pass follows)
 *	restart               a new world, told what the API has, all lists ended
 *	start                 a new world that has not been told of anything
 *	stop                  the daemon leaves
 *	after 10m             so much time passes
 *	next                  prints when world_next_ms wants the next pass
 *	opts node=n1 class=X written endpoints ignore-exclude leave-cordoned lan await-pools counts-late
 *	                      of the next restart; lan: holders are elected on the LAN, and not
 *	                      assumed to be the first in rank
 *	holder 10.0.0.1 1 n2  the LAN of interface 1 says that n2 holds it (without a node: nobody)
 *	candidates 10.0.0.1   prints the nodes that may hold it
 *	see status warnings   what decide and plan print from now on; of status, events, warnings
 *	                      (not the Normal events), counts, l2, vips, meets, conditions
 *	services              prints what world_each_service shows
 *	pools                 prints what world_each_pool shows
 *	stale                 prints whether an earlier specification is in force: yes, no
 *	> TEXT                what the step before it printed, line for line
 *
 * The world is that of node n1, with one interface eth0 (11.0.0.9/6, fd00::ffff:0:0:9/7,
 * fe80::9/64), whose addresses and whose subnet's ends lie in no pool of the stories.
 */

/* scenario_run - tells @before and then @scenario; fails the running test where it goes otherwise. */
void scenario_run(const char *before, const char *scenario);

/*
 * setup_allocator - a beginning: an allocator that knows all there is, which is the node n1, an
 * advertisement of everything and the namespaces d and e.
 */
extern const char setup_allocator[];

/*
 * setup_announcer - another one: this node, a pool of 10.0.0.0/24, and what it does on its links.
 */
extern const char setup_announcer[];

/* A table of stories, for UNIT_TABLE; a row's name is a sentence. */
struct scenario {
	const char *name, *text;
};

/* SCENARIOS_MAIN - the program that tells every story of the table @scenarios, each after @before. */
#define SCENARIOS_MAIN(group, scenarios, before)                                                 \
	static void check_scenario(void **state)                                                \
	{                                                                                    \
		scenario_run(before, ((const struct scenario *)*state)->text);                     \
	}                                                                                    \
	int main(void)                                                                       \
	{                                                                                    \
		return UNIT_TABLE(group, scenarios, check_scenario);                              \
	}

#endif
