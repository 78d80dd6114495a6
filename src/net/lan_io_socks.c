/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_io_socks.h"
#include "arplet/arena.h"
#include "link_rx.h"
#include "lan_io_state.h"
#include "lan_io_timer.h"
#include "util/clock.h"

#include <stdlib.h>

/*
 * A BPF filter for 10,000 addresses takes 2 ms to build.  While Services were created and deleted,
 * a new filter every MANY_PAUSE_MS took a third of the daemon's CPU time.  Therefore the daemon
 * builds no new filter for a new address if frames about this address already pass the present
 * filter.  A removed address stays in the filter for UNLISTEN_MS.
 */
#define MANY          400   /* filters for more addresses than this are limited by MANY_PAUSE_MS */
#define MANY_PAUSE_MS 50    /* shortest time between two filters for more than MANY addresses */
#define UNLISTEN_MS   10000 /* how long frames about a removed address may still pass */

static struct link_sock *
sock_new(struct lan_io *io, int ifindex, enum sock_kind kind)
{
	struct link_sock *sock = xcalloc(1, sizeof(*sock));

	sock->owner = io;
	sock->loop = io->loop;
	sock->ifindex = ifindex;
	sock->kind = kind;
	sock->fd = -1;
	link_rx_init(sock);
	return sock;
}

static void
sock_free(struct link_sock *sock)
{
	link_sock_close(sock);
	ip_set_done(&sock->passed);
	free(sock);
}

/* Merges the sorted @more into the sorted @ips, which has room for @n + @n_more addresses. */
static void
merge(struct ip *ips, size_t n, const struct ip *more, size_t n_more)
{
	while (n_more) { /* from the end of @ips, where there is room */
		if (n && ip_cmp(&ips[n - 1], &more[n_more - 1]) > 0) {
			ips[n + n_more - 1] = ips[n - 1];
			n--;
		} else {
			ips[n + n_more - 1] = more[n_more - 1];
			n_more--;
		}
	}
}

/* Writes a filter that passes only frames about addresses announced or probed on the link. */
static void
refilter(struct link_sock *sock)
{
	const struct announcer *a = sock->owner->announcer;
	const struct prober *p = sock->owner->prober;
	uint8_t family = (uint8_t)sock->kind;
	size_t n = announcer_addresses(a, sock->ifindex, family, NULL, 0);
	size_t n_probed = p ? prober_addresses(p, sock->ifindex, family, NULL, 0) : 0;
	struct ip checked[HOST_CHECKS_ROOM];
	size_t n_checked = host_checks_addresses(sock->owner->host_checks, sock->ifindex, family,
	    checked);
	struct ip *ips = xcalloc(n + n_probed + n_checked, sizeof(*ips));
	struct ip *announced = xcalloc(n, sizeof(*announced));
	struct ip *probed = xcalloc(n_probed, sizeof(*probed));
	bool was_open = sock->fd >= 0;
	const char *what;
	int rc;

	announcer_addresses(a, sock->ifindex, family, announced, n);
	if (n_probed)
		prober_addresses(p, sock->ifindex, family, probed, n_probed);
	merge(ips, 0, announced, n);
	merge(ips, n, probed, n_probed);
	merge(ips, n + n_probed, checked, n_checked);
	rc = link_sock_listen(sock, ips, n + n_probed + n_checked, announced, n, &what);
	free(ips);
	free(announced);
	free(probed);
	if (!was_open)
		sock->read_ms = clock_ms();
	sock->refilter_not_before_ms = n > MANY ? clock_ms() + MANY_PAUSE_MS : 0;
	if (rc < 0)
		link_rx_fail(sock, what, -rc);
	else
		sock->refilter_at_ms = INT64_MAX;
}

static bool
is_open(const struct lan_io *io, int ifindex, enum sock_kind kind)
{
	const struct link_sock *sock = lan_io_sock(io, ifindex, kind);

	return sock && sock->fd >= 0;
}

