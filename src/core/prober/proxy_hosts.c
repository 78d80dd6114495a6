/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/proxy_hosts.h"
#include "arplet/arena.h"

#include <stdlib.h>
#include <string.h>

#define HOSTS_MAX 64
#define ADDRS_MAX 64
#define MACS_MIN  3 /* an address that this many MACs claim is claimed by a host that spoofs */

static const struct mac any_mac; /* the MAC of hosts whose MACs change */

/* A host outside the cluster, and its latest claims. */
struct claimant {
	struct proxy_host id;
	struct timed_claim {
		struct ip ip;
		int64_t at_ms;
	} claims[PROXY_ADDRS + 1];
	size_t n_claims;
	int64_t last_ms; /* time of the latest claim */
	bool proxy;      /* the host is a proxy host */
	bool reported;   /* on_proxy_host() has reported that the host is a proxy host */
};

/* An address that hosts outside the cluster claim, and the MACs of the latest two. */
struct claimed {
	int ifindex;
	struct ip ip;
	struct mac macs[2];
	unsigned int n_macs; /* number of MACs, at most MACS_MIN */
	int64_t last_ms;
};

struct proxy_hosts {
	const struct proxy_hosts_ops *ops;
	void *arg;
	struct claimant hosts[HOSTS_MAX];
	size_t n_hosts;
	struct claimed addrs[ADDRS_MAX];
	size_t n_addrs;
};

struct proxy_hosts *
proxy_hosts_new(const struct proxy_hosts_ops *ops, void *arg)
{
	struct proxy_hosts *hosts = xcalloc(1, sizeof(*hosts));

	hosts->ops = ops;
	hosts->arg = arg;
	return hosts;
}

void
proxy_hosts_free(struct proxy_hosts *hosts)
{
	free(hosts);
}

static struct claimant *
find_host(const struct proxy_hosts *hosts, int ifindex, uint8_t family, const struct mac *mac)
{
	for (size_t i = 0; i < hosts->n_hosts; i++) {
		const struct proxy_host *id = &hosts->hosts[i].id;

		if (mac_equal(&id->mac, mac) && id->ifindex == ifindex && id->family == family)
			return (struct claimant *)&hosts->hosts[i];
	}
	return NULL;
}

/*
 * Adds a host.  If the table is full, the host replaces the host that has been silent for the
 * longest time.  Proxy hosts stay: proxy_hosts_tick() forgets them.  Returns NULL if all hosts in
 * the table are proxy hosts.
 */
static struct claimant *
add_host(struct proxy_hosts *hosts, int ifindex, const struct ip *ip, const struct mac *mac)
{
	struct claimant *place = NULL;

	for (size_t i = 0; i < hosts->n_hosts && hosts->n_hosts == HOSTS_MAX; i++) {
		struct claimant *host = &hosts->hosts[i];

		if (!host->proxy && !host->reported && (!place || host->last_ms < place->last_ms))
			place = host;
	}
	if (hosts->n_hosts < HOSTS_MAX)
		place = &hosts->hosts[hosts->n_hosts++];
	if (place)
		*place = (struct claimant){ .id = { ifindex, ip->family, *mac, *ip } };
	return place;
}

/* Finds the claim of @ip, or else an unused claim, or else the oldest claim. */
static struct timed_claim *
claim_for(struct claimant *host, const struct ip *ip)
{
	struct timed_claim *oldest = &host->claims[0];

	for (size_t i = 0; i < host->n_claims; i++) {
		if (ip_equal(&host->claims[i].ip, ip))
			return &host->claims[i];
		if (host->claims[i].at_ms < oldest->at_ms)
			oldest = &host->claims[i];
	}
	return host->n_claims <= PROXY_ADDRS ? &host->claims[host->n_claims++] : oldest;
}

/* Notes that the host claims @ip.  Returns true if the host is a proxy host. */
static bool
add_claim(struct claimant *host, const struct ip *ip, int64_t now_ms)
{
	size_t n_new = 0;

	host->last_ms = now_ms;
	if (host->proxy)
		return true;
	*claim_for(host, ip) = (struct timed_claim){ *ip, now_ms };
	for (size_t i = 0; i < host->n_claims; i++)
		n_new += now_ms - host->claims[i].at_ms <= PROXY_WINDOW_MS;
	host->proxy = n_new > PROXY_ADDRS;
	return host->proxy;
}

