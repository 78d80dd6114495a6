/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_PROBER_H
#define NET_LAN_IO_PROBER_H

struct lan_io;

/* lan_io_prober_new - set io->prober. */
void lan_io_prober_new(struct lan_io *io);

#endif
