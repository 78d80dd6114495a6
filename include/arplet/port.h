/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PORT_H
#define ARPLET_PORT_H

#include "arplet/announce.h"
#include "arplet/link.h"

/*
 * Where the announcer meets the LAN: the node's links, one packet socket for each link and family
 * that has addresses, and the announcer between them.  Sockets are opened as links and addresses
 * come, so CAP_NET_RAW has to stay for as long as a port lives; nothing else is needed.
 */
struct ev_loop;
struct port;

struct port_ops {
	/* Links or their addresses changed: look at port_links() and decide again. */
	void (*on_links)(void *arg);
	/* Another host claims an address that we hold.  May come often. */
	void (*on_conflict)(void *arg, const struct link *link, const struct ip *ip,
	    const struct mac *other);
	/* @what ("open a socket on eth0") failed, with an errno; it is tried again later. */
	void (*on_error)(void *arg, const char *what, int error);
};

/* port_new - read the links (blocks for milliseconds) and follow them; 0 or a negative errno. */
int port_new(struct ev_loop *loop, const struct port_ops *ops, void *arg,
    const struct announcer_opts *opts, struct port **ret_port) __attribute__((warn_unused_result));
void port_free(struct port *port); /* NULL is fine; not from its own callback */

/* port_links - all interfaces of this node, sorted by ifindex; valid until the loop runs. */
const struct link *port_links(const struct port *port, size_t *ret_n);

/*
 * port_add, port_remove - announce an address on a link, or stop.  Cheap: the kernel's filter is
 * written once for all changes, and frames leave, before the loop sleeps again.
 */
void port_add(struct port *port, const struct ip *ip, int ifindex);
void port_remove(struct port *port, const struct ip *ip, int ifindex);

/* port_announcer - to look at: states and counters (announcer_each). */
const struct announcer *port_announcer(const struct port *port);

struct port_stats {
	uint64_t received; /* frames that passed the kernel's filter */
	uint64_t bad;      /* of those, not well-formed ARP or NDP */
	uint64_t unsent;   /* frames that the kernel did not take */
	unsigned int sockets; /* packet sockets that are open */
};
void port_stats(const struct port *port, struct port_stats *ret_stats);

#endif
