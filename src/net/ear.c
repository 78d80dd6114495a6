/* SPDX-License-Identifier: Apache-2.0 */
#include "bpf.h"
#include "port_impl.h"
#include "rawsock.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <unistd.h>

/* What a tap hears while its socket is open, and the end of that. */

#define CROWD            8     /* frames at a time: more are looked for without sleep ... */
#define PATIENCE         16    /* ... until this many turns in a row found none: some 10 us */
#define RETRY_FIRST_MS   100   /* until a socket that failed is opened again ... */
#define RETRY_LONGEST_MS 10000 /* ... doubled up to this */

void
tap_close(struct tap *tap)
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

void
tap_fail(struct tap *tap, const char *what, int error)
{
	struct port *port = tap->port;
	const struct link *link = port_link(port, tap->ifindex);
	char text[64];

	tap_close(tap);
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
hear_arp(const struct tap *tap, const uint8_t *frame, size_t len, int64_t heard_ms, int64_t now_ms)
{
	struct arp arp;
	int rc = arp_parse(frame, len, &arp);

	(void)heard_ms;
	if (rc >= 0 && (arp.op == ARP_REPLY || ip_equal(&arp.sender_ip, &arp.target_ip)))
		port_read_calm(tap->port, now_ms); /* who claims may be a fellow that has just come */
	if (rc >= 0)
		announcer_on_arp(tap->port->announcer, tap->ifindex, &arp, now_ms);
	if (rc >= 0)
		hear_owner(tap->port, &arp.sender_ip, &arp.sender_mac, now_ms);
	return rc;
}

static int
hear_ndp(const struct tap *tap, const uint8_t *frame, size_t len, int64_t heard_ms, int64_t now_ms)
{
	struct ndp ndp;
	int rc = ndp_parse(frame, len, &ndp);

	(void)heard_ms;
	if (rc >= 0)
		announcer_on_ndp(tap->port->announcer, tap->ifindex, &ndp, now_ms);
	if (rc >= 0 && ndp.type == NDP_ADVERTISEMENT) {
		const struct mac mac = ndp_mac_of(&ndp);

		hear_owner(tap->port, &ndp.target, &mac, now_ms);
	}
	return rc;
}

static int
hear_hello(
    const struct tap *tap, const uint8_t *frame, size_t len, int64_t heard_ms, int64_t now_ms)
{
	int rc = election_on_hello(tap->port->election, tap->ifindex, frame, len, heard_ms, now_ms,
	    port_wall_s());

	return rc == -EBADMSG ? rc : 0; /* others are counted where they are refused */
}

const struct tongue *
tap_tongue(const struct tap *tap)
{
	static const struct tongue arp = {
		ETH_P_ARP, "listen for ARP", "receive ARP", bpf_arp_filter, hear_arp
	};
	static const struct tongue ndp = {
		ETH_P_IPV6, "listen for NDP", "receive NDP", bpf_ndp_filter, hear_ndp
	};

	static const struct tongue hello = {
		HELLO_ETHERTYPE, "listen for hellos", "receive hellos", bpf_prompt_filter, hear_hello
	};
	static const struct tongue calm = {
		HELLO_ETHERTYPE, "listen for hellos", "receive hellos", bpf_calm_filter, hear_hello
	};

	if (tap_is_for_hellos(tap))
		return tap->family == TAP_HELLO ? &hello : &calm;
	return tap->family == IPV4 ? &arp : &ndp;
}

static void
hear_frame(
    const struct tap *tap, const uint8_t *frame, size_t len, int64_t heard_ms, int64_t now_ms)
{
	struct port_stats *stats = &tap->port->stats;

	stats->received++;
	if (tap_tongue(tap)->hear(tap, frame, len, heard_ms, now_ms) < 0)
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
		hear_frame(tap, frame, len, now_ms, now_ms);
		ring_pass(&tap->ring);
		got++;
	}
	return got ? got : rawsock_error(tap->fd);
}

/*
 * The same for a tap without one, @max frames at most.  What is there came since it was last read,
 * whatever has happened to the wall clock meanwhile.
 */
static int
hear_socket(struct tap *tap, size_t max, int64_t now_ms)
{
	struct frames *in = tap->port->in;
	int64_t oldest_ms = now_ms - tap->read_ms;
	int got = rawsock_recv_batch(tap->fd, in, max);

	for (int i = 0; i < got; i++) {
		int64_t age_ms = in->age_ms[i] < oldest_ms ? in->age_ms[i] : oldest_ms;

		hear_frame(tap, in->frames[i], in->len[i], now_ms - (age_ms > 0 ? age_ms : 0),
		    now_ms);
	}
	tap->read_ms = now_ms;
	return got;
}

/* @got as from the two above. */
static void
note_heard(struct tap *tap, int got)
{
	if (got < 0)
		tap_fail(tap, tap_tongue(tap)->receive, -got);
	else if (got)
		tap->retry_ms = 0; /* it works */
}

/*
 * More than is read at a time is not fellows' alone: the socket is watched, or it would overflow.
 * So it is where nobody is known to hear us: whoever was away should find out at once that it is
 * back.
 */
void
port_read_calm(struct port *port, int64_t now_ms)
{
	struct tap *tap;

	SLIST_FOREACH(tap, &port->taps, next) {
		int got;

		if (tap->family != TAP_CALM || tap->fd < 0)
			continue;
		got = hear_socket(tap, RAWSOCK_BATCH, now_ms);
		if (got == RAWSOCK_BATCH || !election_has_company(port->election, tap->ifindex))
			ev_io_start(port->loop, &tap->io);
		else
			ev_io_stop(port->loop, &tap->io);
		note_heard(tap, got);
	}
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
	if (tap->family == TAP_HELLO || tap->family == IPV6)
		port_read_calm(port, now_ms); /* these came earlier */
	port->answers = tap;
	got = tap->ring.slots ? hear_ring(tap, now_ms) : hear_socket(tap, port->in_max, now_ms);
	if (!tap->ring.slots)
		port->in_max = got < (int)port->in_max	      ? IN_MIN
		    : port->in_max * 2 < RAWSOCK_BATCH ? port->in_max * 2
						       : RAWSOCK_BATCH;
	port_flush(port);
	note_heard(tap, got);
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

void
tap_init_ears(struct tap *tap)
{
	ev_init(&tap->io, on_readable);
	ev_idle_init(&tap->eager, on_eager);
	ev_set_priority(&tap->eager, EV_MAXPRI - 1); /* not when nothing else is to be done: every turn */
	tap->io.data = tap->eager.data = tap;
}
