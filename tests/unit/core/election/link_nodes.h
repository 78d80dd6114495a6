/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_NODES_H
#define LINK_NODES_H

#include "arplet/election.h"

/*
 * Nodes with several links on several LANs.  Hellos arrive at once.  Each node is eligible for all
 * VIPs.  The MAC of link l of node n is 02:00:00:00:<n>:<l> unless a test changes it.
 */
#define NODES_N   3
#define NODES_LINKS 3 /* ifindex 1 to NODES_LINKS */
#define NODES_LANS  3

struct node_link {
	int lan;        /* -1: the link does not exist */
	struct mac mac;
	size_t n_held;
	int64_t sent;   /* number of hellos that the node sent on the link */
	uint8_t last[HELLO_FRAME_MAX]; /* the last hello */
	size_t last_len;
};

struct link_node {
	struct election *e; /* NULL: the daemon does not run */
	char name[4];
	struct node_link links[NODES_LINKS + 1]; /* [0] is unused */
	int mac_reports[256];  /* [last byte of the MAC]: reports of on_peer(true) minus (false) */
	size_t claims, drops, udp_sent;
	enum hello_carrier carrier[NODES_N]; /* [peer]: the last report of on_carrier() */
	size_t carrier_reports;
	size_t asks;           /* calls of api_runs() */
	size_t last_resorts;   /* calls of on_last_resort() */
};

struct link_nodes {
	int64_t now_ms;
	struct link_node nodes[NODES_N];
	/* [lan][from][to]: the LAN drops multicast hellos, or hellos as UDP */
	bool cut[NODES_LANS][NODES_N][NODES_N], cut_udp[NODES_LANS][NODES_N][NODES_N];
	/*
	 * What the API says; NODES_VIP is announced, by the API, by the nodes that held it at the
	 * last multiple of 500 ms.
	 */
	bool has_api, api_stops[NODES_N]; /* api_stops: the Node, the pod or the Lease has failed */
	bool api_holds[NODES_N], api_stale[NODES_N]; /* api_stale: api_holds does not change */
	bool has_udp; /* the nodes have node addresses on all LANs */
	int relay_from, relay_to; /* a host sends each hello of LAN relay_from on LAN relay_to */
	bool relay_both;          /* and the hellos of LAN relay_to on LAN relay_from */
	int64_t two_holders_ms[NODES_LANS]; /* how long several nodes on the LAN held the VIP */
};
extern struct link_nodes nodes;

#define NODES_VIP ((struct ip){ IPV4, { 10, 0, 0, 1 } })

int nodes_set_up(void **state);
int nodes_tear_down(void **state);
void nodes_start(size_t n);
void nodes_crash(size_t n);
/* nodes_add_link - create link @ifindex of the node on @lan, which needs a holder of NODES_VIP. */
void nodes_add_link(size_t n, int ifindex, int lan);
/* nodes_set_link - call election_open() for the link. */
void nodes_set_link(size_t n, int ifindex, bool up);
/* nodes_del_link - the interface is deleted. */
void nodes_del_link(size_t n, int ifindex);
void nodes_run(int64_t ms);
/* nodes_receive - pass a frame to a link; returns the result of election_on_hello(). */
int nodes_receive(size_t n, int ifindex, const uint8_t *frame, size_t len);
/* nodes_alive - number of living peers of the node on the link. */
size_t nodes_alive(size_t n, int ifindex);
/* nodes_holders - number of nodes that hold NODES_VIP on a link to @lan. */
size_t nodes_holders(int lan);
const struct election_stats *nodes_stats(size_t n);
struct hello_key nodes_key(void);

#endif
