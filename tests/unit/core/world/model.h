/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_H
#define MODEL_H

#include "core/pools/pool_rules.h"
#include "core/scenario/fake_api.h"

/*
 * A slow and simple model of the allocator.  The model lists all addresses of every pool.  To find
 * the addresses that a Service could have, the model checks each address of every pool.
 */
#define OBJECTS_MAX 64
#define IPS_MAX 64

/* All objects of one kind. */
struct object_list {
	struct object *v[OBJECTS_MAX];
	size_t n;
};

/* A pool with a list of all its addresses. */
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
void object_list_free(struct object_list *list);
void model_read(struct fake_api *api, struct api_model *ret_model);
void model_free(struct api_model *model);

/* service_has - true if @ip is in the status of @svc. */
bool service_has(const struct object *svc, const struct ip *ip);
/*
 * may_share - true if a Service @a without an address may get the address of @b, in a pool that
 * lets the Services in @which of different namespaces share.
 */
bool may_share(const struct object *a, const struct object *b, enum share_namespaces which);
/* find_sharing_conflict - returns a Service with @ip that may not share it with @svc, or NULL. */
const struct object *find_sharing_conflict(const struct object_list *svcs,
    const struct object *svc, const struct ip *ip, enum share_namespaces which);
bool pool_contains(const struct flat_pool *pool, const struct ip *ip);
bool pool_serves(const struct object *pool, const struct object *svc,
    const struct object_list *namespaces);
/*
 * is_node_address - true if a node has @ip.  False if a Service requests @ip (@requested) and @pool
 * allows requests for node addresses.
 */
bool is_node_address(const struct api_model *model, const struct flat_pool *pool,
    const struct ip *ip, bool requested);
/* reserved_for - 1: @ip is reserved for @svc; -1: only for other Services; 0: for no Service. */
int reserved_for(const struct flat_pool *pool, const struct object *svc, const struct ip *ip);
/*
 * quota_allows - true if the quota of @pool admits @ip for the namespace of @svc.  If @svc requests
 * @ip, the present addresses of @svc do not count, because @svc releases them.
 */
bool quota_allows(const struct api_model *model, const struct flat_pool *pool,
    const struct object *svc, const struct ip *ip, bool requested);
/* could_have_ip - true if @pool could allocate @ip to @svc.  @requested: @svc requests @ip. */
bool could_have_ip(const struct api_model *model, const struct flat_pool *pool,
    const struct object *svc, const struct ip *ip, bool requested);
/* could_be_allocated - true if @svc has, or could get, an address of @family; sets *@ret_ip. */
bool could_be_allocated(const struct api_model *model, const struct object *svc, uint8_t family,
    struct ip *ret_ip);

#endif
