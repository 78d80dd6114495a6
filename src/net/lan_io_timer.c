/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_io_timer.h"
#include "lan_io_state.h"

void
lan_io_wake_in(struct lan_io *io, int64_t after_ms)
{
	double after = (double)(after_ms > 0 ? after_ms : 0) / 1000.0;

	ev_now_update(io->loop);
	if (ev_is_active(&io->timer) && ev_timer_remaining(io->loop, &io->timer) <= after)
		return;
	ev_timer_stop(io->loop, &io->timer);
	ev_timer_set(&io->timer, after, 0.);
	ev_timer_start(io->loop, &io->timer);
}

static int64_t
earlier(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

/* When the timer of lan_io has to fire next. */
static int64_t
next_ms(const struct lan_io *io)
{
	int64_t due_ms = announcer_next_ms(io->announcer);
	const struct link_sock *sock;
	const struct link_udp *udp;

	if (io->election)
		due_ms = earlier(due_ms, election_next_ms(io->election));
	if (io->prober)
		due_ms = earlier(due_ms, prober_next_ms(io->prober));
	due_ms = earlier(due_ms, proxy_hosts_next_ms(io->proxy_hosts));
	due_ms = earlier(due_ms, host_checks_next_ms(io->host_checks));
	SLIST_FOREACH(sock, &io->socks, next) {
		if (sock->fd >= 0)
			due_ms = earlier(due_ms, sock->refilter_at_ms);
		else if (sock->reopen_at_ms)
			due_ms = earlier(due_ms, sock->reopen_at_ms);
	}
	SLIST_FOREACH(udp, &io->udps, next) {
		if (udp->fd < 0)
			due_ms = earlier(due_ms, udp->reopen_at_ms);
	}
	return due_ms;
}

void
lan_io_wake(struct lan_io *io, int64_t now_ms)
{
	int64_t due_ms = next_ms(io);

	if (due_ms >= io->wake_ms)
		return; /* timer fires early enough: no call of libev is needed */
	io->wake_ms = due_ms;
	lan_io_wake_in(io, due_ms - now_ms);
}
