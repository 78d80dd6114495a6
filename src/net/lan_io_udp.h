/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_UDP_H
#define NET_LAN_IO_UDP_H

#include "arplet/ip.h"

#include <bsd/sys/queue.h>
#include <ev.h>

/*
 * The UDP sockets of hellos: one for each family on each link that sends hellos and has an address
 * of this Node.  Hellos as UDP are the second carrier, for LANs that drop the multicast frames.
 */
struct lan_io;

struct link_udp {
	SLIST_ENTRY(link_udp) next;
	struct lan_io *owner;
	int ifindex;
	struct ip ip; /* address of this Node on the link */
	int fd;       /* -1: closed */
	bool wanted;  /* only during lan_io_udp_update() */
	bool failed;  /* a failure was reported, and the socket was not open since */
	ev_io io;
	ev_timer pause;
	int64_t reopen_at_ms;    /* when to open the closed socket; 0: at once */
	int64_t reopen_pause_ms; /* last pause after a failure; 0: none */
	int64_t read_ms;         /* when the socket was last read */
	uint64_t dropped_before; /* datagrams that the kernel dropped before the socket was reopened */
};
SLIST_HEAD(link_udps, link_udp);

/* lan_io_udp_update - open and close sockets if links, Nodes or links with hellos have changed. */
void lan_io_udp_update(struct lan_io *io, int64_t now_ms);
void lan_io_udp_free(struct lan_io *io);

/* lan_io_udp_send - send a hello to @node; no effect if the node has no address on the link. */
void lan_io_udp_send(struct lan_io *io, int ifindex, const char *node, const uint8_t *payload,
    size_t len);
/* lan_io_udp_each_node - visit the nodes to which lan_io_udp_send() can send on the link. */
void lan_io_udp_each_node(const struct lan_io *io, int ifindex,
    void (*visit)(void *arg, const char *node), void *arg);

/* lan_io_udp_dropped - how many datagrams to the sockets the kernel has dropped. */
uint64_t lan_io_udp_dropped(const struct lan_io *io);

#endif
