/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_IMPL_H
#define PORT_IMPL_H

/* The inside of a port, for port.c and tap.c. */

#include "arplet/links.h"
#include "arplet/port.h"
#include "groups.h"

#include <bsd/sys/queue.h>
#include <ev.h>

/* A link with addresses of one family, and the socket for them while it is up. */
struct tap {
	SLIST_ENTRY(tap) next;
	struct port *port;
	int ifindex;
	uint8_t family;
	int fd;               /* -1: closed */
	struct groups groups; /* joined while it is open; IPv6 */
	ev_io io;
	bool stale; /* addresses came or went since the filter was written */
	int64_t retry_at_ms, retry_ms;
};

/*
 * Whatever happens only marks what it touches and makes the timer due; on_timer() then puts
 * links, sockets and filters right, in that order, and after them the announcer speaks.
 */
struct port {
	const struct port_ops *ops;
	void *arg;
	struct ev_loop *loop;
	ev_timer timer;
	struct links *links;
	bool links_stale;
	int *known; /* ifindexes that the announcer knows, sorted */
	size_t n_known;
	struct announcer *announcer;
	SLIST_HEAD(, tap) taps;
	struct port_stats stats;
};

/* port_now_ms - the monotonic clock. */
int64_t port_now_ms(void);

/* port_wake_in - make the port's timer run in @after_ms, unless it is to run earlier. */
void port_wake_in(struct port *port, int64_t after_ms);

/* port_link - the link as rtnetlink last described it; NULL: gone. */
const struct link *port_link(const struct port *port, int ifindex);

struct tap *tap_new(struct port *port, int ifindex, uint8_t family);
void tap_free(struct tap *tap);

/* tap_settle - put the socket right, and tell the announcer whether there is one. */
void tap_settle(struct tap *tap, int64_t now_ms);

#endif
