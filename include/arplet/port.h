/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PORT_H
#define ARPLET_PORT_H

#include "arplet/port_ops.h"

/*
 * The port connects the announcer, the election and the prober to the LANs of this node.  A link
 * with IPv4 addresses has a packet socket for ARP, a link with IPv6 addresses has one for NDP, and
 * a link on which the node sends hellos has two sockets for hellos and one for ARP.  The announcer
 * announces what the election holds.  Sockets are opened as links and addresses appear, so the
 * process needs CAP_NET_RAW, and no other capability, for as long as the port exists.
 */
struct ev_loop;
struct probe_target; /* prober.h */
struct port;

struct port_opts {
	struct announcer_opts announcer;
	struct election_opts election; /* node NULL: no election; the port sets start_s and nonce */
};

/* port_new - read the links (blocks for milliseconds) and follow them; 0 or a negative errno. */
int port_new(struct ev_loop *loop, const struct port_ops *ops, void *arg,
    const struct port_opts *opts, struct port **ret_port) __attribute__((warn_unused_result));
void port_free(struct port *port); /* NULL is fine; not from its own callback */

/* port_links - all interfaces of this node, sorted by ifindex; valid until the loop runs. */
const struct link *port_links(const struct port *port, size_t *ret_n);

/*
 * port_add, port_remove - start or stop to announce an address on a link, without an election.  The
 * port writes the filter once for all changes, and sends frames, before the loop sleeps again.
 */
void port_add(struct port *port, const struct ip *ip, int ifindex);
void port_remove(struct port *port, const struct ip *ip, int ifindex);

/*
 * port_want_holder, port_withdraw - let the election decide which node announces an address on a
 * link; or let no node announce it.  See election_want_holder().
 */
void port_want_holder(struct port *port, const struct ip *ip, const struct ip *key, int ifindex);
void port_withdraw(struct port *port, const struct ip *ip, int ifindex);

/* port_send_hellos - start or stop sending and receiving hellos on a link. */
void port_send_hellos(struct port *port, int ifindex, bool sends);

/* port_set_key - set the key that signs hellos.  Without a key this node holds nothing. */
void port_set_key(struct port *port, const struct hello_key *key);

/* port_leave - hand all VIPs over to peers; on_left follows. */
void port_leave(struct port *port);

/* port_probe - replace the probe plan by these addresses. */
void port_probe(struct port *port, const struct probe_target *targets, size_t n);

/* port_set_peer - see announcer_set_peer(). */
void port_set_peer(struct port *port, const struct mac *mac, bool is_peer);

/* port_announcer, port_election - for reading states and counters; port_election may be NULL. */
const struct announcer *port_announcer(const struct port *port);
const struct election *port_election(const struct port *port);

struct port_stats {
	uint64_t received;    /* frames that passed the kernel's filter */
	uint64_t bad;         /* malformed frames among the received frames */
	uint64_t unsent;      /* frames that the kernel did not send */
	unsigned int sockets; /* open packet sockets */
};
void port_stats(const struct port *port, struct port_stats *ret_stats);

#endif
