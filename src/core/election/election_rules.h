/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_ELECTION_RULES_H
#define CORE_ELECTION_ELECTION_RULES_H

#include "election_vip.h"

/* election_vips_tick - claim, keep or drop each VIP whose decision is due. */
void election_vips_tick(struct election_link *link, int64_t now_ms);
/* election_vip_drop - drop a VIP that this node holds. */
void election_vip_drop(struct election_vip *vip, enum holder_change change, int64_t now_ms);
/* election_vip_report - if the holder has changed, call ops->on_holder with @gap_ms. */
void election_vip_report(struct election_vip *vip, int64_t gap_ms);

#endif
