/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PROXY_HOSTS_H
#define ARPLET_PROXY_HOSTS_H

#include "arplet/ip.h"
#include "arplet/mac.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Finds the proxy hosts of a LAN.  A proxy host is a host outside the cluster that claims more than
 * 8 addresses of one family within 10 seconds: for example a router with proxy ARP (RFC 1027) for
 * too many addresses, or an attacker.  Its claims say nothing about a single address.
 *
 * An attacker can use a new MAC for each frame.  If hosts with at least three MACs claim the same
 * address, and this happens to more than 8 addresses within 10 seconds, all hosts outside the
 * cluster on that link count as one proxy host with the MAC 00:00:00:00:00:00.
 *
 * Memory is bounded: the module remembers 64 hosts and 64 addresses, and replaces the entry without
 * a claim for the longest time.  The module does no I/O.  All times are milliseconds of a monotonic
 * clock.
 */
struct proxy_hosts;

#define PROXY_ADDRS     8     /* a host that claims more addresses is a proxy host */
#define PROXY_WINDOW_MS 10000 /* time within which a proxy host claims its addresses */
#define PROXY_SILENT_MS 17000 /* a proxy host without a claim for this time is forgotten */

struct proxy_host {
	int ifindex;
	uint8_t family;
	struct mac mac; /* all zeroes: hosts whose MACs change */
	struct ip ip;   /* the first address that the host claimed */
};

struct proxy_hosts_ops {
	/* A proxy host was found (@found), or is forgotten.  Called by proxy_hosts_tick() only. */
	void (*on_proxy_host)(void *arg, const struct proxy_host *host, bool found);
};

struct proxy_hosts *proxy_hosts_new(const struct proxy_hosts_ops *ops, void *arg);
void proxy_hosts_free(struct proxy_hosts *hosts); /* NULL is fine */

/*
 * proxy_hosts_claim - note that the host @mac, which is no node of this cluster, has claimed @ip or
 * answered a probe for it.  Returns true if the host is a proxy host.
 */
bool proxy_hosts_claim(struct proxy_hosts *hosts, int ifindex, const struct ip *ip,
    const struct mac *mac, int64_t now_ms);

/* proxy_hosts_has - true if a link has a proxy host for addresses of @family. */
bool proxy_hosts_has(const struct proxy_hosts *hosts, int ifindex, uint8_t family);

/* proxy_hosts_each - call @fn for each proxy host. */
void proxy_hosts_each(const struct proxy_hosts *hosts,
    void (*fn)(void *arg, const struct proxy_host *host), void *arg);

/* proxy_hosts_next_ms - when proxy_hosts_tick() is due; INT64_MAX: only after another call. */
int64_t proxy_hosts_next_ms(const struct proxy_hosts *hosts);
void proxy_hosts_tick(struct proxy_hosts *hosts, int64_t now_ms);

#endif
