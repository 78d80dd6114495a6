/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_HELLO_TX_H
#define CORE_ELECTION_HELLO_TX_H

#include "election_link.h"

/* hello_tx_is_due - true if hello_tx_tick() would send. */
bool hello_tx_is_due(const struct election_link *link, int64_t now_ms);
/* hello_tx_tick - send the hellos that are due. */
void hello_tx_tick(struct election_link *link, int64_t now_ms);
/* hello_tx_next_ms - when hello_tx_tick() is due; INT64_MAX: the link cannot send hellos. */
int64_t hello_tx_next_ms(const struct election_link *link);

#endif
