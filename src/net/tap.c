/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "bpf.h"
#include "port_impl.h"
#include "rawsock.h"

#include <stdlib.h>

#define MANY             400   /* addresses; their filter is written at most once ... */
#define MANY_PAUSE_MS    50    /* ... in this time, however many come ... */
#define IGNORE_MS        10000 /* ... and in this where some only go */

/* Opens the tap's socket, or gives the open one its new filter. */
static int
filter_tap(struct tap *tap, const struct ip *ips, size_t n)
{
	struct sock_filter prog[BPF_ROOM];
	struct sock_fprog fprog = { .filter = prog };
	int rc;

	fprog.len = (unsigned short)tap_tongue(tap)->filter(ips, n, prog);
	if (tap->fd >= 0)
		return rawsock_set_filter(tap->fd, &fprog);
	rc = rawsock_open(tap->ifindex, tap_tongue(tap)->ethertype, &fprog,
	    tap->family == IPV4 ? &tap->ring : NULL);
	if (rc < 0)
		return rc;
	tap->fd = rc;
	tap->read_ms = port_now_ms();
	ev_io_set(&tap->io, tap->fd, EV_READ);
	if (tap->family != TAP_CALM)
		ev_io_start(tap->port->loop, &tap->io);
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
refresh_tap(struct tap *tap)
{
	const struct announcer *a = tap->port->announcer;
	const struct prober *p = tap->port->prober;
	size_t n = announcer_addresses(a, tap->ifindex, tap->family, NULL, 0);
	size_t asked = p ? prober_addresses(p, tap->ifindex, tap->family, NULL, 0) : 0;
	struct ip *ips = xcalloc(n + asked, sizeof(*ips)), *more = xcalloc(asked, sizeof(*more));
	const char *what = tap_tongue(tap)->listen;
	int rc;

	announcer_addresses(a, tap->ifindex, tap->family, ips, n);
	if (asked)
		prober_addresses(p, tap->ifindex, tap->family, more, asked);
	merge(ips, n, more, asked);
	free(more);
	rc = filter_tap(tap, ips, n + asked);
	if (asked && tap->family == IPV6) /* groups are joined for what is announced */
		announcer_addresses(a, tap->ifindex, tap->family, ips, n);
	if (rc == 0 && tap->family == TAP_CALM)
		rc = rawsock_date(tap->fd);
	if (rc == 0 && tap_is_for_hellos(tap)) {
		what = "join the group of hellos";
		rc = rawsock_join(tap->fd, tap->ifindex, &HELLO_GROUP);
	}
	if (rc == 0 && tap->family == IPV6) {
		what = "join the groups of NDP";
		rc = groups_set(&tap->groups, tap->ifindex, ips, n);
	}
	if (tap->family == IPV4)
		heard_set(&tap->heard, ips, n + asked);
	free(ips);
	tap->pause_until_ms = n > MANY ? port_now_ms() + MANY_PAUSE_MS : 0;
	if (rc < 0)
		tap_fail(tap, what, -rc);
	else
		tap->rewrite_at_ms = INT64_MAX;
}

static bool
is_open(const struct port *port, int ifindex, uint8_t family)
{
	const struct tap *tap = port_find_tap(port, ifindex, family);

	return tap && tap->fd >= 0;
}

/* The link's hellos can be sent and heard, or not. */
static void
settle_hellos(struct port *port, int ifindex, int64_t now_ms)
{
	static const struct mac none;
	const struct link *link = port_link(port, ifindex);
	bool heard = is_open(port, ifindex, TAP_HELLO) && is_open(port, ifindex, TAP_CALM);

	election_open(port->election, ifindex, link ? &link->mac : &none, heard, now_ms);
}

void
tap_settle(struct tap *tap, int64_t now_ms)
{
	struct port *port = tap->port;
	const struct link *link = port_link(port, tap->ifindex);

	if (!link || !link->up) {
		tap_close(tap);
		tap->retry_at_ms = tap->retry_ms = 0; /* at once when it is up again */
	} else if (now_ms >= (tap->fd < 0 ? tap->retry_at_ms : tap->rewrite_at_ms)) {
		refresh_tap(tap);
	}
	if (tap_is_for_hellos(tap))
		settle_hellos(port, tap->ifindex, now_ms);
	else if (link && link->up)
		announcer_set_deaf(port->announcer, tap->ifindex, tap->family, tap->fd < 0, now_ms);
}

struct tap *
tap_new(struct port *port, int ifindex, uint8_t family)
{
	struct tap *tap = xcalloc(1, sizeof(*tap));

	tap->port = port;
	tap->ifindex = ifindex;
	tap->family = family;
	tap->fd = -1;
	tap_init_ears(tap);
	if (family == TAP_HELLO)
		ev_set_priority(&tap->io, EV_MAXPRI); /* a storm of ARP must not make others dead */
	return tap;
}

void
tap_free(struct tap *tap)
{
	tap_close(tap);
	heard_done(&tap->heard);
	free(tap);
}

/* The tap, or a new one, is to be put right at @at_ms, or when that may be. */
static struct tap *
mark(struct port *port, int ifindex, uint8_t family, int64_t at_ms)
{
	struct tap *tap = port_find_tap(port, ifindex, family);

	if (!tap) {
		tap = tap_new(port, ifindex, family);
		SLIST_INSERT_HEAD(&port->taps, tap, next);
	}
	if (at_ms < tap->pause_until_ms)
		at_ms = tap->pause_until_ms;
	if (at_ms < tap->rewrite_at_ms)
		tap->rewrite_at_ms = at_ms;
	port_wake_in(port, 0);
	return tap;
}

struct tap *
port_mark_tap(struct port *port, int ifindex, uint8_t family)
{
	return mark(port, ifindex, family, 0);
}

void
port_hear(struct port *port, int ifindex, const struct ip *ip)
{
	const struct tap *tap = port_find_tap(port, ifindex, ip->family);
	bool heard = tap && tap->fd >= 0 && heard_has(&tap->heard, ip);

	mark(port, ifindex, ip->family, heard ? INT64_MAX : 0);
}

void
port_ignore(struct port *port, int ifindex, uint8_t family)
{
	mark(port, ifindex, family, port_now_ms() + IGNORE_MS);
}
