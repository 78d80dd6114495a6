/* SPDX-License-Identifier: Apache-2.0 */
#include "invariants.h"
#include "core/scenario/object_text.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

const char *
check_no_address_twice(struct fake_api *api, struct arena *mem)
{
	const char *wrong = NULL;
	struct object_list svcs;

	object_list_read(api, KIND_SERVICE, &svcs);
	for (size_t i = 0; i < svcs.n; i++) {
		const struct service *spec = &svcs.v[i]->u.service;

		for (size_t j = 0; j < spec->n_status; j++) {
			const struct object *other = find_sharing_conflict(&svcs, svcs.v[i],
			    &spec->status[j], api->share_namespaces == SHARE_NO_NAMESPACES ?
			    SHARE_NO_NAMESPACES : SHARE_LIKE_METALLB);
			char text[IP_TEXT_MAX];

			if (other)
				wrong = arena_printf(mem,
				    "Services %s and %s both have %s, but may not share it",
				    svcs.v[i]->meta.name, other->meta.name,
				    ip_format(&spec->status[j], text));
		}
	}
	object_list_free(&svcs);
	return wrong;
}

static bool
service_has_family(const struct service *spec, uint8_t family)
{
	return spec->families[0] == family ||
	    (spec->n_families == 2 && spec->families[1] == family);
}

/*
 * Returns an error if @svc could have an address that is reserved for @svc, but does not have it.
 * Sets *@ret_is to true if an address is reserved for @svc.
 */
static const char *
check_reserved(const struct api_model *model, const struct object *svc, bool *ret_is,
    struct arena *mem)
{
	const struct service *spec = &svc->u.service;
	char text[IP_TEXT_MAX];

	*ret_is = false;
	for (size_t i = 0; i < model->pools.n && !spec->ann_ips; i++) {
		const struct flat_pool *pool = &model->flat_pools[i];

		if (spec->ann_pool && strcmp(spec->ann_pool, pool->obj->meta.name) != 0)
			continue;
		for (size_t j = 0; j < pool->n; j++) {
			const struct ip *ip = &pool->ips[j];

			if (reserved_for(pool, svc, ip) != 1 || !service_has_family(spec,
			    ip->family))
				continue;
			*ret_is = true;
			if (!service_has(svc, ip) && spec->n_families == 1 &&
			    pool_serves(pool->obj, svc, &model->namespaces) &&
			    could_have_ip(model, pool, svc, ip, true))
				return arena_printf(mem,
				    "Service %s does not have %s, which is reserved for it",
				    svc->meta.name, ip_format(ip, text));
		}
	}
	return NULL;
}

static bool
any_quota(const struct api_model *model)
{
	for (size_t i = 0; i < model->pools.n; i++) {
		if (model->flat_pools[i].rules.quota)
			return true;
	}
	return false;
}

/* Returns an error if the number of addresses of @svc is not the number that it could have. */
static const char *
check_service(const struct api_model *model, const struct object *svc, struct arena *mem)
{
	const struct service *spec = &svc->u.service;
	size_t could = 0, want = spec->n_families;
	const char *wrong;
	char text[IP_TEXT_MAX];
	bool reserved;
	struct ip ip;

	if (!spec->load_balancer || spec->lb_class)
		return spec->n_status && !spec->lb_class ?
		    arena_printf(mem, "Service %s is not of type LoadBalancer, but has an address",
		    svc->meta.name) :
		    NULL;
	wrong = check_reserved(model, svc, &reserved, mem);
	if (reserved)
		return wrong;
	for (size_t i = 0; i < spec->n_families; i++)
		could += could_be_allocated(model, svc, spec->families[i], &ip);
	if (could < want &&
	    spec->policy == REQUIRE_DUAL_STACK) /* keeps its addresses */
		could = spec->n_status <= could ? spec->n_status : 0;
	if (could == 2 && spec->policy == REQUIRE_DUAL_STACK && any_quota(model))
		return NULL; /* the quota may admit only one of the two addresses */
	if (could == 2 && spec->policy == REQUIRE_DUAL_STACK && spec->ann_pool &&
	    spec->n_status == 1)
		return NULL; /* the Service's address can be from a pool that it did not request */
	if (spec->ann_ips &&
	    spec->n_status) /* the Service has an address, and waits for the requested address */
		return could == want && !service_has(svc, &ip) ?
		    arena_printf(mem, "Service %s could have %s", svc->meta.name, ip_format(&ip,
		    text)) :
		    NULL;
	if (could != spec->n_status && !(spec->ann_pool && could < spec->n_status))
		return arena_printf(mem, "Service %s could have %zu addresses, but has %u",
		    svc->meta.name, could, (unsigned int)spec->n_status);
	return NULL;
}

const char *
check_all_served(struct fake_api *api, struct arena *mem)
{
	struct api_model *model = arena_alloc(mem, sizeof(*model));
	const char *wrong = NULL;

	model_read(api, model);
	for (size_t i = 0; i < model->svcs.n && !wrong; i++)
		wrong = check_service(model, model->svcs.v[i], mem);
	model_free(model);
	return wrong;
}

