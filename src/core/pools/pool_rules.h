/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_POOLS_POOL_RULES_H
#define CORE_POOLS_POOL_RULES_H

#include "arplet/ann_status.h"
#include "arplet/object.h"

/* An address of a pool that is for one Service, whether that exists or not. */
struct reservation {
	struct ip ip;
	const char *ns, *name;
};

/* What the arplet.io/ annotations of a pool say. */
struct pool_rules {
	struct ip_range *exclude; /* sorted, apart from each other */
	size_t n_exclude;
	struct reservation *reserved; /* by address; several Services may share one */
	const struct reservation **by_owner;
	size_t n_reserved;
	int64_t cooldown_ms; /* of a released address; 0: none */
	int64_t quota;   /* addresses a namespace; 0: as many as there are */
	bool allow_node_gateway;
	bool has_conflict; /* the pool says what to do about a rival: */
	enum ann_policy conflict;
	struct arena mem;
};

/*
 * pool_rules_parse - read the annotations of a pool with the blocks @ranges.  -EINVAL with a sentence
 * that names the annotation.  pool_rules_done() frees; all zero is no rules.
 */
int pool_rules_parse(const struct pool *spec, const struct ip_range *ranges, size_t n_ranges,
    struct pool_rules *ret_rules, struct err *err) __attribute__((warn_unused_result));
void pool_rules_done(struct pool_rules *rules);

/* pool_rules_excluded - the excluded block that @ip lies in, or NULL. */
const struct ip_range *pool_rules_excluded(const struct pool_rules *rules, const struct ip *ip);
/* pool_rules_reservation - the first reservation of @ip, or NULL: nobody has one. */
const struct reservation *pool_rules_reservation(const struct pool_rules *rules, const struct ip *ip);
/* pool_rules_reserved_for - is @ip reserved, and for this Service among others? */
bool pool_rules_reserved_for(const struct pool_rules *rules, const struct ip *ip, const char *ns,
    const char *name);
/* pool_rules_reserved_ips - the addresses reserved for a Service, at most one a family; how many. */
size_t pool_rules_reserved_ips(const struct pool_rules *rules, const char *ns, const char *name,
    struct ip ret_ips[2]);

#endif
