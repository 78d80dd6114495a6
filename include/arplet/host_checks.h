/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HOST_CHECKS_H
#define ARPLET_HOST_CHECKS_H

#include "arplet/link.h"

/*
 * Checks whether a host that claims an address is a proxy host (proxy_hosts.h): a check probes the
 * 15 neighbours of the address, which are the addresses that differ from it only in the last four
 * bits.  The caller notes the claims that answer the probes with proxy_hosts_claim().
 *
 * A check ends after three series of probes.  While the link has a proxy host, the check sends further
 * series, to find out when the proxy host stops claiming addresses.  The module does no I/O.  All times are
 * milliseconds of a monotonic clock.
 */
struct host_checks;

#define HOST_CHECK_SERIES   3    /* series of probes of a check; each series shows one MAC */
#define HOST_CHECK_GAP_MS   100  /* time between these series */
#define HOST_CHECK_PAUSE_MS 5000 /* time between later series, and to the end of the check */
#define HOST_CHECKS_MAX     8    /* most checks at the same time; further checks are ignored */
#define HOST_CHECK_ADDRS    15   /* neighbours that a check probes */
#define HOST_CHECK_NODES    64   /* most addresses of nodes that a check probes */

#define HOST_CHECKS_ROOM (HOST_CHECKS_MAX * (HOST_CHECK_ADDRS + HOST_CHECK_NODES))

struct host_checks_ops {
	int (*send)(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len);
	/* Return true if the check on a link must go on, because the link has a proxy host. */
	bool (*goes_on)(void *arg, int ifindex, uint8_t family);
};

struct host_checks *host_checks_new(const struct host_checks_ops *ops, void *arg);
void host_checks_free(struct host_checks *checks); /* NULL is fine */

/*
 * host_checks_start - probe the neighbours of @ip on @link at the next host_checks_tick(), and the
 * first HOST_CHECK_NODES of @nodes, which are addresses of nodes in the subnets of @link.  Returns
 * false if this check is running already, or if HOST_CHECKS_MAX checks are running.  If it returns
 * true, the caller must listen for claims of the addresses that host_checks_addresses() returns.
 */
bool host_checks_start(struct host_checks *checks, const struct link *link, const struct ip *ip,
    const struct ip *nodes, size_t n_nodes, int64_t now_ms);

int64_t host_checks_next_ms(const struct host_checks *checks); /* when the next tick is due */
void host_checks_tick(struct host_checks *checks, int64_t now_ms);

/* host_checks_has - true if a check on the link probes @ip, as a neighbour or an address of a node. */
bool host_checks_has(const struct host_checks *checks, int ifindex, const struct ip *ip);

/*
 * host_checks_addresses - write the addresses that all checks on a link probe to @ret_ips, which
 * has room for HOST_CHECKS_ROOM addresses, in ascending order; an address can be there twice.
 * Returns their number.
 */
size_t host_checks_addresses(const struct host_checks *checks, int ifindex, uint8_t family,
    struct ip *ret_ips);

#endif
