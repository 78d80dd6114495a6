/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_HELLO_RX_H
#define CORE_ELECTION_HELLO_RX_H

#include "election_link.h"

/*
 * hello_rx - apply a hello with a valid signature, which arrived at @rx_ms.  -EALREADY: the hello may
 * be replayed, or is our own; -EXDEV: it was sent on another link.  Then it changes no peer.
 */
int hello_rx(struct election_link *link, const struct hello *hello, enum hello_carrier carrier,
    int64_t rx_ms, int64_t now_ms);

#endif
