/* SPDX-License-Identifier: Apache-2.0 */
#include "link_rx.h"
#include "core/base/backoff.h"
#include "lan_io_proxy.h"
#include "lan_io_state.h"
#include "lan_io_timer.h"
#include "lan_io_tx.h"
#include "rawsock.h"
#include "util/clock.h"

#include <errno.h>
#include <stdio.h>

#define BUSY_FRAMES      8     /* this many frames in one loop turn start the busy poll */
#define EMPTY_TURNS_MAX  16    /* this many turns without a frame (about 10 us) end the busy poll */
#define RETRY_FIRST_MS   100   /* first pause before a failed socket is opened again */
#define RETRY_LONGEST_MS 10000 /* longest pause; each failure doubles the pause */

void
link_rx_fail(struct link_sock *sock, const char *what, int error)
{
	struct lan_io *io = sock->owner;
	const struct link *link = lan_io_link(io, sock->ifindex);
	char text[64];

	link_sock_close(sock);
	sock->reopen_pause_ms =
	    backoff_next_ms(sock->reopen_pause_ms, RETRY_FIRST_MS, RETRY_LONGEST_MS);
	sock->reopen_at_ms = clock_ms() + sock->reopen_pause_ms;
	lan_io_wake_in(io, 0);
	if (error == ENETDOWN || error == ENXIO || error == ENODEV)
		return; /* no message: rtnetlink reports that the link is down or gone */
	snprintf(text, sizeof(text), "%s on %s", what, link ? link->name : "a link that is gone");
	io->ops->on_error(io->arg, text, error);
}

/*
 * Notes that host @mac claims @ip.  Reports to the prober that the host uses @ip, unless the host is
 * a node of this cluster or a proxy host.
 */
static void
rx_claim(struct lan_io *io, int ifindex, const struct ip *ip, const struct mac *mac,
    int64_t now_ms)
{
	bool probed = io->prober && prober_has(io->prober, ip);
	bool checked = host_checks_has(io->host_checks, ifindex, ip);

	if (!probed && !checked)
		return;
	if (checked)
		lan_io_proxy_node(io, ifindex, ip, mac, now_ms);
	if (!mac_is_host(mac) || announcer_is_cluster_mac(io->announcer, mac))
		return;
	if (!lan_io_proxy_claim(io, ifindex, ip, mac, now_ms) && probed) {
		prober_on_claim(io->prober, ip, mac);
		lan_io_proxy_check(io, ifindex, ip, now_ms);
	}
	lan_io_wake(io, now_ms);
}

static int
rx_arp(const struct link_sock *sock, const uint8_t *frame, size_t len, int64_t received_ms,
    int64_t now_ms)
{
	struct lan_io *io = sock->owner;
	struct arp arp;
	int rc = arp_parse(frame, len, &arp);

	(void)received_ms;
	if (rc < 0)
		return rc;
	/* Read hellos first: perhaps they show that the sender of this ARP frame is a new peer. */
	if (arp.op == ARP_REPLY || ip_equal(&arp.sender_ip, &arp.target_ip))
		link_rx_read_unchanged(io, now_ms);
	announcer_on_arp(io->announcer, sock->ifindex, &arp, now_ms);
	rx_claim(io, sock->ifindex, &arp.sender_ip, &arp.sender_mac, now_ms);
	return 0;
}

static int
rx_ndp(const struct link_sock *sock, const uint8_t *frame, size_t len, int64_t received_ms,
    int64_t now_ms)
{
	struct ndp ndp;
	int rc = ndp_parse(frame, len, &ndp);

	(void)received_ms;
	if (rc < 0)
		return rc;
	announcer_on_ndp(sock->owner->announcer, sock->ifindex, &ndp, now_ms);
	if (ndp.type == NDP_ADVERTISEMENT) {
		const struct mac mac = ndp_mac_of(&ndp);

		rx_claim(sock->owner, sock->ifindex, &ndp.target, &mac, now_ms);
	}
	return 0;
}

