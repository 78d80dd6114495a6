/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_H
#define SCENARIO_H

/*
 * A scenario tests the world of one daemon.  Each line of a scenario is a step.  object_text.h
 * describes the texts of objects, such as "svc d/a".
 *
 *	svc d/a ...           a user writes an object, and the world receives the event
 *	unseen svc d/a ...    a user writes an object; the world receives no event before a restart
 *	del svc d/a           a user deletes an object
 *	pending-delete a      the watch reports that pool a is deleted; no list has confirmed it
 *	links eth0=10.0.0.9/24 eth1      sets the node's interfaces; their ifindexes start at 1
 *	conflict 10.0.0.0 defended       the announcer reports a conflict on eth0 with the host
 *	                      02:00:00:00:00:03; or yielded, peer-kernel; none: it has ended
 *	policy 10.0.0.0       prints the conflict policy of the address: defend, yield, default
 *	probing               turns on probes before allocations
 *	probed 10.0.0.0 free  reports a probe result; or used, by 02:00:00:00:00:03
 *	probed 10.0.0.0 used 9   reports the same result for 9 addresses
 *	proxy-host 10.0.0.0 3 found   reports that 02:00:00:00:00:03, which claims 10.0.0.0, is a
 *			      proxy host; or gone; 0 instead of 3: hosts with changing MACs
 *	probe-links 10.0.0.0  prints the links on which the address is to be probed, or "no"
 *	allocator on|off      turns on or off that the daemon is the allocator
 *	sync                  ends all lists
 *	decide                runs decide turns until no action is left; the API accepts all writes
 *	plan                  runs one decide turn, without its API writes
 *	refused NAME          many writes of the Service d/NAME got 409 Conflict
 *	mark-all              sets all work marks, so that the next turn decides everything again
 *	restart               replaces the world by a new one, and lists all objects
 *	start                 replaces the world by a new one, without lists
 *	stop                  stops the daemon
 *	after 10m             lets this time pass
 *	next                  prints when the world needs its next decide turn
 *	opts node=n1 class=X written endpoints ignore-exclude leave-cordoned lan await-pools
 *	     counts-late      sets the options of the next restart; lan: peers elect the holders,
 *	                      otherwise the world assumes that the first candidate by rank holds
 *	holder 10.0.0.1 1 n2  the election on interface 1 reports the holder; no node: no holder
 *	candidates 10.0.0.1   prints the nodes that may hold the VIP
 *	see status warnings   selects the actions that decide and plan print: status, events,
 *	                      warnings (Events of type Warning), counts, l2, vips, hellos, conditions
 *	services              prints what world_each_service() reports
 *	pools                 prints what world_each_pool() reports
 *	stale                 prints "yes" if an earlier specification of an object is in force
 *	> TEXT                a line that the step above must print
 *
 * The daemon runs on node n1, which has one interface, eth0 (11.0.0.9/6, fd00::ffff:0:0:9/7,
 * fe80::9/64).  No pool contains an address of n1, or the first or last address of its subnets.
 */

/* scenario_run - runs the steps of @before, then of @scenario.  A wrong output fails the test. */
void scenario_run(const char *before, const char *scenario);

/*
 * setup_allocator - a value for @before that makes the daemon the allocator.  The cluster has the
 * node n1, an advertisement of all pools, and the namespaces d and e.
 */
extern const char setup_allocator[];

/*
 * setup_announcer - like setup_allocator, but adds a pool 10.0.0.0/24, and makes "decide" print the
 * actions for VIPs.
 */
extern const char setup_announcer[];

/* A row of a table for UNIT_TABLE.  The name of a scenario is a sentence about behaviour. */
struct scenario {
	const char *name, *text;
};

/* SCENARIOS_MAIN - defines main(), which runs each of @scenarios after the steps of @before. */
#define SCENARIOS_MAIN(group, scenarios, before)                                             \
	static void check_scenario(void **state)                                             \
	{                                                                                    \
		scenario_run(before, ((const struct scenario *)*state)->text);               \
	}                                                                                    \
	int main(void)                                                                       \
	{                                                                                    \
		return UNIT_TABLE(group, scenarios, check_scenario);                         \
	}

#endif
