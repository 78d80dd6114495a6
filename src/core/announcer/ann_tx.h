/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SAY_H
#define SAY_H

/* The frames that an announcer sends about its addresses: ARP for IPv4, NDP for IPv6. */

#include "ann_link.h"

struct ann_tx {
	const struct announcer_ops *ops;
	void *arg;
};

/* ann_tx_round - tell everyone on the LAN where @ip is; returns how many frames left. */
unsigned int ann_tx_round(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct ip *ip);

/*
 * ann_tx_defense - tell everyone, and whoever claims @ip, that it is ours: one announcement (RFC 5227
 * 2.4), or one unsolicited advertisement that overrides; 0, or negative when it did not leave.
 */
int ann_tx_defense(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct ip *ip);

/* ann_tx_probe - ask who has @ip (RFC 5227 2.1.1, RFC 4862 5.4.2); 0, or negative. */
int ann_tx_probe(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct ip *ip);

/* ann_tx_arp_answer, ann_tx_ndp_answer - to who asked; 0, or a negative errno. */
int ann_tx_arp_answer(const struct ann_tx *ann_tx, const struct ann_link *ann_link, const struct arp *request);
int ann_tx_ndp_answer(const struct ann_tx *ann_tx, const struct ann_link *ann_link,
    const struct ndp *solicitation);

#endif
