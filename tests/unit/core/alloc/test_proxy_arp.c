/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/scenario.h"
#include "unit.h"

/* A host that answers for every address of the LAN. */
static const char before[] =
	"allocator on\n"
	"node n1\n"
	"adv all\n"
	"ns d\n"
	"sync\n"
	"pool a 10.0.0.0/24\n"
	"probing\n"
	"see status warnings\n";

#define HOST  "host 02:00:00:00:00:03 on eth0 answers for every IPv4 address of the LAN: is it a " \
	      "router with proxy ARP?"
#define EVENT(hosts) "> warning a ProxyARP: " hosts " arplet ignores these answers. Services keep " \
	      "their addresses, but arplet allocates new addresses of this LAN only from pools " \
	      "with the annotation arplet.io/ignore-proxy-arp: \"true\"\n"
#define ANNOTATE "To allocate addresses in spite of these answers, annotate pool \"a\" with " \
	      "arplet.io/ignore-proxy-arp: \"true\"\n"

static const struct scenario scenarios[] = {
	{ "a proxy host stops allocation with one sentence, until it is gone",
	  "probed 10.0.0.0 used\n"
	  "probed 10.0.0.1 free\n"
	  "proxy-host 10.0.0.0 3 found\n"
	  "svc d/a\n"
	  "svc d/b ann-ips=10.0.0.1\n"
	  "decide\n"
	  "> warning d/b AllocationFailed: " HOST " " ANNOTATE
	  "> warning d/a AllocationFailed: pool \"a\": " HOST " " ANNOTATE
	  EVENT(HOST)
	  "after 5m\n"
	  "decide\n"
	  "proxy-host 10.0.0.0 3 gone\n"
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/b 10.0.0.1 pool=a\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a pool with arplet.io/ignore-proxy-arp allocates addresses that a proxy host claims",
	  "pool a 10.0.0.0/24 ignore-proxy-arp=true\n"
	  "probed 10.0.0.0 used\n"
	  "proxy-host 10.0.0.0 3 found\n"
	  "svc d/a\n"
	  "decide\n"
	  EVENT(HOST)
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a Service keeps its address, and others may share it, in spite of a proxy host",
	  "svc d/a share=k ports=TCP/1 status=10.0.0.0 from=a\n"
	  "decide\n"
	  "proxy-host 10.0.0.0 3 found\n"
	  "svc d/b share=k ports=TCP/2 ann-ips=10.0.0.0\n"
	  "svc d/c share=k ports=TCP/3\n"
	  "decide\n"
	  "> status d/b 10.0.0.0 pool=a\n"
	  "> status d/c 10.0.0.0 pool=a\n"
	  EVENT(HOST) },
	{ "a proxy host for one family or link does not stop allocation elsewhere",
	  "links eth0=11.0.0.9/6,fd00::9/64,fe80::9/64 eth1=192.168.1.9/24\n"
	  "pool six fd00::/120\n"
	  "pool other 192.168.1.0/28\n"
	  "decide\n"
	  "proxy-host 10.0.0.0 3 found\n"
	  "probe-links fd00::1\n"
	  "> on eth0\n"
	  "probed fd00::1 free\n"
	  "probed 192.168.1.1 free\n"
	  "svc d/a families=6 pool=six ann-ips=fd00::1\n"
	  "svc d/b ann-ips=192.168.1.1\n"
	  "decide\n"
	  "> status d/a fd00::1 pool=six\n"
	  "> status d/b 192.168.1.1 pool=other\n"
	  EVENT(HOST) },
	{ "one Event a minute names new proxy hosts, and one an hour the same host",
	  "proxy-host 10.0.0.0 3 found\n"
	  "decide\n"
	  EVENT(HOST)
	  "proxy-host 10.0.0.0 4 found\n"
	  "proxy-host 10.0.0.1 5 found\n"
	  "proxy-host 10.0.0.1 6 found\n"
	  "proxy-host 10.0.0.0 3 gone\n"
	  "proxy-host 10.0.0.0 3 found\n"
	  "decide\n"
	  "next\n"
	  "> in 60000 ms\n"
	  "after 60s\n"
	  "decide\n"
	  EVENT("host 02:00:00:00:00:04 on eth0 answers for every IPv4 address of the LAN: is it a "
		"router with proxy ARP? Another 2 hosts do the same.")
	  "next\n"
	  "> never\n"
	  "proxy-host 10.0.0.0 3 gone\n"
	  "after 1h\n"
	  "proxy-host 10.0.0.0 3 found\n"
	  "decide\n"
	  EVENT(HOST) },
	{ "hosts with changing MACs delete the results of all used addresses",
	  "probed 10.0.0.0 used\n"
	  "probed 10.0.0.1 free\n"
	  "decide\n"
	  "proxy-host 10.0.0.0 0 found\n"
	  "after 1s\n"
	  "decide\n"
	  EVENT("hosts with changing MACs on eth0 answer for every IPv4 address of the LAN: does a "
		"host there send forged ARP?")
	  "proxy-host 10.0.0.0 0 gone\n"
	  "svc d/a\n"
	  "decide\n"
	  "probed 10.0.0.0 free\n"
	  "decide\n"
	  "> status d/a 10.0.0.0 pool=a\n" },
	{ "a holder that is not the allocator reports a proxy host, too",
	  "allocator off\n"
	  "proxy-host 10.0.0.0 3 found\n"
	  "decide\n"
	  EVENT(HOST) },
};

SCENARIOS_MAIN("proxy ARP", scenarios, before)
