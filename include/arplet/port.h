/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PORT_H
#define ARPLET_PORT_H

#include "arplet/announcer.h"
#include "arplet/election.h"
#include "arplet/link.h"

/*
 * Where the announcer and the election meet the LAN: the node's links, one packet socket for each
 * link and family that has addresses, one for hellos on each link where daemons meet, and what is
 * decided between them: what the election holds, the announcer announces.  Sockets are opened as
 * links and addresses come, so CAP_NET_RAW has to stay for as long as a port lives; nothing else is
 * needed.
 */
struct ev_loop;
struct probe_target; /* prober.h */
struct port;

struct port_ops {
	/* Links or their addresses changed: look at port_links() and decide again. */
	void (*on_links)(void *arg);
	/* Who else has an address that we hold, as announcer_ops have it. */
	void (*on_conflict)(void *arg, const struct link *link, const struct ip *ip,
	    enum ann_conflict trouble, const struct mac *other);
	/* What to do about a host that goes on claiming @ip.  NULL: as port_opts say. */
	enum ann_policy (*policy)(void *arg, const struct ip *ip);
	/* What the election asks and tells: see election.h.  NULL without one. */
	bool (*may_hold)(void *arg, const struct ip *ip, const char *node);
	bool (*may_keep)(void *arg, const struct ip *ip);
	void (*each_candidate)(void *arg, const struct ip *ip,
	    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg);
	void (*on_holder)(void *arg, int ifindex, const struct ip *ip, const char *node,
	    enum hold_cause cause, int64_t gap_ms);
	/* After port_leave(): others have taken over, or there is nobody to wait for. */
	void (*on_left)(void *arg);
	/* What port_probe() found, as prober_ops have it.  NULL: nothing is asked. */
	void (*on_probe_result)(void *arg, const struct ip *ip, const struct mac *used_by);
	/* @what ("open a socket on eth0") failed, with an errno; it is tried again later. */
	void (*on_error)(void *arg, const char *what, int error);
};

struct port_opts {
	struct announcer_opts announcer;
	struct election_opts election; /* start_s and nonce are filled in; node NULL: no election */
};

/* port_new - read the links (blocks for milliseconds) and follow them; 0 or a negative errno. */
int port_new(struct ev_loop *loop, const struct port_ops *ops, void *arg,
    const struct port_opts *opts, struct port **ret_port) __attribute__((warn_unused_result));
void port_free(struct port *port); /* NULL is fine; not from its own callback */

/* port_links - all interfaces of this node, sorted by ifindex; valid until the loop runs. */
const struct link *port_links(const struct port *port, size_t *ret_n);

/*
 * port_add, port_remove - announce an address on a link, or stop.  Cheap: the kernel's filter is
 * written once for all changes, and frames leave, before the loop sleeps again.
 */
void port_add(struct port *port, const struct ip *ip, int ifindex);
void port_remove(struct port *port, const struct ip *ip, int ifindex);
/* port_reannounce - see announcer_reannounce(). */
void port_reannounce(struct port *port, const struct ip *ip, int ifindex);

/*
 * port_want_holder, port_withdraw - an address is announced on a link by whoever is elected there; or by
 * nobody any more.  port_send_hellos - say hello on a link, or stop.
 */
void port_want_holder(struct port *port, const struct ip *ip, const struct ip *key, int ifindex);
void port_withdraw(struct port *port, const struct ip *ip, int ifindex);
void port_send_hellos(struct port *port, int ifindex, bool meet);

/* port_set_key - of hellos.  Before the first, this node holds nothing. */
void port_set_key(struct port *port, const struct hello_key *key);

/* port_leave - let others take over; on_left follows. */
void port_leave(struct port *port);

/* port_election - to look at; NULL: there is none. */
const struct election *port_election(const struct port *port);

/* port_probe - the addresses of which is to be known whether somebody uses them, all of them. */
void port_probe(struct port *port, const struct probe_target *wishes, size_t n);

/* port_set_peer - @mac is another node's that runs arplet, or no more: announcer_set_peer(). */
void port_set_peer(struct port *port, const struct mac *mac, bool peer_view);

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
