/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LAN_IO_H
#define ARPLET_LAN_IO_H

#include "arplet/lan_io_ops.h"

/*
 * lan_io connects the announcer, the election and the prober to the LANs of this node.  The
 * announcer announces the VIPs that the election assigns to this node.
 *
 * A link with IPv4 addresses has a packet socket for ARP, and a link with IPv6 addresses has a
 * packet socket for NDP.  A link with hellos has two sockets for hellos, and a socket for ARP, and a UDP
 * socket for each family in which this Node has an address on the link.
 * lan_io opens sockets whenever links and addresses appear.  So the process needs CAP_NET_RAW as
 * long as lan_io exists, and no other capability.
 */
struct ev_loop;
struct probe_target; /* prober.h */
struct proxy_hosts;
struct lan_io;

struct lan_io_opts {
	struct announcer_opts announcer;
	/* election.node NULL: run no election; lan_io_new() sets election.start_s and .nonce */
	struct election_opts election;
	/* UDP port of hellos, HELLO_PORT by default; 0: hellos are only multicast frames */
	uint16_t hello_port;
};

/* lan_io_new - read the links (blocks for milliseconds), and watch them; 0 or a negative errno. */
int lan_io_new(struct ev_loop *loop, const struct lan_io_ops *ops, void *arg,
    const struct lan_io_opts *opts, struct lan_io **ret_port) __attribute__((warn_unused_result));
void lan_io_free(struct lan_io *io); /* NULL is fine; no callback may call lan_io_free() */

/* lan_io_links - all interfaces of this node, by ifindex; valid until the loop runs again. */
const struct link *lan_io_links(const struct lan_io *io, size_t *ret_n);

/*
 * lan_io_add, lan_io_remove - start or stop to announce an address on a link, without an election.
 * Before the event loop sleeps again, lan_io writes the kernel's socket filter once for all
 * changes, and then sends the announcements.
 */
void lan_io_add(struct lan_io *io, const struct ip *ip, int ifindex);
void lan_io_remove(struct lan_io *io, const struct ip *ip, int ifindex);

/*
 * lan_io_want_holder - let the election decide which node announces @ip on a link.
 * lan_io_withdraw - let no node announce @ip on a link.  See election_want_holder().
 */
void lan_io_want_holder(struct lan_io *io, const struct ip *ip, const struct ip *key, int ifindex);
void lan_io_withdraw(struct lan_io *io, const struct ip *ip, int ifindex);

/* lan_io_send_hellos - start or stop sending and receiving hellos on a link. */
void lan_io_send_hellos(struct lan_io *io, int ifindex, bool sends);

/*
 * lan_io_nodes_changed - the result of each_node_address() has changed.  lan_io opens a UDP socket
 * on each address of this Node that lies on a link with hellos.
 */
void lan_io_nodes_changed(struct lan_io *io);

/* lan_io_set_key - set the key that signs hellos.  Without a key, this node holds no VIP. */
void lan_io_set_key(struct lan_io *io, const struct hello_key *key);

/* lan_io_leave - let peers take over all VIPs of this node, then call on_left. */
void lan_io_leave(struct lan_io *io);

/* lan_io_probe - let the prober probe the addresses in @targets, and no other addresses. */
void lan_io_probe(struct lan_io *io, const struct probe_target *targets, size_t n);

/* lan_io_set_peer - see announcer_set_peer(). */
void lan_io_set_peer(struct lan_io *io, const struct mac *mac, bool is_peer);

/*
 * lan_io_announcer, lan_io_election - return the announcer, or the election (NULL: none), so that
 * the caller can read states and counters.
 */
const struct announcer *lan_io_announcer(const struct lan_io *io);
const struct election *lan_io_election(const struct lan_io *io);

/* lan_io_proxy_hosts - the hosts on the LANs of this node that claim too many addresses. */
const struct proxy_hosts *lan_io_proxy_hosts(const struct lan_io *io);

struct lan_io_stats {
	uint64_t received;    /* frames that passed the kernel's filter */
	uint64_t bad;         /* malformed frames among the received frames */
	uint64_t unsent;      /* frames that the kernel did not send */
	unsigned int sockets; /* open packet sockets */
	uint64_t udp_sent, udp_received; /* hellos as UDP */
	uint64_t udp_refused; /* datagrams from an address or port that is no node's */
	/*
	 * datagrams that the kernel dropped: from beyond the LAN, malformed, or more than fit into
	 * the buffer of the socket
	 */
	uint64_t udp_dropped;
};
void lan_io_stats(const struct lan_io *io, struct lan_io_stats *ret_stats);

#endif
