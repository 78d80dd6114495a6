/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_IMPL_H
#define PORT_IMPL_H

/* The inside of a port, for the files of this folder that make it up. */

#include "arplet/links.h"
#include "arplet/port.h"
#include "arplet/prober.h"
#include "groups.h"
#include "heard.h"
#include "ring.h"

#include <bsd/sys/queue.h>
#include <ev.h>
#include <linux/filter.h>

#define IN_MIN 2 /* one, and to know that there is no other */
#define TAP_HELLO 0 /* in place of a family */
#define TAP_CALM  1 /* for hellos that may wait: nobody watches its socket, it is read at each tick */

/* A link with addresses of one family, or one for hellos; and its socket while the link is up. */
struct tap {
	SLIST_ENTRY(tap) next;
	struct port *port;
	int ifindex;
	uint8_t family;
	bool meets;           /* TAP_HELLO, TAP_CALM: other daemons are met here */
	int fd;               /* -1: closed */
	struct groups groups; /* joined while it is open; IPv6 */
	struct ring ring;     /* in place of what the socket would keep; ARP */
	ev_io io;             /* one of these two runs while it is open */
	ev_idle eager;
	int in_vain; /* turns that found nothing, one after the other */
	struct heard heard;   /* what the open one's filter lets in; IPv4 */
	int64_t rewrite_at_ms; /* its filter is written anew; INT64_MAX: it is as it should be */
	int64_t pause_until_ms; /* not before this: for many addresses it takes a while */
	int64_t retry_at_ms, retry_ms;
	int64_t read_ms; /* when it was last read */
};

static inline bool
tap_is_for_hellos(const struct tap *tap)
{
	return tap->family == TAP_HELLO || tap->family == TAP_CALM;
}

/*
 * Whatever happens only marks what it touches and makes the timer due; on_timer() then puts
 * links, sockets and filters right, in that order, and after them the announcer speaks.
 */
struct port {
	const struct port_ops *ops;
	void *arg;
	struct ev_loop *loop;
	ev_timer timer;
	int64_t wake_ms; /* it runs then, or earlier; INT64_MAX: port_wake() has not set it */
	struct links *links;
	bool links_stale;
	int *known; /* ifindexes that the announcer knows, sorted */
	size_t n_known;
	struct announcer *announcer;
	enum ann_policy policy; /* where ops have none */
	struct prober *prober;     /* NULL: none */
	struct election *election; /* NULL: none */
	bool leaving;              /* and on_left has not been called yet */
	SLIST_HEAD(, tap) taps;
	struct port_stats stats;
	struct frames *in, *out;
	size_t in_max;            /* frames to take at a time: more while they come in crowds */
	const struct tap *answers; /* what is sent on this tap waits in @out until all were heard */
};

/* common.c */
/* port_now_ms - a monotonic clock that goes on while the machine sleeps. */
int64_t port_now_ms(void);

/* port_wall_s - the wall clock. */
int64_t port_wall_s(void);

/* port_wake_in - make the port's timer run in @after_ms, unless it is to run earlier. */
void port_wake_in(struct port *port, int64_t after_ms);

/* port_wake - make it run when something is due next. */
void port_wake(struct port *port, int64_t now_ms);

/* port_link - the link as rtnetlink last described it; NULL: gone. */
const struct link *port_link(const struct port *port, int ifindex);

struct tap *port_find_tap(const struct port *port, int ifindex, uint8_t family);
/* port_flush - send what waits. */
void port_flush(struct port *port);

/* voice.c: what is announced */
void voice_new(struct port *port, const struct announcer_opts *opts);

/* asks.c: are addresses free that are to be given? */
void asks_new(struct port *port);

/* fellows.c: the election on the node's links */
void fellows_new(struct port *port, const struct election_opts *opts);

/* ear.c: what a tap hears */
struct tongue {
	uint16_t ethertype;
	const char *listen, *receive; /* what fails, for people */
	size_t (*filter)(const struct ip *ips, size_t n, struct sock_filter *ret_prog);
	int (*hear)(const struct tap *tap, const uint8_t *frame, size_t len, int64_t heard_ms,
	    int64_t now_ms);
};
const struct tongue *tap_tongue(const struct tap *tap);
void tap_init_ears(struct tap *tap);
void tap_close(struct tap *tap);
/* tap_fail - @what went wrong on its link: close the socket, and try again later, ever later. */
void tap_fail(struct tap *tap, const char *what, int error);

/* port_read_calm - hear the hellos that wait. */
void port_read_calm(struct port *port, int64_t now_ms);

/* tap.c: its socket */
struct tap *tap_new(struct port *port, int ifindex, uint8_t family);
void tap_free(struct tap *tap);

/* tap_settle - put the socket right, and tell the announcer whether there is one. */
void tap_settle(struct tap *tap, int64_t now_ms);
/*
 * port_mark_tap - what the tap is for has changed: it, or a new one, is put right before the loop
 * sleeps.
 */
struct tap *port_mark_tap(struct port *port, int ifindex, uint8_t family);

/* port_hear - the same for one address that is to be heard, which it may be already. */
void port_hear(struct port *port, int ifindex, const struct ip *ip);

/* port_ignore - and for one that need not be heard any more: in a while, for it may come back. */
void port_ignore(struct port *port, int ifindex, uint8_t family);

#endif
