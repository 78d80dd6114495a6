/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "port_impl.h"
#include "rawsock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t
port_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
port_wall_s(void)
{
	return time(NULL);
}

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

static int
cmp_index(const void *a, const void *b)
{
	int x = *(const int *)a, y = ((const struct link *)b)->ifindex;

	return x < y ? -1 : x > y;
}

const struct link *
port_link(const struct port *port, int ifindex)
{
	size_t n;
	const struct link *links = links_get(port->links, &n);

	return n ? bsearch(&ifindex, links, n, sizeof(*links), cmp_index) : NULL;
}

struct tap *
port_find_tap(const struct port *port, int ifindex, uint8_t family)
{
	struct tap *tap;

	SLIST_FOREACH(tap, &port->taps, next) {
		if (tap->ifindex == ifindex && tap->family == family)
			return tap;
	}
	return NULL;
}

static int
send_frame(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	struct port *port = arg;
	const struct tap *tap = port_find_tap(port, ifindex, family);
	int rc = 0;

	if (tap && tap == port->answers && port->out->n < RAWSOCK_BATCH) {
		memcpy(port->out->frames[port->out->n], frame, len);
		port->out->len[port->out->n++] = len;
		return 0;
	}
	rc = tap && tap->fd >= 0 ? rawsock_send(tap->fd, frame, len) : -ENETDOWN;
	if (rc < 0)
		port->stats.unsent++;
	return rc;
}

void
port_flush(struct port *port)
{
	const struct tap *tap = port->answers;

	port->answers = NULL;
	if (port->out->n && tap->fd >= 0)
		port->stats.unsent += rawsock_send_batch(tap->fd, port->out);
	port->out->n = 0;
}

static void
on_trouble(void *arg, int ifindex, const struct ip *ip, enum ann_trouble trouble,
    const struct mac *other)
{
	struct port *port = arg;
	const struct link *link = port_link(port, ifindex);

	if (link)
		port->ops->on_trouble(port->arg, link, ip, trouble, other);
}

static enum ann_policy
on_policy(void *arg, const struct ip *ip)
{
	const struct port *port = arg;

	return port->ops->policy ? port->ops->policy(port->arg, ip) : port->policy;
}

static const struct announcer_ops announcer_ops = {
	.send = send_frame,
	.on_trouble = on_trouble,
	.policy = on_policy,
};

/* Is there anything to hear for it? */
static bool
is_used(const struct tap *tap)
{
	if (tap->family == TAP_HELLO)
		return tap->meets;
	return announcer_serves(tap->port->announcer, tap->ifindex, tap->family) ||
	    (tap->port->prober &&
		prober_addresses(tap->port->prober, tap->ifindex, tap->family, NULL, 0));
}

static void
settle_taps(struct port *port, int64_t now_ms)
{
	struct tap *tap, **at = &SLIST_FIRST(&port->taps);

	while ((tap = *at)) {
		if (is_used(tap)) {
			tap_settle(tap, now_ms);
			at = &SLIST_NEXT(tap, next);
		} else {
			*at = SLIST_NEXT(tap, next);
			tap_free(tap);
		}
	}
}

/* Tells the announcer which links went, came or changed. */
static void
settle_links(struct port *port, int64_t now_ms)
{
	size_t n;
	const struct link *links = links_get(port->links, &n);

	if (!port->links_stale)
		return;
	port->links_stale = false;
	for (size_t i = 0; i < port->n_known; i++) {
		if (!port_link(port, port->known[i]))
			announcer_del_link(port->announcer, port->known[i], now_ms);
	}
	port->known = xrealloc(port->known, n, sizeof(*port->known));
	port->n_known = n;
	for (size_t i = 0; i < n; i++) {
		port->known[i] = links[i].ifindex;
		announcer_set_link(port->announcer, &links[i], now_ms);
	}
}

static int64_t
next_ms(const struct port *port)
{
	int64_t due_ms = announcer_next_ms(port->announcer);
	const struct tap *tap;

	if (port->election && election_next_ms(port->election) < due_ms)
		due_ms = election_next_ms(port->election);
	if (port->prober && prober_next_ms(port->prober) < due_ms)
		due_ms = prober_next_ms(port->prober);
	SLIST_FOREACH(tap, &port->taps, next) {
		if (tap->fd < 0 && tap->retry_at_ms && tap->retry_at_ms < due_ms)
			due_ms = tap->retry_at_ms;
		if (tap->fd >= 0 && tap->stale && tap->rewrite_at_ms < due_ms)
			due_ms = tap->rewrite_at_ms;
	}
	return due_ms;
}

