/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ANNOUNCER_ANN_TX_H
#define CORE_ANNOUNCER_ANN_TX_H

/* The frames that an announcer sends: ARP for IPv4, NDP for IPv6. */

#include "ann_link.h"
#include "arplet/announcer_ops.h"
#include "arplet/arp.h"
#include "arplet/ndp.h"

struct ann_tx {
	const struct announcer_ops *ops;
	void *arg;
};

/*
 * ann_tx_round - announce @ip to all hosts of the LAN: a gratuitous ARP request and reply, or an
 * unsolicited NA.  Returns the number of frames that were sent.
 */
unsigned int ann_tx_round(const struct ann_tx *tx, const struct ann_link *link,
    const struct ip *ip);

/*
 * ann_tx_defence - defend @ip: an ARP announcement (RFC 5227 2.4), or an unsolicited NA with the
 * override flag.
 */
void ann_tx_defence(const struct ann_tx *tx, const struct ann_link *link, const struct ip *ip);

/* ann_tx_probe - send an ARP probe (RFC 5227 2.1.1) or an NS (RFC 4862 5.4.2) for @ip. */
void ann_tx_probe(const struct ann_tx *tx, const struct ann_link *link, const struct ip *ip);

/* ann_tx_arp_answer, ann_tx_ndp_answer - send the answer to a request; 0 or a negative errno. */
int ann_tx_arp_answer(const struct ann_tx *tx, const struct ann_link *link,
    const struct arp *request);
int ann_tx_ndp_answer(const struct ann_tx *tx, const struct ann_link *link,
    const struct ndp *solicitation);

#endif
