/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"
#include "core/scenario/object_text.h"

#include <stdlib.h>
#include <string.h>

void
object_list_read(struct fake_api *api, enum kind kind, struct object_list *ret)
{
	char buf[OBJECT_TEXT_MAX];
	struct stored *obj;

	ret->n = 0;
	TAILQ_FOREACH(obj, &api->objects, link) {
		struct object *one = object_from_text(fake_api_line(obj, buf));

		if (one->kind == kind && ret->n < OBJECTS_MAX)
			ret->v[ret->n++] = one;
		else
			object_free(one);
	}
}

void
object_list_free(struct object_list *all)
{
	for (size_t i = 0; i < all->n; i++)
		object_free(all->v[i]);
}

bool
service_has(const struct object *svc, const struct ip *ip)
{
	for (size_t i = 0; i < svc->u.service.n_status; i++) {
		if (ip_equal(&svc->u.service.status[i], ip))
			return true;
	}
	return false;
}

bool
may_share(const struct object *svc_a, const struct object *svc_b, enum share_namespaces which)
{
	const struct service *a = &svc_a->u.service, *b = &svc_b->u.service;
	const struct sharing *ours = a->share, *theirs = b->share;

	if (strcmp(svc_a->meta.ns, svc_b->meta.ns) != 0 &&
	    (which == SHARE_NO_NAMESPACES || (which == SHARE_CLUSTER_POLICY && a->local)))
		return false;
	if (!ours || !theirs || strcmp(ours->key, theirs->key) != 0 || a->local != b->local)
		return false;
	if (a->local && !labels_equal(&ours->selector, &theirs->selector))
		return false;
	for (size_t i = 0; i < ours->n_ports * theirs->n_ports; i++) {
		const struct service_port *p = &ours->ports[i / theirs->n_ports];
		const struct service_port *q = &theirs->ports[i % theirs->n_ports];

		if (p->port == q->port && p->protocol == q->protocol)
			return false;
	}
	return true;
}

const struct object *
find_sharing_conflict(const struct object_list *svcs, const struct object *svc,
    const struct ip *ip, enum share_namespaces which)
{
	for (size_t i = 0; i < svcs->n; i++) {
		if (svcs->v[i] != svc && service_has(svcs->v[i], ip) &&
		    !may_share(svc, svcs->v[i], which))
			return svcs->v[i];
	}
	return NULL;
}

/* Lists the addresses of a pool, except those that avoidBuggyIPs excludes. */
static void
flatten(const struct object *pool, struct flat_pool *ret)
{
	const struct pool *spec = &pool->u.pool;
	struct ip_range ranges[8];

	*ret = (struct flat_pool){ .obj = pool };
	for (size_t i = 0; i < spec->addresses.n; i++) {
		if (ip_range_parse(spec->addresses.v[i], &ranges[i], NULL) < 0)
			abort();
		for (struct ip ip = ranges[i].first; ip_range_contains(&ranges[i], &ip);) {
			bool buggy = ip.family == IPV4 && (ip.b[3] == 0 || ip.b[3] == 255);

			if (ret->n < IPS_MAX && !(spec->avoid_buggy && buggy))
				ret->ips[ret->n++] = ip;
			if (ip_next(&ip) < 0)
				break;
		}
	}
	if (pool_rules_parse(spec, ranges, spec->addresses.n, &ret->rules, NULL) < 0)
		abort();
}

void
model_read(struct fake_api *api, struct api_model *model)
{
	model->api = api;
	object_list_read(api, KIND_SERVICE, &model->svcs);
	object_list_read(api, KIND_POOL, &model->pools);
	object_list_read(api, KIND_NAMESPACE, &model->namespaces);
	object_list_read(api, KIND_NODE, &model->nodes);
	for (size_t i = 0; i < model->pools.n; i++)
		flatten(model->pools.v[i], &model->flat_pools[i]);
}

void
model_free(struct api_model *model)
{
	for (size_t i = 0; i < model->pools.n; i++)
		pool_rules_done(&model->flat_pools[i].rules);
	object_list_free(&model->svcs);
	object_list_free(&model->pools);
	object_list_free(&model->namespaces);
	object_list_free(&model->nodes);
}

bool
pool_contains(const struct flat_pool *pool, const struct ip *ip)
{
	for (size_t i = 0; i < pool->n; i++) {
		if (ip_equal(&pool->ips[i], ip))
			return true;
	}
	return false;
}

bool
pool_serves(const struct object *pool, const struct object *svc,
    const struct object_list *namespaces)
{
	const struct pool *spec = &pool->u.pool;
	bool ns = spec->namespaces.n == 0 && spec->ns_selectors.n == 0;

	ns |= strings_contain(&spec->namespaces, svc->meta.ns);
	for (size_t i = 0; i < namespaces->n; i++) {
		const struct meta *meta = &namespaces->v[i]->meta;

		ns |= strcmp(meta->name, svc->meta.ns) == 0 &&
		    selectors_match(&spec->ns_selectors, &meta->labels);
	}
	return ns && (spec->svc_selectors.n == 0 ||
	    selectors_match(&spec->svc_selectors, &svc->meta.labels));
}

