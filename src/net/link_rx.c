/* SPDX-License-Identifier: Apache-2.0 */
#include "bpf.h"
#include "port_impl.h"
#include "rawsock.h"
#include "core/base/backoff.h"
#include "util/clock.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <unistd.h>

/* What a tap hears while its socket is open, and the end of that. */

#define BUSY_FRAMES            8     /* frames at a time: more are looked for without sleep ... */
#define EMPTY_TURNS_MAX         16    /* ... until this many turns in a row found none: some 10 us */
#define RETRY_FIRST_MS   100   /* until a socket that failed is opened again ... */
#define RETRY_LONGEST_MS 10000 /* ... doubled up to this */

void
link_rx_close(struct link_sock *link_sock)
{
	if (link_sock->fd < 0)
		return;
	ev_io_stop(link_sock->port->loop, &link_sock->io);
	ev_idle_stop(link_sock->port->loop, &link_sock->busy_poll);
	rx_ring_done(&link_sock->rx_ring);
	mcast_groups_done(&link_sock->mcast_groups);
	close(link_sock->fd);
	link_sock->fd = -1;
}

void
link_rx_fail(struct link_sock *link_sock, const char *what, int error)
{
	struct port *port = link_sock->port;
	const struct link *link = port_link(port, link_sock->ifindex);
	char text[64];

	link_rx_close(link_sock);
	link_sock->retry_ms = backoff_next_ms(link_sock->retry_ms, RETRY_FIRST_MS, RETRY_LONGEST_MS);
	link_sock->retry_at_ms = clock_ms() + link_sock->retry_ms;
	port_wake_in(port, 0);
	if (error == ENETDOWN || error == ENXIO || error == ENODEV)
		return; /* rtnetlink says the same, in its own time */
	snprintf(text, sizeof(text), "%s on %s", what, link ? link->name : "a link that is gone");
	port->ops->on_error(port->arg, text, error);
}

/* @mac has said on a link that it has @ip: somebody may be asking. */
static void
rx_owner(struct port *port, const struct ip *ip, const struct mac *mac, int64_t now_ms)
{
	if (port->prober && mac_is_host(mac) && !announcer_is_cluster_mac(port->announcer, mac))
		prober_on_claim(port->prober, ip, mac, now_ms);
}

static int
rx_arp(const struct link_sock *link_sock, const uint8_t *frame, size_t len, int64_t heard_ms, int64_t now_ms)
{
	struct arp arp;
	int rc = arp_parse(frame, len, &arp);

	(void)heard_ms;
	if (rc >= 0 && (arp.op == ARP_REPLY || ip_equal(&arp.sender_ip, &arp.target_ip)))
		port_read_unchanged(link_sock->port, now_ms); /* who claims may be a fellow that has just come */
	if (rc >= 0)
		announcer_on_arp(link_sock->port->announcer, link_sock->ifindex, &arp, now_ms);
	if (rc >= 0)
		rx_owner(link_sock->port, &arp.sender_ip, &arp.sender_mac, now_ms);
	return rc;
}

static int
rx_ndp(const struct link_sock *link_sock, const uint8_t *frame, size_t len, int64_t heard_ms, int64_t now_ms)
{
	struct ndp ndp;
	int rc = ndp_parse(frame, len, &ndp);

	(void)heard_ms;
	if (rc >= 0)
		announcer_on_ndp(link_sock->port->announcer, link_sock->ifindex, &ndp, now_ms);
	if (rc >= 0 && ndp.type == NDP_ADVERTISEMENT) {
		const struct mac mac = ndp_mac_of(&ndp);

		rx_owner(link_sock->port, &ndp.target, &mac, now_ms);
	}
	return rc;
}

static int
rx_hello(
    const struct link_sock *link_sock, const uint8_t *frame, size_t len, int64_t heard_ms, int64_t now_ms)
{
	int rc = election_on_hello(link_sock->port->election, link_sock->ifindex, frame, len, heard_ms, now_ms,
	    clock_wall_s());

	return rc == -EBADMSG ? rc : 0; /* others are counted where they are refused */
}

const struct proto_ops *
link_sock_proto(const struct link_sock *link_sock)
{
	static const struct proto_ops arp = {
		ETH_P_ARP, "listen for ARP", "receive ARP", bpf_arp_filter, rx_arp
	};
	static const struct proto_ops ndp = {
		ETH_P_IPV6, "listen for NDP", "receive NDP", bpf_ndp_filter, rx_ndp
	};

	static const struct proto_ops hello = {
		HELLO_ETHERTYPE, "listen for hellos", "receive hellos", bpf_hello_filter, rx_hello
	};
	static const struct proto_ops unchanged = {
		HELLO_ETHERTYPE, "listen for hellos", "receive hellos", bpf_hello_unchanged_filter, rx_hello
	};

	if (link_sock_is_for_hellos(link_sock))
		return link_sock->family == SOCK_HELLO ? &hello : &unchanged;
	return link_sock->family == IPV4 ? &arp : &ndp;
}

static void
rx_frame(
    const struct link_sock *link_sock, const uint8_t *frame, size_t len, int64_t heard_ms, int64_t now_ms)
{
	struct port_stats *stats = &link_sock->port->stats;

	stats->received++;
	if (link_sock_proto(link_sock)->rx(link_sock, frame, len, heard_ms, now_ms) < 0)
		stats->bad++; /* the wire is untrusted: count it, never log it */
}

