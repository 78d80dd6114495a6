/* SPDX-License-Identifier: Apache-2.0 */
/* Connects the prober to the sockets and to the owner's callback. */
#include "port_prober.h"
#include "port_state.h"
#include "port_tx.h"

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	return port_tx(arg, ifindex, family, frame, len);
}

static void
on_result(void *arg, const struct ip *ip, const struct mac *used_by)
{
	const struct port *port = arg;

	port->ops->on_probe_result(port->arg, ip, used_by);
}

void
port_prober_new(struct port *port)
{
	static const struct prober_ops ops = { on_send, on_result };

	port->prober = prober_new(&ops, port);
}
