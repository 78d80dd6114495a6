/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_STATE_H
#define PORT_STATE_H

/* The state of a lan_io, with lan_io_link() and lan_io_sock() to find links and sockets. */

#include "arplet/announcer.h"
#include "arplet/election.h"
#include "arplet/link_watch.h"
#include "arplet/lan_io_ops.h"
#include "arplet/prober.h"
#include "link_sock.h"

#include <bsd/sys/queue.h>
#include <ev.h>

/*
 * Callbacks only mark what has changed and start the timer.  on_timer() then updates the links, the
 * sockets and their filters, in this order, before the election, the announcer and the prober send.
 */
struct lan_io {
	const struct lan_io_ops *ops;
	void *arg;
	struct ev_loop *loop;
	ev_timer timer;
	int64_t wake_ms; /* due time that lan_io_wake() has set; INT64_MAX: none */
	struct links *links;
	bool links_stale; /* the announcer does not know the latest links yet */
	int *known;       /* ifindexes that the announcer knows, sorted */
	size_t n_known;
	struct announcer *announcer;
	enum ann_policy policy;    /* for all addresses, if ops->policy is NULL */
	struct prober *prober;     /* NULL: none */
	struct election *election; /* NULL: none */
	bool leaving;              /* lan_io_leave() was called; on_left() was not called yet */
	SLIST_HEAD(, link_sock) socks;
	uint64_t received, bad, unsent; /* frames, as struct lan_io_stats counts them */
	struct frame_batch *in, *out;
	size_t in_max;                     /* buffers of the next receive call; at least IN_MIN */
	const struct link_sock *answering; /* @out collects the frames to this socket */
};

#define IN_MIN 2 /* a second buffer shows whether more than one frame waits */

/* lan_io_link - the link as rtnetlink last described it; NULL: no such link. */
const struct link *lan_io_link(const struct lan_io *io, int ifindex);

/* lan_io_sock - the socket of a kind on a link, which may be closed; NULL: none. */
struct link_sock *lan_io_sock(const struct lan_io *io, int ifindex, enum sock_kind kind);

#endif
