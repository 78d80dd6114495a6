/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOL_RULES_H
#define CORE_POOLS_POOL_RULES_H

#include "arplet/ann_status.h"
#include "arplet/object.h"

/* The annotations arplet.io/... of an IPAddressPool (docs/ANNOTATIONS.md). */

/*
 * An entry of arplet.io/reservations: an address reserved for a Service, even if the Service does
 * not exist yet.
 */
struct reservation {
	struct ip ip;
	const char *ns, *name;
};

/* Which Services of different namespaces may share an address of a pool. */
enum share_namespaces {
	SHARE_NO_NAMESPACES,  /* none */
	SHARE_CLUSTER_POLICY, /* Services with externalTrafficPolicy: Cluster */
	SHARE_LIKE_METALLB,   /* also those with Local, if their selectors are equal */
};

struct pool_rules {
	struct ip_range *exclude; /* ranges of arplet.io/exclude, sorted, without overlaps */
	size_t n_exclude;
	/* arplet.io/reservations; one address can be reserved for several Services */
	struct reservation *reserved;        /* reservations sorted by address, then by Service */
	const struct reservation **by_owner; /* the same reservations, sorted by Service */
	size_t n_reserved;
	int64_t cooldown_ms;     /* arplet.io/reuse-after; 0: no cooldown */
	int64_t quota;           /* arplet.io/namespace-quota, in addresses; 0: no quota */
	bool allow_node_gateway; /* arplet.io/allow-infrastructure */
	enum share_namespaces share_namespaces; /* arplet.io/share-across-namespaces */
	bool ignore_proxy_arp;   /* arplet.io/ignore-proxy-arp */
	bool has_conflict;       /* the pool has the annotation arplet.io/conflict */
	enum ann_policy conflict;
	struct arena mem; /* memory of all rules */
};

/*
 * pool_rules_parse - parse the annotations of a pool with the address ranges @ranges.  Returns 0.
 * If an annotation is invalid, returns -EINVAL with a message in @err, and does not change
 * @ret_rules. pool_rules_done() frees the rules.  A struct pool_rules of zeroes contains no rules.
 */
int pool_rules_parse(const struct pool *spec, const struct ip_range *ranges, size_t n_ranges,
    struct pool_rules *ret_rules, struct err *err) __attribute__((warn_unused_result));
void pool_rules_done(struct pool_rules *rules);

/* pool_rules_excluded - the range of arplet.io/exclude that contains @ip, or NULL. */
const struct ip_range *pool_rules_excluded(const struct pool_rules *rules, const struct ip *ip);
/* pool_rules_reservation - the first reservation of @ip, or NULL. */
const struct reservation *pool_rules_reservation(const struct pool_rules *rules,
    const struct ip *ip);
/* pool_rules_reserved_for - true if one of the reservations of @ip is for the Service @ns/@name. */
bool pool_rules_reserved_for(const struct pool_rules *rules, const struct ip *ip, const char *ns,
    const char *name);
/*
 * pool_rules_reserved_ips - find the addresses reserved for a Service, at most one for each family.
 * Returns the number of these addresses.
 */
size_t pool_rules_reserved_ips(const struct pool_rules *rules, const char *ns, const char *name,
    struct ip ret_ips[2]);

#endif
