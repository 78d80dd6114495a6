/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PROBER_H
#define ARPLET_PROBER_H

#include "arplet/arp.h"
#include "arplet/link.h"
#include "arplet/ndp.h"

/*
 * Before arplet allocates an address on a LAN of the allocator's node, the prober finds out whether
 * a host on the LAN already uses the address (RFC 5227 2.1.1 for IPv4, RFC 4862 5.4 for IPv6).  The
 * prober does no I/O: the caller passes received claims and the time.  The prober sends frames and
 * reports results through prober_ops.
 *
 * The prober sends three probes for an address, 100 ms apart.  The RFCs use intervals of seconds
 * only because a switch port that has just come up possibly does not forward frames yet.
 *
 * An address is free if no host answers within 100 ms after the first probe; a host on a LAN needs
 * about 1 ms.  If a host answers or claims the address later, the result becomes "used".  A result
 * stays valid until the prober probes the address again, five minutes later.
 */
struct prober;

#define PROBER_SILENCE_MS 100
#define PROBER_PROBES     3
#define PROBER_VALID_MS   300000
/*
 * The prober sends at most 20 probes in 10 ms, which is 2,000 a second.  The API server accepts
 * only half as many writes a second, so the limit for probes does not slow allocation down.
 */
#define PROBER_PACE_MS     10
#define PROBER_PACE_FRAMES 20
#define PROBER_LINKS_MAX   4 /* most links on which one address is probed */

/* An address to probe. */
struct probe_target {
	struct ip ip;
	int links[PROBER_LINKS_MAX]; /* ifindexes; 0 ends the list */
};

struct prober_ops {
	int (*send)(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len);
	/*
	 * The probe result of @ip is new or has changed.  @used_by: the host that uses @ip; NULL:
	 * @ip is free.
	 */
	void (*on_result)(void *arg, const struct ip *ip, const struct mac *used_by);
};

struct prober *prober_new(const struct prober_ops *ops, void *arg);
void prober_free(struct prober *p); /* NULL is fine */

/*
 * prober_plan_begin, prober_plan_add, prober_plan_end - replace the probe plan, which is the set of
 * addresses to probe.  prober_plan_add() adds an address and the links on which to probe it.  An
 * address that was also in the old plan keeps its probe result.
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

/*
 * prober_forget - forget the results of the addresses of @family that the host @mac uses (NULL: of
 * all addresses of @family), and probe these addresses again at @now_ms.
 */
void prober_forget(struct prober *p, uint8_t family, const struct mac *mac, int64_t now_ms);

/* prober_has - true if the prober probes @ip. */
bool prober_has(const struct prober *p, const struct ip *ip);

int64_t prober_next_ms(const struct prober *p); /* when prober_tick() is due */
void prober_tick(struct prober *p, int64_t now_ms);

/*
 * prober_addresses - write the addresses that the prober probes on a link to @ret_ips; see
 * announcer_addresses().
 */
size_t prober_addresses(const struct prober *p, int ifindex, uint8_t family, struct ip *ret_ips,
    size_t max);

#endif
