/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "bpf.h"
#include "port_impl.h"
#include "rawsock.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MANY             400   /* addresses; their filter is written at most once ... */
#define MANY_PAUSE_MS    50    /* ... in this time, however many come ... */
#define IGNORE_MS        1000  /* ... and in this where some only go */
#define CROWD            8     /* frames at a time: more are looked for without sleep ... */
#define PATIENCE         16    /* ... until this many turns in a row found none: some 10 us */
#define RETRY_FIRST_MS   100   /* until a socket that failed is opened again ... */
#define RETRY_LONGEST_MS 10000 /* ... doubled up to this */

static void
close_tap(struct tap *tap)
{
	if (tap->fd < 0)
		return;
	ev_io_stop(tap->port->loop, &tap->io);
	ev_idle_stop(tap->port->loop, &tap->eager);
	ring_done(&tap->ring);
	groups_done(&tap->groups);
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

/* @mac has said on a link that it has @ip: somebody may be asking. */
static void
hear_owner(struct port *port, const struct ip *ip, const struct mac *mac, int64_t now_ms)
{
	if (port->prober && mac_is_host(mac) && !announcer_knows(port->announcer, mac))
		prober_hear(port->prober, ip, mac, now_ms);
}

static int
hear_arp(const struct tap *tap, const uint8_t *frame, size_t len, int64_t now_ms)
{
	struct arp arp;
	int rc = arp_parse(frame, len, &arp);

	if (rc >= 0)
		announcer_on_arp(tap->port->announcer, tap->ifindex, &arp, now_ms);
	if (rc >= 0)
		hear_owner(tap->port, &arp.sender_ip, &arp.sender_mac, now_ms);
	return rc;
}

static int
hear_ndp(const struct tap *tap, const uint8_t *frame, size_t len, int64_t now_ms)
{
	struct ndp ndp;
	int rc = ndp_parse(frame, len, &ndp);

	if (rc >= 0)
		announcer_on_ndp(tap->port->announcer, tap->ifindex, &ndp, now_ms);
	if (rc >= 0 && ndp.type == NDP_ADVERTISEMENT) {
		const struct mac mac = ndp_mac_of(&ndp);

		hear_owner(tap->port, &ndp.target, &mac, now_ms);
	}
	return rc;
}

static int
hear_hello(const struct tap *tap, const uint8_t *frame, size_t len, int64_t now_ms)
{
	struct port *port = tap->port;
	int rc = election_on_hello(port->election, tap->ifindex, frame, len, now_ms, port_wall_s());

	if (election_next_ms(port->election) <= now_ms)
		port_wake_in(port, 0);
	return rc == -EBADMSG ? rc : 0; /* others are counted where they are refused */
}

/* What a tap listens to, and how. */
struct tongue {
	uint16_t ethertype;
	const char *listen, *receive; /* what fails, for people */
	size_t (*filter)(const struct ip *ips, size_t n, struct sock_filter *ret_prog);
	int (*hear)(const struct tap *tap, const uint8_t *frame, size_t len, int64_t now_ms);
};

static const struct tongue *
tongue_of(const struct tap *tap)
{
	static const struct tongue arp = {
		ETH_P_ARP, "listen for ARP", "receive ARP", bpf_arp_filter, hear_arp
	};
	static const struct tongue ndp = {
		ETH_P_IPV6, "listen for NDP", "receive NDP", bpf_ndp_filter, hear_ndp
	};

	static const struct tongue hello = {
		HELLO_ETHERTYPE, "listen for hellos", "receive hellos", bpf_any_filter, hear_hello
	};

	if (tap->family == TAP_HELLO)
		return &hello;
	return tap->family == IPV4 ? &arp : &ndp;
}

static void
hear_frame(const struct tap *tap, const uint8_t *frame, size_t len, int64_t now_ms)
{
	struct port_stats *stats = &tap->port->stats;

	stats->received++;
	if (tongue_of(tap)->hear(tap, frame, len, now_ms) < 0)
		stats->bad++; /* the wire is untrusted: count it, never log it */
}

/* How many frames there were in the tap's ring; or a negative errno. */
static int
hear_ring(struct tap *tap, int64_t now_ms)
{
	const uint8_t *frame;
	size_t len;
	int got = 0;

	while (got < RAWSOCK_BATCH && (frame = ring_look(&tap->ring, &len))) {
		hear_frame(tap, frame, len, now_ms);
		ring_pass(&tap->ring);
		got++;
	}
	return got ? got : rawsock_error(tap->fd);
}

/* The same for a tap without one. */
static int
hear_socket(struct tap *tap, int64_t now_ms)
{
	struct port *port = tap->port;
	int got = rawsock_recv_batch(tap->fd, port->in, port->in_max);

	for (int i = 0; i < got; i++)
		hear_frame(tap, port->in->frames[i], port->in->len[i], now_ms);
	port->in_max = got < (int)port->in_max	      ? IN_MIN
	    : port->in_max * 2 < RAWSOCK_BATCH ? port->in_max * 2
					       : RAWSOCK_BATCH;
	return got;
}

/*
 * Decode each frame that waits and hand it to the announcer, which answers.  They come in and the
 * answers go out many at a time; what does not fit waits for the next turn.
 */
static int
hear_all(struct tap *tap, int64_t now_ms)
{
	struct port *port = tap->port;
	int got;

	if (port->election) /* were we stopped?  Then nothing is answered from the past */
		election_wake(port->election, now_ms);
	port->answers = tap;
	got = tap->ring.slots ? hear_ring(tap, now_ms) : hear_socket(tap, now_ms);
	port_flush(port);
	if (got < 0)
		fail_tap(tap, tongue_of(tap)->receive, -got);
	else if (got)
		tap->retry_ms = 0; /* it works */
	port_wake(port, now_ms);
	return got;
}

/*
 * While frames come in a crowd the loop does not sleep, and looks at every turn.  As long as nobody
 * waits at the socket, who sends on this machine has nobody to wake up for each frame; and to sleep
 * and be woken up takes longer than the next frame.
 */
static void
set_eager(struct tap *tap, bool eager)
{
	struct ev_loop *loop = tap->port->loop;

	if (eager) {
		ev_io_stop(loop, &tap->io);
		ev_idle_start(loop, &tap->eager);
	} else {
		ev_idle_stop(loop, &tap->eager);
		ev_io_start(loop, &tap->io);
	}
	tap->in_vain = 0;
}

static void
on_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct tap *tap = w->data;

	(void)loop, (void)revents;
	if (hear_all(tap, port_now_ms()) >= CROWD && tap->ring.slots)
		set_eager(tap, true);
}

