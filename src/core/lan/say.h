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

/*
 * say_defence - tell everyone, and whoever claims @ip, that it is ours: one announcement (RFC 5227
 * 2.4), or one unsolicited advertisement that overrides; 0, or negative when it did not leave.
 */
int say_defence(const struct mouth *mouth, const struct lan *lan, const struct ip *ip);

/* say_probe - ask who has @ip (RFC 5227 2.1.1, RFC 4862 5.4.2); 0, or negative. */
int say_probe(const struct mouth *mouth, const struct lan *lan, const struct ip *ip);

/* say_arp_answer, say_ndp_answer - to who asked; 0, or a negative errno. */
int say_arp_answer(const struct mouth *mouth, const struct lan *lan, const struct arp *request);
int say_ndp_answer(const struct mouth *mouth, const struct lan *lan,
    const struct ndp *solicitation);

#endif
