/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_H
#define MODEL_H

#include "core/scenario/fake_api.h"
#include "core/pools/pool_rules.h"

/*
 * What the API has, flat: pools as all of their addresses, one by one, so that what could be given
 * is found by trying each.
 */
#define OBJECTS_MAX 64
#define IPS_MAX 64

/* All objects of one kind, decoded. */
struct object_list {
	struct object *v[OBJECTS_MAX];
	size_t n;
};

/* A pool, all its addresses one by one, and its rules. */
struct flat_pool {
	const struct object *obj;
	struct pool_rules rules;
	struct ip ips[IPS_MAX];
	size_t n;
};

struct api_model {
	const struct fake_api *api;
	struct object_list svcs, pools, namespaces, nodes;
	struct flat_pool flat_pools[OBJECTS_MAX];
};

void object_list_read(struct fake_api *api, enum kind kind, struct object_list *ret);
void object_list_free(struct object_list *all);
void model_read(struct fake_api *api, struct api_model *f);
void model_free(struct api_model *f);

/* has - is @ip in the status of @svc? */
bool service_has(const struct object *svc, const struct ip *ip);
bool may_share(const struct service *a, const struct service *b);
/* rival - a Service that keeps @svc from being on @ip, or NULL. */
const struct object *find_sharing_conflict(const struct object_list *svcs, const struct object *svc, const struct ip *ip);
bool pool_contains(const struct flat_pool *pool, const struct ip *ip);
bool pool_serves(const struct object *pool, const struct object *svc, const struct object_list *namespaces);
bool is_node_address(const struct api_model *f, const struct flat_pool *pool, const struct ip *ip, bool asked);
/* reserved_for - 0: for nobody, 1: for @svc (perhaps among others), -1: for others alone. */
int reserved_for(const struct flat_pool *pool, const struct object *svc, const struct ip *ip);
/* quota_allows - may the namespace of @svc have one more?  Who asks gives up what it has. */
bool quota_allows(const struct api_model *f, const struct flat_pool *pool, const struct object *svc,
    const struct ip *ip, bool asked);
/* could_have_ip - of a pool that serves it: because it asks for @ip, or by itself? */
bool could_have_ip(const struct api_model *f, const struct flat_pool *pool, const struct object *svc,
    const struct ip *ip, bool asked);
bool could_be_allocated(const struct api_model *f, const struct object *svc, uint8_t family,
    struct ip *ret_ip);

#endif
