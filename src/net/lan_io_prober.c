/* SPDX-License-Identifier: Apache-2.0 */
/* Connects the prober to the sockets and to the owner's callback. */
#include "lan_io_prober.h"
#include "lan_io_state.h"
#include "lan_io_tx.h"

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	return lan_io_tx(arg, ifindex, family, frame, len);
}

static void
on_result(void *arg, const struct ip *ip, const struct mac *used_by)
{
	const struct lan_io *io = arg;

	io->ops->on_probe_result(io->arg, ip, used_by);
}

void
lan_io_prober_new(struct lan_io *io)
{
	static const struct prober_ops ops = { on_send, on_result };

	io->prober = prober_new(&ops, io);
}
