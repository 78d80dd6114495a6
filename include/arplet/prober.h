/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PROBER_H
#define ARPLET_PROBER_H

#include "arplet/arp.h"
#include "arplet/link.h"
#include "arplet/ndp.h"

/*
 * Asks the LAN whether anybody uses addresses that are to be given: RFC 5227 2.1.1 for IPv4, RFC
 * 4862 5.4 for IPv6.  Pure: frames and time come in, frames and results go out.
 *
 * Three probes, 100 ms apart, and not the seconds of the RFC, which thinks of switches that have
 * just come up and of hosts that can wait.  An address counts as free after 100 ms of silence, a
 * hundred times what a host on a LAN takes; who answers later, or one of the other probes, or
 * speaks of the address at any time, makes it used again.  A check holds for five minutes and is
 * then done again in the background; the result stands until then.
 */
struct prober;

#define PROBER_SILENCE_MS 100
#define PROBER_PROBES     3
#define PROBER_VALID_MS   300000
/* Frames leave in bursts of 20 each 10 ms: 2,000 a second are twice what the API takes. */
#define PROBER_PACE_MS     10
#define PROBER_PACE_FRAMES 20
#define PROBER_LINKS_MAX   4 /* on which one address is asked for */

/* An address that is to be known, and where to ask for it. */
struct probe_target {
	struct ip ip;
	int links[PROBER_LINKS_MAX]; /* ifindexes; 0: no more */
};

struct prober_ops {
	int (*send)(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len);
	/* @ip is free, or (@used_by) used by that host: once, and whenever that changes. */
	void (*on_result)(void *arg, const struct ip *ip, const struct mac *used_by);
};

struct prober *prober_new(const struct prober_ops *ops, void *arg);
void prober_free(struct prober *p); /* NULL is fine */

/*
 * prober_want - between prober_begin() and prober_end(), each address that is to be known, with
 * the links to ask on.  What is wanted no more is forgotten; what is wanted anew is asked next.
 */
void prober_begin(struct prober *p);
void prober_want(struct prober *p, const struct ip *ip, const struct link *const *links, size_t n,
    int64_t now_ms);
void prober_end(struct prober *p);

/* prober_on_claim - @mac, no node of this cluster, has said on a link that it has @ip. */
void prober_on_claim(struct prober *p, const struct ip *ip, const struct mac *mac, int64_t now_ms);

int64_t prober_next_ms(const struct prober *p); /* when prober_tick() is due */
void prober_tick(struct prober *p, int64_t now_ms);

/* prober_addresses - those asked for on a link, as announcer_addresses() has them. */
size_t prober_addresses(const struct prober *p, int ifindex, uint8_t family, struct ip *ret_ips,
    size_t max);

#endif