static const char *
check_pool(const struct api_model *model, const struct flat_pool *pool, struct arena *mem)
{
	const struct pool_counts *c = &pool->obj->u.pool.status;
	int64_t used = 0, unused = 0;

	for (size_t i = 0; i < pool->n; i++) {
		size_t s = 0;

		while (s < model->svcs.n && !service_has(model->svcs.v[s], &pool->ips[i]))
			s++;
		used += s < model->svcs.n;
		unused += s == model->svcs.n && !is_node_address(model, pool, &pool->ips[i], true);
	}
	if (c->assigned4 + c->assigned6 == used && c->available4 + c->available6 == unused)
		return NULL;
	return arena_printf(mem,
	    "the status of pool %s has %d assigned and %d available; right: %d and %d",
	    pool->obj->meta.name, (int)(c->assigned4 + c->assigned6),
	    (int)(c->available4 + c->available6), (int)used, (int)unused);
}

const char *
check_pool_counts(struct fake_api *api, struct arena *mem)
{
	struct api_model *model = arena_alloc(mem, sizeof(*model));
	const char *wrong = NULL;

	model_read(api, model);
	for (size_t i = 0; i < model->pools.n && !wrong; i++)
		wrong = check_pool(model, &model->flat_pools[i], mem);
	model_free(model);
	return wrong;
}

/*
 * Returns an error if @svc gets @ip, although another Service requests @ip and could have @ip, and
 * the daemon had received that other Service.
 */
static const char *
check_request_first(const struct api_model *model, const struct object *svc, const struct ip *ip,
    int seen_version, struct arena *mem)
{
	for (size_t i = 0; i < model->svcs.n; i++) {
		const struct object *other = model->svcs.v[i];
		const struct service *spec = &other->u.service;
		char text[IP_TEXT_MAX];
		struct ip theirs;

		if (!spec->ann_ips || strcmp(spec->ann_ips, ip_format(ip, text)) != 0 ||
		    other == svc || !spec->load_balancer || spec->lb_class ||
		    spec->n_families != 1 || atoi(other->meta.version) > seen_version ||
		    service_has(other, ip) || may_share(other, svc, model->api->share_namespaces))
			continue;
		if (could_be_allocated(model, other, ip->family, &theirs) && ip_equal(&theirs, ip))
			return arena_printf(mem, "Service %s gets %s, which Service %s requests",
			    svc->meta.name, text, other->meta.name);
	}
	return NULL;
}

const char *
check_allocation(struct fake_api *api, const struct action *act, int seen_version,
    bool (*is_cooldown_of)(const struct ip *ip, const char *key), struct arena *mem)
{
	struct api_model *model = arena_alloc(mem, sizeof(*model));
	const char *wrong = NULL, *key = arena_printf(mem, "svc %s/%s", act->on.ns, act->on.name);

	model_read(api, model);
	for (size_t s = 0; s < model->svcs.n && !wrong; s++) {
		const struct object *svc = model->svcs.v[s];
		bool requested_ips = svc->u.service.ann_ips;

		if (strcmp(svc->meta.ns, act->on.ns) != 0 || strcmp(svc->meta.name,
		    act->on.name) != 0)
			continue;
		for (size_t i = 0; i < act->u.service_status.n * model->pools.n && !wrong; i++) {
			const struct ip *ip = &act->u.service_status.ips[i / model->pools.n];
			const struct flat_pool *pool = &model->flat_pools[i % model->pools.n];
			int reserved = reserved_for(pool, svc, ip);
			char text[IP_TEXT_MAX];

			if (service_has(svc, ip) || !pool_contains(pool, ip))
				continue;
			ip_format(ip, text);
			if (reserved < 0)
				wrong = arena_printf(mem,
				    "Service %s gets %s, which is reserved for another",
				    svc->meta.name, text);
			else if (!requested_ips && !reserved && pool_rules_excluded(&pool->rules,
			    ip))
				wrong = arena_printf(mem, "Service %s gets %s, which is excluded",
				    svc->meta.name, text);
			else if (!quota_allows(model, pool, svc, ip, true))
				wrong = arena_printf(mem,
				    "Service %s gets %s, which exceeds the quota",
				    svc->meta.name, text);
			else if (!requested_ips && !reserved && !is_cooldown_of(ip, key))
				wrong = check_request_first(model, svc, ip, seen_version, mem);
		}
	}
	model_free(model);
	return wrong;
}

int64_t
cooldown_of_address_ms(struct fake_api *api, const struct ip *ip)
{
	struct arena mem = { 0 };
	struct api_model *model = arena_alloc(&mem, sizeof(*model));
	int64_t cooldown_ms = 0;

	model_read(api, model);
	for (size_t i = 0; i < model->pools.n; i++) {
		if (pool_contains(&model->flat_pools[i], ip))
			cooldown_ms = model->flat_pools[i].rules.cooldown_ms;
	}
	model_free(model);
	arena_done(&mem);
	return cooldown_ms;
}
