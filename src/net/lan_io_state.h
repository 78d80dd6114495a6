/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_STATE_H
#define NET_LAN_IO_STATE_H

/* The state of a lan_io; lan_io_link() and lan_io_sock() find its links and sockets. */

#include "arplet/announcer.h"
#include "arplet/election.h"
#include "arplet/host_checks.h"
#include "arplet/link_watch.h"
#include "arplet/lan_io_ops.h"
#include "arplet/prober.h"
#include "arplet/proxy_hosts.h"
#include "arplet/lan_nodes.h"
#include "arplet/node_macs.h"
#include "lan_io_udp.h"
#include "link_sock.h"

#include <bsd/sys/queue.h>
#include <ev.h>

/*
 * Callbacks only record changes and start the timer of lan_io.  When the timer fires, on_timer()
 * updates the links, then the sockets, then the filters.  After that, election, announcer and
 * prober send frames.
 */
struct lan_io {
	const struct lan_io_ops *ops;
	void *arg;
	struct ev_loop *loop;
	ev_timer timer;
	int64_t wake_ms; /* when lan_io_wake() lets the timer fire; INT64_MAX: never */
	struct links *links;
	bool links_stale; /* the latest links are not yet reported to the announcer */
	int *known;       /* ifindexes of the links last reported to the announcer, sorted */
	size_t n_known;
	struct announcer *announcer;
	enum ann_policy policy;    /* policy for all addresses if ops->policy is NULL */
	struct prober *prober;     /* NULL: none */
	struct election *election; /* NULL: none */
	struct proxy_hosts *proxy_hosts;
	struct host_checks *host_checks;
	struct node_macs node_macs;
	bool leaving;              /* lan_io_leave() was called; on_left() was not called yet */
	SLIST_HEAD(, link_sock) socks;
	char *node;                /* name of this node; NULL: no election */
	uint16_t hello_port;       /* UDP port of hellos; 0: no UDP */
	struct link_udps udps;
	struct lan_nodes lan_nodes; /* the addresses of all Nodes */
	bool nodes_stale; /* lan_nodes is not up to date */
	bool udp_stale;   /* links, or the links with hellos, have changed */
	uint64_t udp_sent, udp_received, udp_refused; /* see struct lan_io_stats */
	uint64_t udp_dropped; /* datagrams that the kernel dropped before sockets were freed */
	uint64_t received, bad, unsent; /* counts of frames: see struct lan_io_stats */
	struct frame_batch *in, *out;
	size_t in_max;                     /* buffers in the next receive call; at least IN_MIN */
	const struct link_sock *answering; /* socket whose frames are collected in @out */
};

#define IN_MIN 2 /* if a frame fills only one of two buffers, no more frames wait */

/* lan_io_link - the link, as rtnetlink last described it; NULL: the link does not exist. */
const struct link *lan_io_link(const struct lan_io *io, int ifindex);

/* lan_io_sock - the open or closed socket of @kind on a link; NULL: there is none. */
struct link_sock *lan_io_sock(const struct lan_io *io, int ifindex, enum sock_kind kind);

#endif
