/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_H
#define RULES_H

#include "arplet/announcer.h"
#include "arplet/object.h"

/* An address of a pool that is for one Service, whether that exists or not. */
struct reservation {
	struct ip ip;
	const char *ns, *name;
};

/* What the arplet.io/ annotations of a pool say. */
struct rules {
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
 * rules_parse - read the annotations of a pool with the blocks @ranges.  -EINVAL with a sentence
 * that names the annotation.  rules_done() frees; all zero is no rules.
 */
int rules_parse(const struct pool *spec, const struct ip_range *ranges, size_t n_ranges,
    struct rules *ret_rules, struct err *err) __attribute__((warn_unused_result));
void rules_done(struct rules *rules);

/* rules_excluded - the excluded block that @ip lies in, or NULL. */
const struct ip_range *rules_excluded(const struct rules *rules, const struct ip *ip);
/* rules_reserved - the first reservation of @ip, or NULL: nobody has one. */
const struct reservation *rules_reserved(const struct rules *rules, const struct ip *ip);
/* rules_reserved_for - is @ip reserved, and for this Service among others? */
bool rules_reserved_for(const struct rules *rules, const struct ip *ip, const char *ns,
    const char *name);
/* rules_owned - the addresses reserved for a Service, at most one a family; how many. */
size_t rules_owned(const struct rules *rules, const char *ns, const char *name,
    struct ip ret_ips[2]);

#endif
