/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FLAT_H
#define FLAT_H

#include "core/story/api.h"
#include "core/pools/pool_rules.h"

/*
 * What the API has, flat: pools as all of their addresses, one by one, so that what could be given
 * is found by trying each.
 */
#define OBJECTS_MAX 64
#define IPS_MAX 64

/* All objects of one kind, decoded. */
struct all {
	struct object *v[OBJECTS_MAX];
	size_t n;
};

/* A pool, all its addresses one by one, and its rules. */
struct flat {
	const struct object *obj;
	struct rules rules;
	struct ip ips[IPS_MAX];
	size_t n;
};

struct facts {
	const struct api *api;
	struct all svcs, pools, namespaces, nodes;
	struct flat flats[OBJECTS_MAX];
};

void all_read(struct api *api, enum kind kind, struct all *ret);
void all_free(struct all *all);
void facts_read(struct api *api, struct facts *f);
void facts_free(struct facts *f);

/* has - is @ip in the status of @svc? */
bool has(const struct object *svc, const struct ip *ip);
bool fit_together(const struct service *a, const struct service *b);
/* rival - a Service that keeps @svc from being on @ip, or NULL. */
const struct object *conflicting_host(const struct all *svcs, const struct object *svc, const struct ip *ip);
bool gives(const struct flat *pool, const struct ip *ip);
bool serves(const struct object *pool, const struct object *svc, const struct all *namespaces);
bool is_infra(const struct facts *f, const struct flat *pool, const struct ip *ip, bool asked);
/* reserved_for - 0: for nobody, 1: for @svc (perhaps among others), -1: for others alone. */
int reserved_for(const struct flat *pool, const struct object *svc, const struct ip *ip);
/* quota_allows - may the namespace of @svc have one more?  Who asks gives up what it has. */
bool quota_allows(const struct facts *f, const struct flat *pool, const struct object *svc,
    const struct ip *ip, bool asked);
/* could_have - of a pool that serves it: because it asks for @ip, or by itself? */
bool could_have(const struct facts *f, const struct flat *pool, const struct object *svc,
    const struct ip *ip, bool asked);
bool could_be_given(const struct facts *f, const struct object *svc, uint8_t family,
    struct ip *ret_ip);

#endif
