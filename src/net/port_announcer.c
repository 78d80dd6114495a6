/* SPDX-License-Identifier: Apache-2.0 */
#include "port_impl.h"
#include "rawsock.h"
#include "util/clock.h"

#include <errno.h>
#include <string.h>

/* Where the announcer meets the LAN. */

static int
send_frame(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	struct port *port = arg;
	const struct link_sock *link_sock = port_find_sock(port, ifindex, family);
	int rc = 0;

	if (link_sock && link_sock == port->answering && port->out->n < RAWSOCK_BATCH) {
		memcpy(port->out->frame_batch[port->out->n], frame, len);
		port->out->len[port->out->n++] = len;
		return 0;
	}
	rc = link_sock && link_sock->fd >= 0 ? rawsock_send(link_sock->fd, frame, len) : -ENETDOWN;
	if (rc < 0)
		port->stats.unsent++;
	return rc;
}

static void
on_conflict(void *arg, int ifindex, const struct ip *ip, enum ann_conflict trouble,
    const struct mac *other)
{
	struct port *port = arg;
	const struct link *link = port_link(port, ifindex);

	if (link)
		port->ops->on_conflict(port->arg, link, ip, trouble, other);
}

static enum ann_policy
on_policy(void *arg, const struct ip *ip)
{
	const struct port *port = arg;

	return port->ops->policy ? port->ops->policy(port->arg, ip) : port->policy;
}

static bool
has_peers(void *arg, int ifindex)
{
	const struct port *port = arg;

	return !port->election || election_has_peers(port->election, ifindex);
}

void
port_announcer_new(struct port *port, const struct announcer_opts *opts)
{
	static const struct announcer_ops ops = {
		.send = send_frame,
		.on_conflict = on_conflict,
		.policy = on_policy,
		.has_peers = has_peers,
	};

	port->policy = opts->policy;
	port->announcer = announcer_new(&ops, port, opts);
}

void
port_add(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_add(port->announcer, ip, ifindex, clock_ms());
	port_listen(port, ifindex, ip);
}

void
port_remove(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_remove(port->announcer, ip, ifindex);
	port_unlisten(port, ifindex, ip->family);
}

void
port_reannounce(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_reannounce(port->announcer, ip, ifindex, clock_ms());
}

void
port_set_peer(struct port *port, const struct mac *mac, bool is_peer)
{
	announcer_set_peer(port->announcer, mac, is_peer);
}
