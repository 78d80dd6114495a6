/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/link_watch.h"
#include "arplet/arena.h"
#include "link_table.h"

#include <errno.h>
#include <ev.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>

#define RX_BUDGET    64    /* limit of datagrams read per turn of the event loop */
#define BUF_BYTES    32768 /* size of the largest datagram of a dump */
#define RCVBUF_BYTES (1 << 20)
#define RETRY_S      1.0
#define FIRST_MS     5000 /* the first dump fails if the kernel sends nothing for this time */

#define GROUPS                                                                               \
	(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |         \
	    RTMGRP_IPV6_ROUTE)

/*
 * One socket receives both dumps and change messages, so they arrive in the right order.  During a
 * dump, all messages are applied to a new table.  When the dump is complete, the new table replaces
 * the old table, so that readers never see half of the links.
 */
struct links {
	const struct link_watch_ops *ops;
	void *arg;
	struct ev_loop *loop;
	struct mnl_socket *nl;
	ev_io io;
	ev_timer retry;
	enum { FOLLOWING, DUMPING_LINKS, DUMPING_ADDRS, DUMPING_ROUTES } phase;
	uint32_t seq; /* netlink sequence number of the current dump */
	bool dump_again; /* messages were lost, or the dump was inconsistent */
	struct link_table now, next;
};

static int
request_dump(struct links *l, uint16_t type)
{
	char buf[NLMSG_SPACE(sizeof(struct ifinfomsg)) + NLA_HDRLEN + sizeof(uint64_t)] = { 0 };
	size_t extra = type == RTM_GETADDR ? sizeof(struct ifaddrmsg) : sizeof(struct rtmsg);
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = ++l->seq;
	if (type == RTM_GETLINK) {
		mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
		mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	} else {
		mnl_nlmsg_put_extra_header(nlh, extra);
	}
	return mnl_socket_sendto(l->nl, nlh, nlh->nlmsg_len) < 0 ? -errno : 0;
}

/* Starts with a dump of links, because addresses and routes of unknown links are ignored. */
static int
start_dump(struct links *l)
{
	int rc = request_dump(l, RTM_GETLINK);

	if (rc < 0)
		return rc;
	link_table_done(&l->next);
	l->next.dumping = true;
	l->dump_again = false;
	l->phase = DUMPING_LINKS;
	return 0;
}

/* Requests the dump of addresses or routes; after the routes, the new table replaces the old. */
static int
next_part(struct links *l, bool *ret_changed)
{
	if (l->dump_again)
		return start_dump(l);
	if (l->phase == DUMPING_LINKS) {
		l->phase = DUMPING_ADDRS;
		return request_dump(l, RTM_GETADDR);
	}
	if (l->phase == DUMPING_ADDRS) {
		l->phase = DUMPING_ROUTES;
		return request_dump(l, RTM_GETROUTE);
	}
	link_table_end_dump(&l->next);
	*ret_changed |= !link_table_equal(&l->now, &l->next);
	link_table_done(&l->now);
	l->now = l->next;
	l->next = (struct link_table){ 0 };
	l->phase = FOLLOWING;
	return 0;
}

static int
on_message(struct links *l, const struct nlmsghdr *nlh, bool *ret_changed)
{
	bool reply = nlh->nlmsg_pid == mnl_socket_get_portid(l->nl) && nlh->nlmsg_seq == l->seq &&
	    l->phase != FOLLOWING;

	if (reply && (nlh->nlmsg_flags & NLM_F_DUMP_INTR))
		l->dump_again = true;
	if (reply && nlh->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

		return mnl_nlmsg_get_payload_len(nlh) < sizeof(*err) ? -EPROTO : err->error;
	}
	if (reply && nlh->nlmsg_type == NLMSG_DONE)
		return next_part(l, ret_changed);
	if (!reply && link_table_default_route(nlh)) {
		l->dump_again = true;
		return l->phase == FOLLOWING ? start_dump(l) : 0;
	}
	if (l->phase == FOLLOWING)
		*ret_changed |= link_table_apply(&l->now, nlh);
	else
		link_table_apply(&l->next, nlh);
	return 0;
}

