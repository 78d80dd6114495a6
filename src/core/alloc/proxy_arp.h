/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_PROXY_ARP_H
#define CORE_ALLOC_PROXY_ARP_H

#include "arplet/proxy_hosts.h"

/*
 * The proxy hosts on the links of this node (proxy_hosts.h), and what they mean for allocation.
 * While a link has a proxy host, probes on that link do not find out which addresses are free.  So
 * arplet allocates no new address that it would probe on that link, unless the pool has the
 * annotation arplet.io/ignore-proxy-arp.
 */
struct arena;
struct plan;
struct pool_entry;
struct proxy_arp;
struct world;

struct proxy_arp *proxy_arp_new(void);
void proxy_arp_free(struct world *world);

/* proxy_arp_set - see world_set_proxy_host(). */
void proxy_arp_set(struct world *world, const struct proxy_host *host, bool found);
/*
 * proxy_arp_refuses - true if a proxy host prevents the allocation of @ip of @pool, which no Service
 * uses.
 */
bool proxy_arp_refuses(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip);
/* proxy_arp_refusal - NULL, or why proxy_arp_refuses() is true; the text is in @mem. */
const char *proxy_arp_refusal(const struct world *world, const struct pool_entry *pool,
    const struct ip *ip, struct arena *mem);
/*
 * proxy_arp_post_events - add an Event about new proxy hosts on the pool of an address that they
 * claim; at most one Event a minute.
 */
void proxy_arp_post_events(struct world *world, struct arena *mem, struct plan *plan);
/* proxy_arp_next_ms - when proxy_arp_post_events() is due, monotonic; INT64_MAX: not due. */
int64_t proxy_arp_next_ms(const struct world *world);

#endif
