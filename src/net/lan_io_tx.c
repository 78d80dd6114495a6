/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_io_tx.h"
#include "lan_io_state.h"
#include "rawsock.h"

#include <errno.h>
#include <string.h>

int
lan_io_tx(struct lan_io *io, int ifindex, enum sock_kind kind, const uint8_t *frame, size_t len)
{
	const struct link_sock *sock = lan_io_sock(io, ifindex, kind);
	int rc;

	if (sock && sock == io->answering && io->out->n < RAWSOCK_BATCH) {
		memcpy(io->out->frame[io->out->n], frame, len);
		io->out->len[io->out->n++] = len;
		return 0;
	}
	rc = sock && sock->fd >= 0 ? rawsock_send(sock->fd, frame, len) : -ENETDOWN;
	if (rc < 0)
		io->unsent++;
	return rc;
}

void
lan_io_tx_hold(struct lan_io *io, const struct link_sock *sock)
{
	io->answering = sock;
}

void
lan_io_tx_flush(struct lan_io *io)
{
	const struct link_sock *sock = io->answering;

	io->answering = NULL;
	if (io->out->n && sock->fd >= 0)
		io->unsent += rawsock_send_batch(sock->fd, io->out);
	io->out->n = 0;
}
