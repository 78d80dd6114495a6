/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_PEER_TIMERS_H
#define CORE_ELECTION_PEER_TIMERS_H

#include "election_link.h"

/* peers_tick - poll late peers; end the claims of peers whose dead time is over. */
void peers_tick(struct election_link *link, int64_t now_ms);
/* peers_next_ms - when the next poll is due or the next dead time ends; INT64_MAX: never. */
int64_t peers_next_ms(const struct election_link *link);
/* peers_update_stable - count the stable peers, then find the isolated ones. */
void peers_update_stable(struct election_link *link, int64_t now_ms);

#endif
