/* SPDX-License-Identifier: Apache-2.0 */
#include "port_impl.h"
#include "rawsock.h"
#include "util/clock.h"

/* Where the prober meets the LAN. */

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	const struct link_sock *link_sock = port_find_sock(arg, ifindex, family);

	return link_sock && link_sock->fd >= 0 ? rawsock_send(link_sock->fd, frame, len) : -1;
}

static void
on_result(void *arg, const struct ip *ip, const struct mac *used_by)
{
	struct port *port = arg;

	port->ops->on_probe_result(port->arg, ip, used_by);
}

void
port_prober_new(struct port *port)
{
	static const struct prober_ops ops = { on_send, on_result };

	port->prober = prober_new(&ops, port);
}

void
port_probe(struct port *port, const struct probe_target *wishes, size_t n)
{
	int64_t now_ms = clock_ms();

	prober_begin(port->prober);
	for (size_t i = 0; i < n; i++) {
		const struct link *links[PROBER_LINKS_MAX];
		size_t found = 0;

		for (size_t j = 0; j < PROBER_LINKS_MAX && wishes[i].links[j]; j++) {
			const struct link *link = port_link(port, wishes[i].links[j]);

			if (!link)
				continue;
			links[found++] = link;
			port_listen(port, link->ifindex, &wishes[i].ip);
			port_unlisten(port, link->ifindex, wishes[i].ip.family);
		}
		if (found)
			prober_want(port->prober, &wishes[i].ip, links, found, now_ms);
	}
	prober_end(port->prober);
	port_wake_in(port, 0);
}
