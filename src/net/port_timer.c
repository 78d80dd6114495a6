/* SPDX-License-Identifier: Apache-2.0 */
#include "port_timer.h"
#include "port_state.h"

void
port_wake_in(struct port *port, int64_t after_ms)
{
	double after = (double)(after_ms > 0 ? after_ms : 0) / 1000.0;

	ev_now_update(port->loop);
	if (ev_is_active(&port->timer) && ev_timer_remaining(port->loop, &port->timer) <= after)
		return;
	ev_timer_stop(port->loop, &port->timer);
	ev_timer_set(&port->timer, after, 0.);
	ev_timer_start(port->loop, &port->timer);
}

static int64_t
earlier(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

/* When the next work of the port is due. */
static int64_t
next_ms(const struct port *port)
{
	int64_t due_ms = announcer_next_ms(port->announcer);
	const struct link_sock *sock;

	if (port->election)
		due_ms = earlier(due_ms, election_next_ms(port->election));
	if (port->prober)
		due_ms = earlier(due_ms, prober_next_ms(port->prober));
	SLIST_FOREACH(sock, &port->socks, next) {
		if (sock->fd >= 0)
			due_ms = earlier(due_ms, sock->refilter_at_ms);
		else if (sock->reopen_at_ms)
			due_ms = earlier(due_ms, sock->reopen_at_ms);
	}
	return due_ms;
}

void
port_wake(struct port *port, int64_t now_ms)
{
	int64_t due_ms = next_ms(port);

	if (due_ms >= port->wake_ms)
		return; /* most frames end here, without a call of libev */
	port->wake_ms = due_ms;
	port_wake_in(port, due_ms - now_ms);
}