bool
is_node_address(const struct api_model *model, const struct flat_pool *pool, const struct ip *ip,
    bool requested)
{
	for (size_t i = 0; i < model->nodes.n; i++) {
		const struct node *node = &model->nodes.v[i]->u.node;

		for (size_t j = 0; j < node->n_addrs; j++) {
			if (ip_equal(&node->addrs[j], ip))
				return !requested || !pool->rules.allow_node_gateway;
		}
	}
	return false;
}

int
reserved_for(const struct flat_pool *pool, const struct object *svc, const struct ip *ip)
{
	int found = 0;

	for (size_t i = 0; i < pool->rules.n_reserved; i++) {
		const struct reservation *r = &pool->rules.reserved[i];

		if (!ip_equal(&r->ip, ip))
			continue;
		if (strcmp(r->ns, svc->meta.ns) == 0 && strcmp(r->name, svc->meta.name) == 0)
			return 1;
		found = -1;
	}
	return found;
}

/* True if a Service of the namespace @ns has @ip.  Ignores the Service @but. */
static bool
ns_has_ip(const struct api_model *model, const char *ns, const struct object *but,
    const struct ip *ip)
{
	for (size_t i = 0; i < model->svcs.n; i++) {
		if (model->svcs.v[i] != but && strcmp(model->svcs.v[i]->meta.ns, ns) == 0 &&
		    service_has(model->svcs.v[i], ip))
			return true;
	}
	return false;
}

static size_t
ns_uses(const struct api_model *model, const struct flat_pool *pool, const char *ns,
    const struct object *but)
{
	size_t n = 0;

	for (size_t i = 0; i < pool->n; i++)
		n += ns_has_ip(model, ns, but, &pool->ips[i]);
	return n;
}

bool
quota_allows(const struct api_model *model, const struct flat_pool *pool, const struct object *svc,
    const struct ip *ip, bool requested)
{
	return !pool->rules.quota || ns_has_ip(model, svc->meta.ns, svc, ip) ||
	    (int64_t)ns_uses(model, pool, svc->meta.ns, requested ? svc : NULL) < pool->rules.quota;
}

/*
 * True if a host outside the cluster uses @ip.  False if a Service has @ip, because then @ip is not
 * probed.
 */
static bool
is_used(const struct api_model *model, const struct ip *ip)
{
	bool used = false;

	for (size_t i = 0; i < model->api->n_used; i++)
		used |= ip_equal(&model->api->used[i], ip);
	for (size_t i = 0; i < model->svcs.n; i++)
		used &= !service_has(model->svcs.v[i], ip);
	return used;
}

bool
could_have_ip(const struct api_model *model, const struct flat_pool *pool, const struct object *svc,
    const struct ip *ip, bool requested)
{
	int reserved = reserved_for(pool, svc, ip);

	return pool_contains(pool, ip) && !is_used(model, ip) &&
	    !is_node_address(model, pool, ip, requested) &&
	    !find_sharing_conflict(&model->svcs, svc, ip, pool->rules.share_namespaces) &&
	    reserved >= 0 && (requested || (!reserved && !pool_rules_excluded(&pool->rules, ip))) &&
	    quota_allows(model, pool, svc, ip, requested);
}

static bool
could_have_any_ip(const struct api_model *model, const struct flat_pool *pool,
    const struct object *svc, uint8_t family, struct ip *ret_ip)
{
	const char *requested_ips = svc->u.service.ann_ips;

	for (size_t i = 0; i < pool->n; i++) {
		char text[IP_TEXT_MAX];
		bool this = !requested_ips || strcmp(requested_ips, ip_format(&pool->ips[i],
		    text)) == 0;

		*ret_ip = pool->ips[i];
		if (ret_ip->family == family && this && could_have_ip(model, pool, svc, ret_ip,
		    requested_ips))
			return true;
	}
	return false;
}

/*
 * True if @svc has an address of @family in @pool.  @svc keeps this address while @pool serves
 * @svc.
 */
static bool
has_in_pool(const struct flat_pool *pool, const struct object *svc, uint8_t family,
    struct ip *ret_ip)
{
	for (size_t i = 0; i < svc->u.service.n_status; i++) {
		*ret_ip = svc->u.service.status[i];
		if (ret_ip->family == family && pool_contains(pool, ret_ip))
			return true;
	}
	return false;
}

bool
could_be_allocated(const struct api_model *model, const struct object *svc, uint8_t family,
    struct ip *ret_ip)
{
	const struct service *spec = &svc->u.service;

	for (size_t i = 0; i < model->pools.n; i++) {
		const struct object *pool = model->pools.v[i];

		if (!pool_serves(pool, svc, &model->namespaces))
			continue;
		if (has_in_pool(&model->flat_pools[i], svc, family, ret_ip))
			return true;
		if (spec->ann_pool && strcmp(spec->ann_pool, pool->meta.name) != 0)
			continue;
		if (!spec->ann_pool && !spec->ann_ips && !pool->u.pool.auto_assign)
			continue;
		if (could_have_any_ip(model, &model->flat_pools[i], svc, family, ret_ip))
			return true;
	}
	return false;
}