/* Reports to the announcer, or to the election, whether the socket is open. */
static void
report_state(const struct link_sock *sock, const struct link *link, int64_t now_ms)
{
	static const struct mac none;
	const struct lan_io *io = sock->owner;
	int ifindex = sock->ifindex;

	if (link_sock_is_for_hellos(sock))
		election_open(io->election, ifindex, link ? &link->mac : &none,
		    is_open(io, ifindex, SOCK_HELLO) &&
			is_open(io, ifindex, SOCK_HELLO_UNCHANGED),
		    now_ms);
	else if (link && link->up)
		announcer_set_no_socket(io->announcer, ifindex, (uint8_t)sock->kind,
		    sock->fd < 0, now_ms);
}

static void
update(struct link_sock *sock, int64_t now_ms)
{
	const struct link *link = lan_io_link(sock->owner, sock->ifindex);

	if (!link || !link->up) {
		link_sock_close(sock);
		sock->reopen_at_ms = sock->reopen_pause_ms = 0;
	} else if (now_ms >= (sock->fd < 0 ? sock->reopen_at_ms : sock->refilter_at_ms)) {
		refilter(sock);
	}
	report_state(sock, link, now_ms);
}

/*
 * True if lan_io needs the socket.  A link that sends hellos always has an open socket for ARP,
 * because the kernel needs 6 to 10 ms to set up its ring, and this would delay a takeover.
 */
static bool
is_needed(const struct link_sock *sock)
{
	const struct lan_io *io = sock->owner;
	const struct link_sock *hello = lan_io_sock(io, sock->ifindex, SOCK_HELLO);
	uint8_t family = (uint8_t)sock->kind;

	if (link_sock_is_for_hellos(sock))
		return sock->sends_hellos;
	if (sock->kind == SOCK_ARP && hello && hello->sends_hellos)
		return true;
	return announcer_serves(io->announcer, sock->ifindex, family) ||
	    (io->prober && prober_addresses(io->prober, sock->ifindex, family, NULL, 0));
}

void
lan_io_socks_update(struct lan_io *io, int64_t now_ms)
{
	struct link_sock *sock, **at = &SLIST_FIRST(&io->socks);

	while ((sock = *at)) {
		if (is_needed(sock)) {
			update(sock, now_ms);
			at = &SLIST_NEXT(sock, next);
		} else {
			*at = SLIST_NEXT(sock, next);
			sock_free(sock);
		}
	}
}

/* Finds or makes the socket, and schedules a new filter for it at @at_ms. */
static struct link_sock *
add(struct lan_io *io, int ifindex, enum sock_kind kind, int64_t at_ms)
{
	struct link_sock *sock = lan_io_sock(io, ifindex, kind);

	if (!sock) {
		sock = sock_new(io, ifindex, kind);
		SLIST_INSERT_HEAD(&io->socks, sock, next);
	}
	if (at_ms < sock->refilter_not_before_ms)
		at_ms = sock->refilter_not_before_ms;
	if (at_ms < sock->refilter_at_ms)
		sock->refilter_at_ms = at_ms;
	lan_io_wake_in(io, 0);
	return sock;
}

struct link_sock *
lan_io_socks_add(struct lan_io *io, int ifindex, enum sock_kind kind)
{
	return add(io, ifindex, kind, 0);
}

void
lan_io_socks_listen(struct lan_io *io, int ifindex, const struct ip *ip)
{
	const struct link_sock *sock = lan_io_sock(io, ifindex, ip->family);
	bool passed = sock && sock->fd >= 0 && ip_set_has(&sock->passed, ip);

	add(io, ifindex, ip->family, passed ? INT64_MAX : 0);
}

void
lan_io_socks_unlisten(struct lan_io *io, int ifindex, uint8_t family)
{
	add(io, ifindex, family, clock_ms() + UNLISTEN_MS);
}

void
lan_io_socks_free(struct lan_io *io)
{
	struct link_sock *sock;

	while ((sock = SLIST_FIRST(&io->socks))) {
		SLIST_REMOVE_HEAD(&io->socks, next);
		sock_free(sock);
	}
}
