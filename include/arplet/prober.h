/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PROBER_H
#define ARPLET_PROBER_H

#include "arplet/arp.h"
#include "arplet/link.h"
#include "arplet/ndp.h"

/*
 * The prober finds out whether a host of the LAN uses an address before it is allocated: RFC 5227
 * 2.1.1 for IPv4, RFC 4862 5.4 for IPv6.  The prober does no I/O: the caller passes claims and the
 * time in, and frames and probe results leave through prober_ops.
 *
 * The prober sends three probes, 100 ms apart.  The RFC's intervals of seconds allow for switch
 * ports that have just come up.  An address is free after 100 ms without an answer, a hundred times
 * what a host on a LAN needs.  A later answer, or any later claim of the address, changes the
 * result to used.  After five minutes the address is probed again; the old result is valid until
 * then.
 */
struct prober;

#define PROBER_SILENCE_MS 100
#define PROBER_PROBES     3
#define PROBER_VALID_MS   300000
/* Up to 20 probes in 10 ms are 2,000 a second, twice the writes that the API server accepts. */
#define PROBER_PACE_MS     10
#define PROBER_PACE_FRAMES 20
#define PROBER_LINKS_MAX   4 /* links on which one address is probed */

/* An address to probe. */
struct probe_target {
	struct ip ip;
	int links[PROBER_LINKS_MAX]; /* ifindexes; 0 ends the list */
};

struct prober_ops {
	int (*send)(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len);
	/* The probe result of @ip is new or has changed.  @used_by NULL: @ip is free. */
	void (*on_result)(void *arg, const struct ip *ip, const struct mac *used_by);
};

struct prober *prober_new(const struct prober_ops *ops, void *arg);
void prober_free(struct prober *p); /* NULL is fine */

/*
 * prober_plan_begin, prober_plan_add, prober_plan_end - replace the probe plan.  Each address is
 * added with the links to probe on.  Addresses of the old plan keep their results.
 */
void prober_plan_begin(struct prober *p);
void prober_plan_add(struct prober *p, const struct ip *ip, const struct link *const *links,
    size_t n, int64_t now_ms);
void prober_plan_end(struct prober *p);

/*
 * prober_on_claim - note that the host @mac, which is no node of this cluster, has claimed @ip or
 * answered a probe for it.
 */
void prober_on_claim(struct prober *p, const struct ip *ip, const struct mac *mac);

int64_t prober_next_ms(const struct prober *p); /* when prober_tick() is due */
void prober_tick(struct prober *p, int64_t now_ms);

/* prober_addresses - the addresses that are probed on a link; see announcer_addresses(). */
size_t prober_addresses(const struct prober *p, int ifindex, uint8_t family, struct ip *ret_ips,
    size_t max);

#endif