static int
rx_hello(const struct link_sock *sock, const uint8_t *frame, size_t len, int64_t received_ms,
    int64_t now_ms)
{
	int rc = election_on_hello(sock->owner->election, sock->ifindex, HELLO_MULTICAST, frame,
	    len, received_ms, now_ms);

	return rc == -EBADMSG ? rc : 0; /* the election has counted the rejected hello */
}

static const struct {
	int (*rx)(const struct link_sock *sock, const uint8_t *frame, size_t len,
	    int64_t received_ms, int64_t now_ms);
	const char *receive; /* name of the operation in error messages */
} protos[SOCK_KINDS] = {
	[SOCK_HELLO] = { rx_hello, "receive hellos" },
	[SOCK_HELLO_UNCHANGED] = { rx_hello, "receive hellos" },
	[SOCK_ARP] = { rx_arp, "receive ARP" },
	[SOCK_NDP] = { rx_ndp, "receive NDP" },
};

static void
rx_frame(const struct link_sock *sock, const uint8_t *frame, size_t len, int64_t received_ms,
    int64_t now_ms)
{
	sock->owner->received++;
	if (protos[sock->kind].rx(sock, frame, len, received_ms, now_ms) < 0)
		sock->owner->bad++; /* never log malformed frames, because any host can send them */
}

/* Processes the frames in the ring of the socket.  Returns their number, or a negative errno. */
static int
rx_from_ring(struct link_sock *sock, int64_t now_ms)
{
	const uint8_t *frame;
	size_t len;
	int got = 0;

	while (got < RAWSOCK_BATCH && (frame = rx_ring_peek(&sock->rx_ring, &len))) {
		rx_frame(sock, frame, len, now_ms, now_ms);
		rx_ring_release(&sock->rx_ring);
		got++;
	}
	return got ? got : rawsock_error(sock->fd);
}

/*
 * Processes up to @max frames from a socket without a ring.  Returns their number, or a negative
 * errno.  The kernel stamps frames with the wall clock, which can jump.  So the computed age of a
 * frame is limited: no frame is older than the last read of the socket.
 */
static int
rx_from_socket(struct link_sock *sock, size_t max, int64_t now_ms)
{
	struct frame_batch *in = sock->owner->in;
	int64_t oldest_ms = now_ms - sock->read_ms;
	int got = rawsock_recv_batch(sock->fd, in, max, NULL);

	for (int i = 0; i < got; i++) {
		int64_t age_ms = in->age_ms[i] < oldest_ms ? in->age_ms[i] : oldest_ms;

		rx_frame(sock, in->frame[i], in->len[i], now_ms - (age_ms > 0 ? age_ms : 0),
		    now_ms);
	}
	sock->read_ms = now_ms;
	return got;
}

/* @got: what rx_from_ring() or rx_from_socket() returned. */
static void
note_received(struct link_sock *sock, int got)
{
	if (got < 0)
		link_rx_fail(sock, protos[sock->kind].receive, -got);
	else if (got)
		sock->reopen_pause_ms = 0; /* the socket works */
}

/*
 * Reads the sockets of unchanged hellos; normally only the timer of lan_io calls this function.  In
 * two cases the event loop watches such a socket, too.  If a read returned a full batch, more
 * frames may wait, for example from a host that floods the LAN, and the socket could overflow
 * before the timer reads it.  On a link without peers, a node that was isolated must notice the
 * first hello of a peer at once.
 */
void
link_rx_read_unchanged(struct lan_io *io, int64_t now_ms)
{
	struct link_sock *sock;

	SLIST_FOREACH(sock, &io->socks, next) {
		int got;

		if (sock->kind != SOCK_HELLO_UNCHANGED || sock->fd < 0)
			continue;
		got = rx_from_socket(sock, RAWSOCK_BATCH, now_ms);
		if (got == RAWSOCK_BATCH || !election_has_peers(io->election, sock->ifindex))
			ev_io_start(io->loop, &sock->io);
		else
			ev_io_stop(io->loop, &sock->io);
		note_received(sock, got);
	}
}

