/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_HELLO_UDP_H
#define CORE_ELECTION_HELLO_UDP_H

#include "election_link.h"

struct peer;

/* hello_udp_tick - read from the API, once in a second, which nodes UDP reaches on the link. */
void hello_udp_tick(struct election_link *link, int64_t now_ms);
/* hello_udp_send - send a hello, which has just been sent by multicast, by UDP where necessary. */
void hello_udp_send(struct election_link *link, const uint8_t *frame, size_t len, int64_t now_ms);
/* hello_udp_restart - send hellos by UDP often again to the nodes that do not answer. */
void hello_udp_restart(struct election_link *link, int64_t now_ms);
/*
 * hello_udp_update_carriers - for each peer, find out if only UDP works, and report changes that
 * have lasted for CARRIER_MS.
 */
void hello_udp_update_carriers(struct election_link *link, int64_t now_ms);

#endif
