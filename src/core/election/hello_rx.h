/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_HELLO_RX_H
#define CORE_ELECTION_HELLO_RX_H

#include "election_link.h"

/*
 * hello_rx - apply a hello with a valid signature, which arrived at @rx_ms.  Returns false, and
 * changes no peer, if the hello may be replayed or is our own.
 */
bool hello_rx(struct election_link *link, const struct hello *hello, int64_t rx_ms, int64_t now_ms,
    int64_t wall_s);

#endif