/*
 * The number of buffers for the next receive call; the number doubles after a call that filled all
 * buffers.  A call with few buffers is faster: to receive a single frame, a call with 2 buffers
 * needed 13.0 us, and a call with 64 buffers needed 14.9 us.
 */
static size_t
next_max(size_t max, int got)
{
	if (got < (int)max)
		return IN_MIN;
	return max * 2 < RAWSOCK_BATCH ? max * 2 : RAWSOCK_BATCH;
}

/*
 * Processes the frames that wait in the socket, at most one batch, and sends all answers in one
 * system call.  Returns the number of frames, or a negative errno.
 */
static int
rx_all(struct link_sock *sock, int64_t now_ms)
{
	struct lan_io *io = sock->owner;
	int got;

	if (io->election) /* peers may have claimed our VIPs while we were stopped */
		election_check_stopped(io->election, now_ms);
	if (sock->kind == SOCK_HELLO || sock->kind == SOCK_NDP)
		link_rx_read_unchanged(io, now_ms); /* read older hellos before these frames */
	if (!link_sock_is_for_hellos(sock))
		lan_io_tx_hold(io, sock);
	if (sock->rx_ring.slots) {
		got = rx_from_ring(sock, now_ms);
	} else {
		got = rx_from_socket(sock, io->in_max, now_ms);
		io->in_max = next_max(io->in_max, got);
	}
	lan_io_tx_flush(io);
	note_received(sock, got);
	lan_io_wake(io, now_ms);
	return got;
}

/*
 * While many frames arrive, the event loop polls the ring at every turn instead of sleeping.  So a
 * sender on this machine spends no time on waking up the daemon.  With 64 requests in flight, an
 * answer of arplet takes 0.99 times as long as an answer of the kernel.  Without busy poll and
 * ring, an answer takes 1.12 times as long.  A minimal ARP responder took 1.19 times as long as the
 * kernel without busy poll and ring, 1.24 with the ring alone, 1.05 with the busy poll alone, and
 * 0.97 with both.
 */
static void
set_busy_poll(struct link_sock *sock, bool busy_poll)
{
	if (busy_poll) {
		ev_io_stop(sock->loop, &sock->io);
		ev_idle_start(sock->loop, &sock->busy_poll);
	} else {
		ev_idle_stop(sock->loop, &sock->busy_poll);
		ev_io_start(sock->loop, &sock->io);
	}
	sock->empty_turns = 0;
}

static void
on_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct link_sock *sock = w->data;

	(void)loop, (void)revents;
	if (rx_all(sock, clock_ms()) >= BUSY_FRAMES && sock->rx_ring.slots)
		set_busy_poll(sock, true);
}

static void
on_busy_poll(struct ev_loop *loop, ev_idle *w, int revents)
{
	struct link_sock *sock = w->data;
	int got = rx_all(sock, clock_ms());

	(void)loop, (void)revents;
	sock->empty_turns = got ? 0 : sock->empty_turns + 1;
	if (sock->empty_turns == EMPTY_TURNS_MAX)
		set_busy_poll(sock, false);
}

void
link_rx_init(struct link_sock *sock)
{
	ev_init(&sock->io, on_readable);
	ev_idle_init(&sock->busy_poll, on_busy_poll);
	/*
	 * libev runs an idle watcher only if no watcher of equal or higher priority is pending.
	 * While the API client reads a long list, an idle watcher of default priority would never
	 * run.
	 */
	ev_set_priority(&sock->busy_poll, EV_MAXPRI - 1);
	if (sock->kind == SOCK_HELLO)
		ev_set_priority(&sock->io, EV_MAXPRI); /* an ARP storm must not delay hellos */
	sock->io.data = sock->busy_poll.data = sock;
}