/* Notes that the host @mac claims @ip.  Returns true if the host is a proxy host. */
static bool
note_host(struct proxy_hosts *hosts, int ifindex, const struct ip *ip, const struct mac *mac,
    int64_t now_ms)
{
	struct claimant *host = find_host(hosts, ifindex, ip->family, mac);

	if (!host)
		host = add_host(hosts, ifindex, ip, mac);
	return host && add_claim(host, ip, now_ms);
}

/* Finds or adds an address; the address without a claim for the longest time is replaced. */
static struct claimed *
claimed_get(struct proxy_hosts *hosts, int ifindex, const struct ip *ip, int64_t now_ms)
{
	struct claimed *place = &hosts->addrs[0];

	for (size_t i = 0; i < hosts->n_addrs; i++) {
		struct claimed *claimed = &hosts->addrs[i];

		if (claimed->ifindex == ifindex && ip_equal(&claimed->ip, ip) &&
		    now_ms - claimed->last_ms < PROXY_SILENT_MS)
			return claimed;
		if (claimed->last_ms < place->last_ms)
			place = claimed;
	}
	if (hosts->n_addrs < ADDRS_MAX)
		place = &hosts->addrs[hosts->n_addrs++];
	*place = (struct claimed){ .ifindex = ifindex, .ip = *ip };
	return place;
}

/* Notes which host claims @ip.  Returns true if the latest hosts that claim @ip spoof MACs. */
static bool
note_address(struct proxy_hosts *hosts, int ifindex, const struct ip *ip, const struct mac *mac,
    int64_t now_ms)
{
	struct claimed *claimed = claimed_get(hosts, ifindex, ip, now_ms);

	claimed->last_ms = now_ms;
	if (mac_equal(&claimed->macs[0], mac) || mac_equal(&claimed->macs[1], mac))
		return false;
	claimed->macs[1] = claimed->macs[0];
	claimed->macs[0] = *mac;
	claimed->n_macs += claimed->n_macs < MACS_MIN;
	return claimed->n_macs == MACS_MIN;
}

bool
proxy_hosts_claim(struct proxy_hosts *hosts, int ifindex, const struct ip *ip,
    const struct mac *mac, int64_t now_ms)
{
	const struct claimant *any;
	bool proxy = note_host(hosts, ifindex, ip, mac, now_ms);

	if (note_address(hosts, ifindex, ip, mac, now_ms))
		note_host(hosts, ifindex, ip, &any_mac, now_ms);
	any = find_host(hosts, ifindex, ip->family, &any_mac);
	return proxy || (any && any->proxy);
}

bool
proxy_hosts_has(const struct proxy_hosts *hosts, int ifindex, uint8_t family)
{
	for (size_t i = 0; i < hosts->n_hosts; i++) {
		const struct claimant *host = &hosts->hosts[i];

		if (host->proxy && host->id.ifindex == ifindex && host->id.family == family)
			return true;
	}
	return false;
}

void
proxy_hosts_each(const struct proxy_hosts *hosts,
    void (*fn)(void *arg, const struct proxy_host *host), void *arg)
{
	for (size_t i = 0; i < hosts->n_hosts; i++) {
		if (hosts->hosts[i].proxy)
			fn(arg, &hosts->hosts[i].id);
	}
}

int64_t
proxy_hosts_next_ms(const struct proxy_hosts *hosts)
{
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < hosts->n_hosts; i++) {
		const struct claimant *host = &hosts->hosts[i];
		int64_t due_ms = host->proxy ? host->last_ms + PROXY_SILENT_MS : INT64_MAX;

		if (host->proxy && !host->reported)
			due_ms = 0;
		if (due_ms < next_ms)
			next_ms = due_ms;
	}
	return next_ms;
}

void
proxy_hosts_tick(struct proxy_hosts *hosts, int64_t now_ms)
{
	for (size_t i = 0; i < hosts->n_hosts; i++) {
		struct claimant *host = &hosts->hosts[i];

		if (!host->proxy)
			continue;
		if (!host->reported)
			hosts->ops->on_proxy_host(hosts->arg, &host->id, true);
		host->reported = true;
		if (now_ms - host->last_ms < PROXY_SILENT_MS)
			continue;
		hosts->ops->on_proxy_host(hosts->arg, &host->id, false);
		*host = hosts->hosts[--hosts->n_hosts];
		i--;
	}
}
