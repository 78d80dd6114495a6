/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LINK_SOCK_H
#define NET_LINK_SOCK_H

/* A packet socket on a link, with its filter and its multicast groups. */

#include "arplet/ip.h"
#include "ip_set.h"
#include "mcast_groups.h"
#include "rx_ring.h"

#include <bsd/sys/queue.h>
#include <ev.h>

/*
 * What a socket receives.  The families IPV4 and IPV6 are also kinds: for ARP and for NDP.
 *
 * Unchanged hellos have their own socket, so that they do not wake up the daemon.  With 2 peers on
 * a quiet LAN the daemon wakes up about 10 times a second, to send its own hellos.  If each
 * received hello woke up the daemon, it would wake up 27 times a second.
 */
enum sock_kind {
	SOCK_HELLO,           /* hellos that are to be processed at once */
	SOCK_HELLO_UNCHANGED, /* hellos with HELLO_UNCHANGED, read when the lan_io timer fires */
	SOCK_ARP = IPV4,
	SOCK_NDP = IPV6,
	SOCK_KINDS
};

struct link_sock {
	SLIST_ENTRY(link_sock) next;
	struct lan_io *owner;
	struct ev_loop *loop;
	int ifindex;
	enum sock_kind kind;
	bool sends_hellos;                /* true if this node sends hellos on the link */
	int fd;                           /* -1: closed */
	struct mcast_groups mcast_groups; /* solicited-node groups; SOCK_NDP only */
	struct rx_ring rx_ring;           /* SOCK_ARP only */
	struct ip_set passed;             /* addresses that pass the filter; SOCK_ARP only */
	/*
	 * While the socket is open, at most one of @io and @busy_poll is active.  For
	 * SOCK_HELLO_UNCHANGED, neither is active unless link_rx_read_unchanged() starts @io.
	 */
	ev_io io;
	ev_idle busy_poll;
	int empty_turns;                /* consecutive turns of busy_poll without a frame */
	int64_t refilter_at_ms;         /* when to write a new filter; INT64_MAX: none is needed */
	int64_t refilter_not_before_ms; /* earliest time for the next filter of many addresses */
	int64_t reopen_at_ms;    /* when to open the failed socket again; 0: at once */
	int64_t reopen_pause_ms; /* last pause after a failure; 0: the socket works */
	int64_t read_ms;         /* when the socket was last read */
};

static inline bool
link_sock_is_for_hellos(const struct link_sock *sock)
{
	return sock->kind == SOCK_HELLO || sock->kind == SOCK_HELLO_UNCHANGED;
}

/*
 * link_sock_listen - receive only frames about @ips: open the socket, or replace the filter of the
 * open socket.  @ips and @announced are sorted.  Joins the multicast groups of @announced, or the
 * group of hellos.  On failure, returns a negative errno and sets @ret_what to the failed operation
 * ("listen for ARP"); the socket may be open then.
 */
int link_sock_listen(struct link_sock *sock, const struct ip *ips, size_t n,
    const struct ip *announced, size_t n_announced, const char **ret_what)
    __attribute__((warn_unused_result));

void link_sock_close(struct link_sock *sock); /* no effect on a closed socket */

#endif
