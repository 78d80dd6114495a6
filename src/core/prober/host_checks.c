/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/host_checks.h"
#include "arplet/arena.h"
#include "arplet/arp.h"
#include "arplet/ndp.h"

#include <stdlib.h>

struct check {
	int ifindex;
	struct mac mac; /* MAC of the link */
	struct ip ip;   /* the claimed address */
	int64_t due_ms; /* when the next series of probes is due, or the check ends */
	struct ip nodes[HOST_CHECK_NODES];
	size_t n_nodes;
	unsigned int sent; /* series of probes that were sent, at most HOST_CHECK_SERIES */
};

struct host_checks {
	const struct host_checks_ops *ops;
	void *arg;
	struct check v[HOST_CHECKS_MAX];
	size_t n;
};

struct host_checks *
host_checks_new(const struct host_checks_ops *ops, void *arg)
{
	struct host_checks *checks = xcalloc(1, sizeof(*checks));

	checks->ops = ops;
	checks->arg = arg;
	return checks;
}

void
host_checks_free(struct host_checks *checks)
{
	free(checks);
}

/* The neighbour @i of @ip, from 0 to HOST_CHECK_ADDRS - 1, in ascending order. */
static struct ip
neighbour(const struct ip *ip, unsigned int i)
{
	struct ip other = *ip;
	uint8_t *last = &other.b[ip_len(ip->family) - 1];
	unsigned int own = *last & 15u;

	*last = (uint8_t)((*last & ~15u) | (i < own ? i : i + 1));
	return other;
}

/* True if both addresses are equal except for the last four bits. */
static bool
same_block(const struct ip *a, const struct ip *b)
{
	struct ip x = *a, y = *b;

	if (a->family != b->family)
		return false;
	x.b[ip_len(a->family) - 1] &= 0xf0;
	y.b[ip_len(a->family) - 1] &= 0xf0;
	return ip_equal(&x, &y);
}

static const struct check *
find(const struct host_checks *checks, int ifindex, const struct ip *ip)
{
	for (size_t i = 0; i < checks->n; i++) {
		if (checks->v[i].ifindex == ifindex && same_block(&checks->v[i].ip, ip))
			return &checks->v[i];
	}
	return NULL;
}

bool
host_checks_start(struct host_checks *checks, const struct link *link, const struct ip *ip,
    const struct ip *nodes, size_t n_nodes, int64_t now_ms)
{
	struct check *check;

	if (checks->n == HOST_CHECKS_MAX || find(checks, link->ifindex, ip))
		return false;
	check = &checks->v[checks->n++];
	*check = (struct check){ .ifindex = link->ifindex, .mac = link->mac, .ip = *ip,
		.due_ms = now_ms };
	while (check->n_nodes < n_nodes && check->n_nodes < HOST_CHECK_NODES) {
		check->nodes[check->n_nodes] = nodes[check->n_nodes];
		check->n_nodes++;
	}
	return true;
}

bool
host_checks_has(const struct host_checks *checks, int ifindex, const struct ip *ip)
{
	const struct check *check = find(checks, ifindex, ip);

	if (check && !ip_equal(&check->ip, ip))
		return true;
	for (size_t i = 0; i < checks->n; i++) {
		check = &checks->v[i];
		for (size_t j = 0; j < check->n_nodes && check->ifindex == ifindex; j++) {
			if (ip_equal(&check->nodes[j], ip))
				return true;
		}
	}
	return false;
}

static void
send_probe(const struct host_checks *checks, const struct check *check, const struct ip *ip)
{
	uint8_t frame[NDP_FRAME_MAX];
	size_t len = ARP_FRAME_LEN;

	if (ip->family == IPV6) {
		struct ndp ndp = ndp_probe(&check->mac, ip);

		len = ndp_build(&ndp, frame);
	} else {
		struct arp arp = arp_notice(ARP_PROBE, &check->mac, ip);

		arp_build(&arp, frame);
	}
	(void)checks->ops->send(checks->arg, check->ifindex, ip->family, frame, len);
}

static void
send_probes(const struct host_checks *checks, const struct check *check)
{
	for (unsigned int i = 0; i < HOST_CHECK_ADDRS; i++) {
		struct ip ip = neighbour(&check->ip, i);

		send_probe(checks, check, &ip);
	}
	for (size_t i = 0; i < check->n_nodes; i++)
		send_probe(checks, check, &check->nodes[i]);
}

int64_t
host_checks_next_ms(const struct host_checks *checks)
{
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < checks->n; i++)
		next_ms = checks->v[i].due_ms < next_ms ? checks->v[i].due_ms : next_ms;
	return next_ms;
}

void
host_checks_tick(struct host_checks *checks, int64_t now_ms)
{
	for (size_t i = 0; i < checks->n; i++) {
		struct check *check = &checks->v[i];

		if (check->due_ms > now_ms)
			continue;
		if (check->sent == HOST_CHECK_SERIES && !checks->ops->goes_on(checks->arg, check->ifindex,
		    check->ip.family)) {
			*check = checks->v[--checks->n];
			i--;
			continue;
		}
		if (check->sent == HOST_CHECK_SERIES)
			check->n_nodes = 0; /* later series only look for the proxy host */
		check->sent += check->sent < HOST_CHECK_SERIES;
		check->due_ms = now_ms + (check->sent < HOST_CHECK_SERIES ? HOST_CHECK_GAP_MS :
		    HOST_CHECK_PAUSE_MS);
		send_probes(checks, check);
	}
}

static int
ip_order(const void *a, const void *b)
{
	return ip_cmp(a, b);
}

size_t
host_checks_addresses(const struct host_checks *checks, int ifindex, uint8_t family,
    struct ip *ret_ips)
{
	size_t n = 0;

	for (size_t i = 0; i < checks->n; i++) {
		const struct check *check = &checks->v[i];

		if (check->ifindex != ifindex || check->ip.family != family)
			continue;
		for (unsigned int j = 0; j < HOST_CHECK_ADDRS; j++)
			ret_ips[n++] = neighbour(&check->ip, j);
		for (size_t j = 0; j < check->n_nodes; j++)
			ret_ips[n++] = check->nodes[j];
	}
	if (n)
		qsort(ret_ips, n, sizeof(*ret_ips), ip_order);
	return n;
}
