/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "bpf.h"
#include "port_impl.h"
#include "rawsock.h"
#include "util/clock.h"

#include <stdlib.h>

#define MANY             400   /* addresses; their filter is written at most once ... */
#define MANY_PAUSE_MS    50    /* ... in this time, however many come ... */
#define IGNORE_MS        10000 /* ... and in this where some only go */

/* Opens the tap's socket, or gives the open one its new filter. */
static int
set_filter(struct link_sock *link_sock, const struct ip *ips, size_t n)
{
	struct sock_filter prog[BPF_ROOM];
	struct sock_fprog fprog = { .filter = prog };
	int rc;

	fprog.len = (unsigned short)link_sock_proto(link_sock)->filter(ips, n, prog);
	if (link_sock->fd >= 0)
		return rawsock_set_filter(link_sock->fd, &fprog);
	rc = rawsock_open(link_sock->ifindex, link_sock_proto(link_sock)->ethertype, &fprog,
	    link_sock->family == IPV4 ? &link_sock->rx_ring : NULL);
	if (rc < 0)
		return rc;
	link_sock->fd = rc;
	link_sock->read_ms = clock_ms();
	ev_io_set(&link_sock->io, link_sock->fd, EV_READ);
	if (link_sock->family != SOCK_HELLO_UNCHANGED)
		ev_io_start(link_sock->port->loop, &link_sock->io);
	return 0;
}

/* Makes one sorted list, at @ips, of the @n that are there and the @n_more at @more. */
static void
merge(struct ip *ips, size_t n, const struct ip *more, size_t n_more)
{
	while (n_more) { /* from the end, where there is room */
		if (n && ip_cmp(&ips[n - 1], &more[n_more - 1]) > 0) {
			ips[n + n_more - 1] = ips[n - 1];
			n--;
		} else {
			ips[n + n_more - 1] = more[n_more - 1];
			n_more--;
		}
	}
}

/* Makes the tap hear what is about the addresses that are announced or asked for now, no more. */
static void
refresh_sock(struct link_sock *link_sock)
{
	const struct announcer *a = link_sock->port->announcer;
	const struct prober *p = link_sock->port->prober;
	size_t n = announcer_addresses(a, link_sock->ifindex, link_sock->family, NULL, 0);
	size_t asked = p ? prober_addresses(p, link_sock->ifindex, link_sock->family, NULL, 0) : 0;
	struct ip *ips = xcalloc(n + asked, sizeof(*ips)), *more = xcalloc(asked, sizeof(*more));
	const char *what = link_sock_proto(link_sock)->listen;
	int rc;

	announcer_addresses(a, link_sock->ifindex, link_sock->family, ips, n);
	if (asked)
		prober_addresses(p, link_sock->ifindex, link_sock->family, more, asked);
	merge(ips, n, more, asked);
	free(more);
	rc = set_filter(link_sock, ips, n + asked);
	if (asked && link_sock->family == IPV6) /* groups are joined for what is announced */
		announcer_addresses(a, link_sock->ifindex, link_sock->family, ips, n);
	if (rc == 0 && link_sock->family == SOCK_HELLO_UNCHANGED)
		rc = rawsock_date(link_sock->fd);
	if (rc == 0 && link_sock_is_for_hellos(link_sock)) {
		what = "join the group of hellos";
		rc = rawsock_join(link_sock->fd, link_sock->ifindex, &HELLO_GROUP);
	}
	if (rc == 0 && link_sock->family == IPV6) {
		what = "join the groups of NDP";
		rc = mcast_groups_set(&link_sock->mcast_groups, link_sock->ifindex, ips, n);
	}
	if (link_sock->family == IPV4)
		ip_set_assign(&link_sock->ip_set, ips, n + asked);
	free(ips);
	link_sock->pause_until_ms = n > MANY ? clock_ms() + MANY_PAUSE_MS : 0;
	if (rc < 0)
		link_rx_fail(link_sock, what, -rc);
	else
		link_sock->rewrite_at_ms = INT64_MAX;
}

static bool
is_open(const struct port *port, int ifindex, uint8_t family)
{
	const struct link_sock *link_sock = port_find_sock(port, ifindex, family);

	return link_sock && link_sock->fd >= 0;
}

/* The link's hellos can be sent and heard, or not. */
static void
settle_hellos(struct port *port, int ifindex, int64_t now_ms)
{
	static const struct mac none;
	const struct link *link = port_link(port, ifindex);
	bool ip_set = is_open(port, ifindex, SOCK_HELLO) && is_open(port, ifindex, SOCK_HELLO_UNCHANGED);

	election_open(port->election, ifindex, link ? &link->mac : &none, ip_set, now_ms);
}

void
link_sock_settle(struct link_sock *link_sock, int64_t now_ms)
{
	struct port *port = link_sock->port;
	const struct link *link = port_link(port, link_sock->ifindex);

	if (!link || !link->up) {
		link_rx_close(link_sock);
		link_sock->retry_at_ms = link_sock->retry_ms = 0; /* at once when it is up again */
	} else if (now_ms >= (link_sock->fd < 0 ? link_sock->retry_at_ms : link_sock->rewrite_at_ms)) {
		refresh_sock(link_sock);
	}
	if (link_sock_is_for_hellos(link_sock))
		settle_hellos(port, link_sock->ifindex, now_ms);
	else if (link && link->up)
		announcer_set_no_socket(port->announcer, link_sock->ifindex, link_sock->family, link_sock->fd < 0, now_ms);
}

struct link_sock *
link_sock_new(struct port *port, int ifindex, uint8_t family)
{
	struct link_sock *link_sock = xcalloc(1, sizeof(*link_sock));

	link_sock->port = port;
	link_sock->ifindex = ifindex;
	link_sock->family = family;
	link_sock->fd = -1;
	link_rx_init(link_sock);
	if (family == SOCK_HELLO)
		ev_set_priority(&link_sock->io, EV_MAXPRI); /* a storm of ARP must not make others dead */
	return link_sock;
}

void
link_sock_free(struct link_sock *link_sock)
{
	link_rx_close(link_sock);
	ip_set_done(&link_sock->ip_set);
	free(link_sock);
}

/* The tap, or a new one, is to be put right at @at_ms, or when that may be. */
static struct link_sock *
mark(struct port *port, int ifindex, uint8_t family, int64_t at_ms)
{
	struct link_sock *link_sock = port_find_sock(port, ifindex, family);

	if (!link_sock) {
		link_sock = link_sock_new(port, ifindex, family);
		SLIST_INSERT_HEAD(&port->socks, link_sock, next);
	}
	if (at_ms < link_sock->pause_until_ms)
		at_ms = link_sock->pause_until_ms;
	if (at_ms < link_sock->rewrite_at_ms)
		link_sock->rewrite_at_ms = at_ms;
	port_wake_in(port, 0);
	return link_sock;
}

struct link_sock *
port_mark_sock(struct port *port, int ifindex, uint8_t family)
{
	return mark(port, ifindex, family, 0);
}

void
port_listen(struct port *port, int ifindex, const struct ip *ip)
{
	const struct link_sock *link_sock = port_find_sock(port, ifindex, ip->family);
	bool ip_set = link_sock && link_sock->fd >= 0 && ip_set_has(&link_sock->ip_set, ip);

	mark(port, ifindex, ip->family, ip_set ? INT64_MAX : 0);
}

void
port_unlisten(struct port *port, int ifindex, uint8_t family)
{
	mark(port, ifindex, family, clock_ms() + IGNORE_MS);
}
