/* SPDX-License-Identifier: Apache-2.0 */
#include "port_impl.h"
#include "rawsock.h"

#include <errno.h>
#include <string.h>

/* Where the announcer meets the LAN. */

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

static bool
has_company(void *arg, int ifindex)
{
	const struct port *port = arg;

	return !port->election || election_has_company(port->election, ifindex);
}

void
voice_new(struct port *port, const struct announcer_opts *opts)
{
	static const struct announcer_ops ops = {
		.send = send_frame,
		.on_trouble = on_trouble,
		.policy = on_policy,
		.has_company = has_company,
	};

	port->policy = opts->policy;
	port->announcer = announcer_new(&ops, port, opts);
}

void
port_add(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_add(port->announcer, ip, ifindex, port_now_ms());
	port_hear(port, ifindex, ip);
}

void
port_remove(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_remove(port->announcer, ip, ifindex);
	port_ignore(port, ifindex, ip->family);
}

void
port_remind(struct port *port, const struct ip *ip, int ifindex)
{
	announcer_remind(port->announcer, ip, ifindex, port_now_ms());
}

void
port_set_fellow(struct port *port, const struct mac *mac, bool fellow)
{
	announcer_set_fellow(port->announcer, mac, fellow);
}