/* Receives one datagram.  Returns 0, -EAGAIN if no datagram waits, or another negative errno. */
static int
receive(struct links *l, bool *ret_changed)
{
	char buf[BUF_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t got = mnl_socket_recvfrom(l->nl, buf, sizeof(buf));
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buf;
	int len = (int)got, rc = 0;

	if (got < 0 && errno == ENOBUFS) { /* the kernel dropped messages */
		l->dump_again = true;
		return l->phase == FOLLOWING ? start_dump(l) : 0;
	}
	if (got < 0)
		return errno == EINTR ? 0 : -errno;
	for (; rc == 0 && netlink_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		rc = on_message(l, nlh, ret_changed);
	return rc;
}

/* Reports the failure, and schedules a new dump.  Readers see the old table until the dump ends. */
static void
fail(struct links *l, int error)
{
	ev_io_stop(l->loop, &l->io);
	ev_timer_again(l->loop, &l->retry);
	l->ops->on_error(l->arg, "follow the network interfaces", error);
}

static void
on_netlink_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct links *l = w->data;
	bool changed = false;
	int rc = 0;

	(void)loop, (void)revents;
	for (int budget = RX_BUDGET; budget > 0 && rc == 0; budget--)
		rc = receive(l, &changed);
	if (rc < 0 && rc != -EAGAIN)
		fail(l, -rc);
	if (changed)
		l->ops->on_change(l->arg);
}

static int
open_socket(struct links *l)
{
	int size = RCVBUF_BYTES;

	l->nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!l->nl)
		return -errno;
	/* Ignore a failure: with a small buffer, lost messages only cause more dumps. */
	setsockopt(mnl_socket_get_fd(l->nl), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (mnl_socket_bind(l->nl, GROUPS, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	ev_io_set(&l->io, mnl_socket_get_fd(l->nl), EV_READ);
	return start_dump(l);
}

static void
close_socket(struct links *l)
{
	ev_io_stop(l->loop, &l->io);
	if (l->nl)
		mnl_socket_close(l->nl);
	l->nl = NULL;
}

/* Dumps on a new socket, because the old socket may still receive parts of the failed dump. */
static void
on_retry(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct links *l = w->data;
	int rc;

	(void)revents;
	close_socket(l);
	rc = open_socket(l);
	if (rc < 0) {
		l->ops->on_error(l->arg, "follow the network interfaces", -rc);
		return; /* the timer repeats */
	}
	ev_timer_stop(loop, w);
	ev_io_start(loop, &l->io);
}

/* Blocks until the first dump of links, addresses and routes is complete. */
static int
first_dump(struct links *l)
{
	struct pollfd pfd = { .fd = mnl_socket_get_fd(l->nl), .events = POLLIN };
	bool changed = false;
	int rc;

	while (l->phase != FOLLOWING) {
		rc = receive(l, &changed);
		if (rc == -EAGAIN) {
			rc = poll(&pfd, 1, FIRST_MS);
			if (rc == 0)
				return -ETIMEDOUT;
			rc = rc < 0 && errno != EINTR ? -errno : 0;
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

int
link_watch_new(struct ev_loop *loop, const struct link_watch_ops *ops, void *arg,
	       struct links **ret_links)
{
	struct links *l = xcalloc(1, sizeof(*l));
	int rc;

	l->loop = loop;
	l->ops = ops;
	l->arg = arg;
	ev_init(&l->io, on_netlink_readable);
	ev_timer_init(&l->retry, on_retry, 0, RETRY_S);
	l->io.data = l->retry.data = l;
	rc = open_socket(l);
	if (rc == 0)
		rc = first_dump(l);
	if (rc < 0) {
		link_watch_free(l);
		return rc;
	}
	ev_io_start(loop, &l->io);
	*ret_links = l;
	return 0;
}

void
link_watch_free(struct links *l)
{
	if (!l)
		return;
	close_socket(l);
	ev_timer_stop(l->loop, &l->retry);
	link_table_done(&l->now);
	link_table_done(&l->next);
	free(l);
}

const struct link *
link_watch_get(const struct links *l, size_t *ret_n)
{
	*ret_n = l->now.n;
	return l->now.v;
}
