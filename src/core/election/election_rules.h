/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELECTION_RULES_H
#define ELECTION_RULES_H

#include "election_vip.h"

/* election_vips_tick - decide about the VIPs that are due: claim, keep or drop each. */
void election_vips_tick(struct election_link *link, int64_t now_ms);
/* election_vip_drop - drop a VIP that this node holds. */
void election_vip_drop(struct election_vip *vip, enum holder_change change, int64_t now_ms);
/* election_vip_report - report the holder to ops->on_holder if it changed; @gap_ms as there. */
void election_vip_report(struct election_vip *vip, int64_t gap_ms);

#endif