/* How many frames there were in the tap's ring; or a negative errno. */
static int
rx_from_ring(struct link_sock *link_sock, int64_t now_ms)
{
	const uint8_t *frame;
	size_t len;
	int got = 0;

	while (got < RAWSOCK_BATCH && (frame = rx_ring_peek(&link_sock->rx_ring, &len))) {
		rx_frame(link_sock, frame, len, now_ms, now_ms);
		rx_ring_release(&link_sock->rx_ring);
		got++;
	}
	return got ? got : rawsock_error(link_sock->fd);
}

/*
 * The same for a tap without one, @max frames at most.  What is there came since it was last read,
 * whatever has happened to the wall clock meanwhile.
 */
static int
rx_from_socket(struct link_sock *link_sock, size_t max, int64_t now_ms)
{
	struct frame_batch *in = link_sock->port->in;
	int64_t oldest_ms = now_ms - link_sock->read_ms;
	int got = rawsock_recv_batch(link_sock->fd, in, max);

	for (int i = 0; i < got; i++) {
		int64_t age_ms = in->age_ms[i] < oldest_ms ? in->age_ms[i] : oldest_ms;

		rx_frame(link_sock, in->frame_batch[i], in->len[i], now_ms - (age_ms > 0 ? age_ms : 0),
		    now_ms);
	}
	link_sock->read_ms = now_ms;
	return got;
}

/* @got as from the two above. */
static void
note_received(struct link_sock *link_sock, int got)
{
	if (got < 0)
		link_rx_fail(link_sock, link_sock_proto(link_sock)->receive, -got);
	else if (got)
		link_sock->retry_ms = 0; /* it works */
}

/*
 * More than is read at a time is not fellows' alone: the socket is watched, or it would overflow.
 * So it is where nobody is known to hear us: whoever was away should find out at once that it is
 * back.
 */
void
port_read_unchanged(struct port *port, int64_t now_ms)
{
	struct link_sock *link_sock;

	SLIST_FOREACH(link_sock, &port->socks, next) {
		int got;

		if (link_sock->family != SOCK_HELLO_UNCHANGED || link_sock->fd < 0)
			continue;
		got = rx_from_socket(link_sock, RAWSOCK_BATCH, now_ms);
		if (got == RAWSOCK_BATCH || !election_has_peers(port->election, link_sock->ifindex))
			ev_io_start(port->loop, &link_sock->io);
		else
			ev_io_stop(port->loop, &link_sock->io);
		note_received(link_sock, got);
	}
}

/*
 * Decode each frame that waits and hand it to the announcer, which answers.  They come in and the
 * answers go out many at a time; what does not fit waits for the next turn.
 */
static int
rx_all(struct link_sock *link_sock, int64_t now_ms)
{
	struct port *port = link_sock->port;
	int got;

	if (port->election) /* were we stopped?  Then nothing is answered from the past */
		election_check_stopped(port->election, now_ms);
	if (link_sock->family == SOCK_HELLO || link_sock->family == IPV6)
		port_read_unchanged(port, now_ms); /* these came earlier */
	port->answering = link_sock;
	got = link_sock->rx_ring.slots ? rx_from_ring(link_sock, now_ms) : rx_from_socket(link_sock, port->in_max, now_ms);
	if (!link_sock->rx_ring.slots)
		port->in_max = got < (int)port->in_max	      ? IN_MIN
		    : port->in_max * 2 < RAWSOCK_BATCH ? port->in_max * 2
						       : RAWSOCK_BATCH;
	port_flush(port);
	note_received(link_sock, got);
	port_wake(port, now_ms);
	return got;
}

/*
 * While frames come in a crowd the loop does not sleep, and looks at every turn.  As long as nobody
 * waits at the socket, who sends on this machine has nobody to wake up for each frame; and to sleep
 * and be woken up takes longer than the next frame.
 */
static void
set_busy_poll(struct link_sock *link_sock, bool busy_poll)
{
	struct ev_loop *loop = link_sock->port->loop;

	if (busy_poll) {
		ev_io_stop(loop, &link_sock->io);
		ev_idle_start(loop, &link_sock->busy_poll);
	} else {
		ev_idle_stop(loop, &link_sock->busy_poll);
		ev_io_start(loop, &link_sock->io);
	}
	link_sock->empty_turns = 0;
}

static void
on_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct link_sock *link_sock = w->data;

	(void)loop, (void)revents;
	if (rx_all(link_sock, clock_ms()) >= BUSY_FRAMES && link_sock->rx_ring.slots)
		set_busy_poll(link_sock, true);
}

static void
on_busy_poll(struct ev_loop *loop, ev_idle *w, int revents)
{
	struct link_sock *link_sock = w->data;
	int got = rx_all(link_sock, clock_ms());

	(void)loop, (void)revents;
	link_sock->empty_turns = got ? 0 : link_sock->empty_turns + 1;
	if (link_sock->empty_turns == EMPTY_TURNS_MAX)
		set_busy_poll(link_sock, false);
}

void
link_rx_init(struct link_sock *link_sock)
{
	ev_init(&link_sock->io, on_readable);
	ev_idle_init(&link_sock->busy_poll, on_busy_poll);
	ev_set_priority(&link_sock->busy_poll, EV_MAXPRI - 1); /* not when nothing else is to be done: every turn */
	link_sock->io.data = link_sock->busy_poll.data = link_sock;
}
