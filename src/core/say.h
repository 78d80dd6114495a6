/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SAY_H
#define SAY_H

/* The frames that an announcer sends about its addresses: ARP for IPv4, NDP for IPv6. */

#include "lan.h"

struct mouth {
	const struct announcer_ops *ops;
	void *arg;
};

/* say_round - tell everyone on the LAN where @ip is; returns how many frames left. */
unsigned int say_round(const struct mouth *mouth, const struct lan *lan, const struct ip *ip);

/* say_arp_answer, say_ndp_answer - to who asked; 0, or a negative errno. */
int say_arp_answer(const struct mouth *mouth, const struct lan *lan, const struct arp *request);
int say_ndp_answer(const struct mouth *mouth, const struct lan *lan,
    const struct ndp *solicitation);

#endif
