/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_IMPL_H
#define PORT_IMPL_H

/* The inside of a port, for the files of this folder that make it up. */

#include "arplet/links.h"
#include "arplet/port.h"
#include "arplet/prober.h"
#include "mcast_groups.h"
#include "ip_set.h"
#include "rx_ring.h"

#include <bsd/sys/queue.h>
#include <ev.h>
#include <linux/filter.h>

#define IN_MIN 2 /* one, and to know that there is no other */
#define SOCK_HELLO 0 /* in place of a family */
#define SOCK_HELLO_UNCHANGED  1 /* for hellos that may wait: nobody watches its socket, it is read at each tick */

/* A link with addresses of one family, or one for hellos; and its socket while the link is up. */
struct link_sock {
	SLIST_ENTRY(link_sock) next;
	struct port *port;
	int ifindex;
	uint8_t family;
	bool sends_hellos;           /* SOCK_HELLO, SOCK_HELLO_UNCHANGED: other daemons are met here */
	int fd;               /* -1: closed */
	struct mcast_groups mcast_groups; /* joined while it is open; IPv6 */
	struct rx_ring rx_ring;     /* in place of what the socket would keep; ARP */
	ev_io io;             /* one of these two runs while it is open */
	ev_idle busy_poll;
	int empty_turns; /* turns that found nothing, one after the other */
	struct ip_set ip_set;   /* what the open one's filter lets in; IPv4 */
	int64_t rewrite_at_ms; /* its filter is written anew; INT64_MAX: it is as it should be */
	int64_t pause_until_ms; /* not before this: for many addresses it takes a while */
	int64_t retry_at_ms, retry_ms;
	int64_t read_ms; /* when it was last read */
};

static inline bool
link_sock_is_for_hellos(const struct link_sock *link_sock)
{
	return link_sock->family == SOCK_HELLO || link_sock->family == SOCK_HELLO_UNCHANGED;
}

/*
 * Whatever happens only marks what it touches and makes the timer due; on_timer() then puts
 * links, sockets and filters right, in that order, and after them the announcer speaks.
 */
struct port {
	const struct port_ops *ops;
	void *arg;
	struct ev_loop *loop;
	ev_timer timer;
	int64_t wake_ms; /* it runs then, or earlier; INT64_MAX: port_wake() has not set it */
	struct links *links;
	bool links_stale;
	int *known; /* ifindexes that the announcer knows, sorted */
	size_t n_known;
	struct announcer *announcer;
	enum ann_policy policy; /* where ops have none */
	struct prober *prober;     /* NULL: none */
	struct election *election; /* NULL: none */
	bool leaving;              /* and on_left has not been called yet */
	SLIST_HEAD(, link_sock) socks;
	struct port_stats stats;
	struct frame_batch *in, *out;
	size_t in_max;            /* frames to take at a time: more while they come in crowds */
	const struct link_sock *answering; /* what is sent on this tap waits in @out until all were heard */
};

/* common.c */
/* port_wake_in - make the port's timer run in @after_ms, unless it is to run earlier. */
void port_wake_in(struct port *port, int64_t after_ms);

/* port_wake - make it run when something is due next. */
void port_wake(struct port *port, int64_t now_ms);

/* port_link - the link as rtnetlink last described it; NULL: gone. */
const struct link *port_link(const struct port *port, int ifindex);

struct link_sock *port_find_sock(const struct port *port, int ifindex, uint8_t family);
/* port_flush - send what waits. */
void port_flush(struct port *port);

/* voice.c: what is announced */
void port_announcer_new(struct port *port, const struct announcer_opts *opts);

/* asks.c: are addresses free that are to be given? */
void port_prober_new(struct port *port);

/* fellows.c: the election on the node's links */
void port_election_new(struct port *port, const struct election_opts *opts);

/* ear.c: what a tap hears */
struct proto_ops {
	uint16_t ethertype;
	const char *listen, *receive; /* what fails, for people */
	size_t (*filter)(const struct ip *ips, size_t n, struct sock_filter *ret_prog);
	int (*rx)(const struct link_sock *link_sock, const uint8_t *frame, size_t len, int64_t heard_ms,
	    int64_t now_ms);
};
const struct proto_ops *link_sock_proto(const struct link_sock *link_sock);
void link_rx_init(struct link_sock *link_sock);
void link_rx_close(struct link_sock *link_sock);
/* link_rx_fail - @what went wrong on its link: close the socket, and try again later, ever later. */
void link_rx_fail(struct link_sock *link_sock, const char *what, int error);

/* port_read_unchanged - hear the hellos that wait. */
void port_read_unchanged(struct port *port, int64_t now_ms);

/* tap.c: its socket */
struct link_sock *link_sock_new(struct port *port, int ifindex, uint8_t family);
void link_sock_free(struct link_sock *link_sock);

/* link_sock_settle - put the socket right, and tell the announcer whether there is one. */
void link_sock_settle(struct link_sock *link_sock, int64_t now_ms);
/*
 * port_mark_sock - what the tap is for has changed: it, or a new one, is put right before the loop
 * sleeps.
 */
struct link_sock *port_mark_sock(struct port *port, int ifindex, uint8_t family);

/* port_listen - the same for one address that is to be heard, which it may be already. */
void port_listen(struct port *port, int ifindex, const struct ip *ip);

/* port_unlisten - and for one that need not be heard any more: in a while, for it may come back. */
void port_unlisten(struct port *port, int ifindex, uint8_t family);

#endif