static void
on_eager(struct ev_loop *loop, ev_idle *w, int revents)
{
	struct tap *tap = w->data;
	int got = hear_all(tap, port_now_ms());

	(void)loop, (void)revents;
	tap->in_vain = got ? 0 : tap->in_vain + 1;
	if (tap->in_vain == PATIENCE)
		set_eager(tap, false);
}

/* Opens the tap's socket, or gives the open one its new filter. */
static int
filter_tap(struct tap *tap, const struct ip *ips, size_t n)
{
	struct sock_filter prog[BPF_ROOM];
	struct sock_fprog fprog = { .filter = prog };
	int rc;

	fprog.len = (unsigned short)tongue_of(tap)->filter(ips, n, prog);
	if (tap->fd >= 0)
		return rawsock_set_filter(tap->fd, &fprog);
	rc = rawsock_open(tap->ifindex, tongue_of(tap)->ethertype, &fprog,
	    tap->family == IPV4 ? &tap->ring : NULL);
	if (rc < 0)
		return rc;
	tap->fd = rc;
	ev_io_set(&tap->io, tap->fd, EV_READ);
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
	const char *what = tongue_of(tap)->listen;
	int rc;

	announcer_addresses(a, tap->ifindex, tap->family, ips, n);
	if (asked)
		prober_addresses(p, tap->ifindex, tap->family, more, asked);
	merge(ips, n, more, asked);
	free(more);
	rc = filter_tap(tap, ips, n + asked);
	if (asked && tap->family == IPV6) /* groups are joined for what is announced */
		announcer_addresses(a, tap->ifindex, tap->family, ips, n);
	if (rc == 0 && tap->family == TAP_HELLO) {
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
		fail_tap(tap, what, -rc);
	else
		tap->rewrite_at_ms = INT64_MAX;
}

/* The link's hellos can be sent and heard (@heard), or not. */
static void
settle_hellos(struct port *port, int ifindex, bool heard, int64_t now_ms)
{
	static const struct mac none;
	const struct link *link = port_link(port, ifindex);

	election_open(port->election, ifindex, link ? &link->mac : &none, heard, now_ms);
}

void
tap_settle(struct tap *tap, int64_t now_ms)
{
	struct port *port = tap->port;
	const struct link *link = port_link(port, tap->ifindex);

	if (!link || !link->up) {
		close_tap(tap);
		tap->retry_at_ms = tap->retry_ms = 0; /* at once when it is up again */
	} else if (now_ms >= (tap->fd < 0 ? tap->retry_at_ms : tap->rewrite_at_ms)) {
		refresh_tap(tap);
	}
	if (tap->family == TAP_HELLO)
		settle_hellos(port, tap->ifindex, tap->fd >= 0, now_ms);
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
	ev_init(&tap->io, on_readable);
	tap->io.data = tap;
	ev_idle_init(&tap->eager, on_eager);
	ev_set_priority(&tap->eager, EV_MAXPRI - 1); /* not when nothing else is to be done: every turn */
	tap->eager.data = tap;
	if (family == TAP_HELLO)
		ev_set_priority(&tap->io, EV_MAXPRI); /* a storm of ARP must not make others dead */
	return tap;
}

void
tap_free(struct tap *tap)
{
	close_tap(tap);
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
