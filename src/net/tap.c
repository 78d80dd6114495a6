/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "bpf.h"
#include "port_impl.h"
#include "rawsock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RX_BUDGET        64    /* frames a wake-up; the socket keeps the others */
#define RX_BYTES         128   /* the filter lets no more of a frame through */
#define RETRY_FIRST_MS   100   /* until a socket that failed is opened again ... */
#define RETRY_LONGEST_MS 10000 /* ... doubled up to this */

static void
close_tap(struct tap *tap)
{
	if (tap->fd < 0)
		return;
	ev_io_stop(tap->port->loop, &tap->io);
	close(tap->fd);
	tap->fd = -1;
}

/* @what went wrong on the tap's link: close its socket, and try again later, ever later. */
static void
fail_tap(struct tap *tap, const char *what, int error)
{
	struct port *port = tap->port;
	const struct link *link = port_link(port, tap->ifindex);
	char text[64];

	close_tap(tap);
	tap->retry_ms = tap->retry_ms ? tap->retry_ms * 2 : RETRY_FIRST_MS;
	if (tap->retry_ms > RETRY_LONGEST_MS)
		tap->retry_ms = RETRY_LONGEST_MS;
	tap->retry_at_ms = port_now_ms() + tap->retry_ms;
	port_wake_in(port, 0);
	if (error == ENETDOWN || error == ENXIO || error == ENODEV)
		return; /* rtnetlink says the same, in its own time */
	snprintf(text, sizeof(text), "%s on %s", what, link ? link->name : "a link that is gone");
	port->ops->on_error(port->arg, text, error);
}

/* ARP frames wait on a link's socket: decode each and hand it to the announcer, which answers. */
static void
on_arp_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct tap *tap = w->data;
	struct port *port = tap->port;
	int64_t now_ms = port_now_ms();
	uint8_t frame[RX_BYTES];
	struct arp arp;

	(void)loop, (void)revents;
	for (int budget = RX_BUDGET; budget > 0; budget--) {
		ssize_t len = rawsock_recv(tap->fd, frame, sizeof(frame));

		if (len == -EAGAIN)
			return;
		if (len < 0) {
			fail_tap(tap, "receive ARP", (int)-len);
			return;
		}
		tap->retry_ms = 0; /* it works */
		port->stats.received++;
		if (arp_parse(frame, (size_t)len, &arp) < 0)
			port->stats.bad++; /* the wire is untrusted: count it, never log it */
		else
			announcer_on_arp(port->announcer, tap->ifindex, &arp, now_ms);
	}
}

/* Opens the tap's socket, or gives the open one its new filter. */
static int
filter_tap(struct tap *tap)
{
	const struct announcer *a = tap->port->announcer;
	size_t n = announcer_addresses(a, tap->ifindex, NULL, 0);
	struct ip *ips = xcalloc(n, sizeof(*ips));
	struct sock_filter prog[BPF_ROOM];
	struct sock_fprog fprog = { .filter = prog };
	int rc;

	announcer_addresses(a, tap->ifindex, ips, n);
	fprog.len = (unsigned short)bpf_arp_filter(ips, n, prog);
	free(ips);
	if (tap->fd >= 0)
		return rawsock_set_filter(tap->fd, &fprog);
	rc = rawsock_open(tap->ifindex, &fprog);
	if (rc < 0)
		return rc;
	tap->fd = rc;
	ev_io_set(&tap->io, tap->fd, EV_READ);
	ev_io_start(tap->port->loop, &tap->io);
	return 0;
}

void
tap_settle(struct tap *tap, int64_t now_ms)
{
	struct port *port = tap->port;
	const struct link *link = port_link(port, tap->ifindex);
	struct link usable;
	int rc = 0;

	if (!link || !link->up) {
		close_tap(tap);
		tap->retry_at_ms = tap->retry_ms = 0; /* at once when it is up again */
		return;
	}
	if (tap->fd < 0 ? now_ms >= tap->retry_at_ms : tap->stale)
		rc = filter_tap(tap);
	if (rc < 0)
		fail_tap(tap, "listen for ARP", -rc);
	else if (tap->fd >= 0)
		tap->stale = false;
	usable = *link;
	usable.up = tap->fd >= 0;
	announcer_set_link(port->announcer, &usable, now_ms);
}

struct tap *
tap_new(struct port *port, int ifindex)
{
	struct tap *tap = xcalloc(1, sizeof(*tap));

	tap->port = port;
	tap->ifindex = ifindex;
	tap->fd = -1;
	ev_init(&tap->io, on_arp_readable);
	tap->io.data = tap;
	return tap;
}

void
tap_free(struct tap *tap)
{
	close_tap(tap);
	free(tap);
}
