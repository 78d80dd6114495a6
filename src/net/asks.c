/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "arplet/iface.h"
#include "port_impl.h"
#include "rawsock.h"

#include <stdlib.h>

/* Where the prober meets the LAN. */

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	const struct tap *tap = port_find_tap(arg, ifindex, family);

	return tap && tap->fd >= 0 ? rawsock_send(tap->fd, frame, len) : -1;
}

static void
on_result(void *arg, const struct ip *ip, const struct mac *used_by)
{
	struct port *port = arg;

	port->ops->on_check(port->arg, ip, used_by);
}

void
asks_new(struct port *port)
{
	static const struct prober_ops ops = { on_send, on_result };

	port->prober = prober_new(&ops, port);
}

void
asks_hear(struct port *port, const struct ip *ip, const struct mac *mac, int64_t now_ms)
{
	if (port->prober && mac_is_host(mac) && !announcer_knows(port->announcer, mac))
		prober_hear(port->prober, ip, mac, now_ms);
}

void
port_ask(struct port *port, const struct ip *ips, size_t n)
{
	size_t n_links;
	const struct link *links = port_links(port, &n_links);
	const struct link **fit = xcalloc(n_links, sizeof(*fit));
	int64_t now_ms = port_now_ms();

	prober_begin(port->prober);
	for (size_t i = 0; i < n; i++) {
		size_t found = links_for_ip(links, n_links, &ips[i], NULL, fit);

		if (found)
			prober_want(port->prober, &ips[i], fit, found, now_ms);
		else
			port->ops->on_check(port->arg, &ips[i], NULL);
		for (size_t j = 0; j < found; j++)
			port_mark_tap(port, fit[j]->ifindex, ips[i].family);
	}
	prober_end(port->prober);
	free(fit);
	port_wake_in(port, 0);
}