void
port_wake(struct port *port, int64_t now_ms)
{
	int64_t due_ms = next_ms(port);

	if (due_ms >= port->wake_ms)
		return;
	port->wake_ms = due_ms;
	port_wake_in(port, due_ms - now_ms);
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct port *port = w->data;
	int64_t now_ms = port_now_ms();

	(void)loop, (void)revents;
	port->wake_ms = INT64_MAX;
	settle_links(port, now_ms);
	settle_taps(port, now_ms);
	if (port->election)
		election_tick(port->election, now_ms, port_wall_s());
	settle_taps(port, now_ms); /* for what has just been elected */
	announcer_tick(port->announcer, now_ms);
	if (port->prober)
		prober_tick(port->prober, now_ms);
	if (port->leaving && election_left(port->election)) {
		port->leaving = false;
		port->ops->on_left(port->arg);
	}
	port_wake(port, now_ms);
}

static void
on_links_change(void *arg)
{
	struct port *port = arg;

	port->links_stale = true;
	port_wake_in(port, 0);
	port->ops->on_links(port->arg);
}

static void
on_links_error(void *arg, const char *what, int error)
{
	struct port *port = arg;

	port->ops->on_error(port->arg, what, error);
}

int
port_new(struct ev_loop *loop, const struct port_ops *ops, void *arg,
    const struct port_opts *opts, struct port **ret_port)
{
	static const struct links_ops links_ops = { on_links_change, on_links_error };
	struct port *port = xcalloc(1, sizeof(*port));
	int rc;

	port->in = xcalloc(1, sizeof(*port->in));
	port->out = xcalloc(1, sizeof(*port->out));
	port->in_max = IN_MIN;
	port->wake_ms = INT64_MAX;
	port->ops = ops;
	port->arg = arg;
	port->loop = loop;
	SLIST_INIT(&port->taps);
	ev_timer_init(&port->timer, on_timer, 0., 0.);
	port->timer.data = port;
	rc = links_new(loop, &links_ops, port, &port->links);
	if (rc < 0) {
		free(port->in);
		free(port->out);
		free(port);
		return rc;
	}
	port->policy = opts->announcer.policy;
	port->announcer = announcer_new(&announcer_ops, port, &opts->announcer);
	if (opts->election.node)
		fellows_new(port, &opts->election);
	if (ops->on_check)
		asks_new(port);
	port->links_stale = true;
	port_wake_in(port, 0);
	*ret_port = port;
	return 0;
}

void
port_free(struct port *port)
{
	struct tap *tap;

	if (!port)
		return;
	while ((tap = SLIST_FIRST(&port->taps))) {
		SLIST_REMOVE_HEAD(&port->taps, next);
		tap_free(tap);
	}
	ev_timer_stop(port->loop, &port->timer);
	election_free(port->election);
	announcer_free(port->announcer);
	prober_free(port->prober);
	links_free(port->links);
	free(port->known);
	free(port->in);
	free(port->out);
	free(port);
}

const struct link *
port_links(const struct port *port, size_t *ret_n)
{
	return links_get(port->links, ret_n);
}

struct tap *
port_mark_tap(struct port *port, int ifindex, uint8_t family)
{
	struct tap *tap = port_find_tap(port, ifindex, family);

	if (!tap) {
		tap = tap_new(port, ifindex, family);
		SLIST_INSERT_HEAD(&port->taps, tap, next);
	}
	tap->stale = true;
	port_wake_in(port, 0);
	return tap;
}

void
port_add(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_add(port->announcer, ip, ifindex, port_now_ms());
	port_mark_tap(port, ifindex, ip->family);
}

void
port_remove(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_remove(port->announcer, ip, ifindex);
	port_mark_tap(port, ifindex, ip->family);
}

void
port_set_fellow(struct port *port, const struct mac *mac, bool fellow)
{
	announcer_set_fellow(port->announcer, mac, fellow);
}

const struct announcer *
port_announcer(const struct port *port)
{
	return port->announcer;
}

void
port_stats(const struct port *port, struct port_stats *ret_stats)
{
	const struct tap *tap;

	*ret_stats = port->stats;
	SLIST_FOREACH(tap, &port->taps, next)
		ret_stats->sockets += tap->fd >= 0;
}
