/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_TX_H
#define NET_LAN_IO_TX_H

#include "link_sock.h"

#include <stddef.h>
#include <stdint.h>

/*
 * lan_io_tx - send a frame on the link's socket of this kind.  Returns 0 if the kernel sent the frame
 * or the frame waits for lan_io_tx_flush().  On failure returns a negative errno and counts the frame
 * as unsent.
 */
int lan_io_tx(struct lan_io *io, int ifindex, enum sock_kind kind, const uint8_t *frame,
	      size_t len);

/* lan_io_tx_hold - collect all frames that are to be sent on @sock until lan_io_tx_flush(). */
void lan_io_tx_hold(struct lan_io *io, const struct link_sock *sock);
/* lan_io_tx_flush - send the collected frames in one system call. */
void lan_io_tx_flush(struct lan_io *io);

#endif
