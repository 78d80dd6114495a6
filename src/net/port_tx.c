/* SPDX-License-Identifier: Apache-2.0 */
#include "port_tx.h"
#include "port_state.h"
#include "rawsock.h"

#include <errno.h>
#include <string.h>

int
port_tx(struct port *port, int ifindex, enum sock_kind kind, const uint8_t *frame, size_t len)
{
	const struct link_sock *sock = port_sock(port, ifindex, kind);
	int rc;

	if (sock && sock == port->answering && port->out->n < RAWSOCK_BATCH) {
		memcpy(port->out->frame[port->out->n], frame, len);
		port->out->len[port->out->n++] = len;
		return 0;
	}
	rc = sock && sock->fd >= 0 ? rawsock_send(sock->fd, frame, len) : -ENETDOWN;
	if (rc < 0)
		port->unsent++;
	return rc;
}

void
port_tx_hold(struct port *port, const struct link_sock *sock)
{
	port->answering = sock;
}

void
port_tx_flush(struct port *port)
{
	const struct link_sock *sock = port->answering;

	port->answering = NULL;
	if (port->out->n && sock->fd >= 0)
		port->unsent += rawsock_send_batch(sock->fd, port->out);
	port->out->n = 0;
}
