/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"
#include "facts.h"

#include <stdlib.h>
#include <string.h>

#define OBJECTS_MAX 64

/* All objects of one kind, decoded. */
struct all {
	struct object *v[OBJECTS_MAX];
	size_t n;
};

static void
all_read(struct api *api, enum kind kind, struct all *ret)
{
	char buf[FACT_LEN_MAX];
	struct stored *obj;

	ret->n = 0;
	TAILQ_FOREACH(obj, &api->objects, link) {
		struct object *one = fact_object(api_line(obj, buf));

		if (one->kind == kind && ret->n < OBJECTS_MAX)
			ret->v[ret->n++] = one;
		else
			object_free(one);
	}
}

static void
all_free(struct all *all)
{
	for (size_t i = 0; i < all->n; i++)
		object_free(all->v[i]);
}

static bool
has(const struct object *svc, const struct ip *ip)
{
	for (size_t i = 0; i < svc->u.service.n_status; i++) {
		if (ip_equal(&svc->u.service.status[i], ip))
			return true;
	}
	return false;
}

static bool
fit_together(const struct service *a, const struct service *b)
{
	if (!a->ann_share || !b->ann_share || strcmp(a->ann_share, b->ann_share) != 0 ||
	    !*a->ann_share || a->local != b->local)
		return false;
	if (a->local && !labels_equal(&a->selector, &b->selector))
		return false;
	for (size_t i = 0; i < a->n_ports * b->n_ports; i++) {
		const struct service_port *p = &a->ports[i / b->n_ports];
		const struct service_port *q = &b->ports[i % b->n_ports];

		if (p->port == q->port && strcmp(p->protocol, q->protocol) == 0)
			return false;
	}
	return true;
}

/* Could @svc be on @ip beside all others? */
static const struct object *
rival(const struct all *svcs, const struct object *svc, const struct ip *ip)
{
	for (size_t i = 0; i < svcs->n; i++) {
		if (svcs->v[i] != svc && has(svcs->v[i], ip) &&
		    !fit_together(&svc->u.service, &svcs->v[i]->u.service))
			return svcs->v[i];
	}
	return NULL;
}

const char *
judge_twice(struct api *api, struct arena *mem)
{
	const char *wrong = NULL;
	struct all svcs;

	all_read(api, KIND_SERVICE, &svcs);
	for (size_t i = 0; i < svcs.n; i++) {
		const struct service *spec = &svcs.v[i]->u.service;

		for (size_t j = 0; j < spec->n_status; j++) {
			const struct object *other = rival(&svcs, svcs.v[i], &spec->status[j]);
			char text[IP_TEXT_MAX];

			if (other)
				wrong = arena_printf(mem, "%s and %s both have %s",
				    svcs.v[i]->meta.name, other->meta.name,
				    ip_format(&spec->status[j], text));
		}
	}
	all_free(&svcs);
	return wrong;
}

static bool
gives(const struct object *pool, const struct ip *ip)
{
	struct ip_range range;
	bool in = false;

	for (size_t i = 0; i < pool->u.pool.addresses.n; i++) {
		if (ip_range_parse(pool->u.pool.addresses.v[i], &range, NULL) < 0)
			abort();
		in |= ip_range_contains(&range, ip);
	}
	return in && !(pool->u.pool.avoid_buggy && ip->family == IPV4 &&
	    (ip->b[3] == 0 || ip->b[3] == 255));
}

static bool
serves(const struct object *pool, const struct object *svc, const struct all *namespaces)
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

/* The first address of @family that @svc could have from @pool, by trying each. */
static bool
could_have(const struct object *pool, const struct object *svc, const struct all *svcs,
    uint8_t family, struct ip *ret_ip)
{
	const struct service *spec = &svc->u.service;

	for (size_t i = 0; i < pool->u.pool.addresses.n; i++) {
		struct ip_range range;
		struct ip ip;

		if (ip_range_parse(pool->u.pool.addresses.v[i], &range, NULL) < 0)
			abort();
		for (ip = range.first; ip_range_contains(&range, &ip);) {
			bool asked = !spec->ann_ips || strcmp(spec->ann_ips,
			    ip_format(&ip, (char[IP_TEXT_MAX]){ 0 })) == 0;

			*ret_ip = ip;
			if (ip.family == family && gives(pool, &ip) && asked &&
			    !rival(svcs, svc, &ip))
				return true;
			if (ip_next(&ip) < 0)
				break;
		}
	}
	return false;
}

/* Has it an address of @family in @pool?  That one stays, as long as the pool serves it. */
static bool
has_in(const struct object *pool, const struct object *svc, uint8_t family, struct ip *ret_ip)
{
	for (size_t i = 0; i < svc->u.service.n_status; i++) {
		*ret_ip = svc->u.service.status[i];
		if (ret_ip->family == family && gives(pool, ret_ip))
			return true;
	}
	return false;
}

static bool
could_be_given(const struct object *svc, uint8_t family, const struct all *svcs,
    const struct all *pools, const struct all *namespaces, struct ip *ret_ip)
{
	const struct service *spec = &svc->u.service;

	for (size_t i = 0; i < pools->n; i++) {
		const struct object *pool = pools->v[i];

		if (!serves(pool, svc, namespaces))
			continue;
		if (has_in(pool, svc, family, ret_ip))
			return true;
		if (spec->ann_pool && strcmp(spec->ann_pool, pool->meta.name) != 0)
			continue;
		if (!spec->ann_pool && !spec->ann_ips && !pool->u.pool.auto_assign)
			continue;
		if (could_have(pool, svc, svcs, family, ret_ip))
			return true;
	}
	return false;
}

/* What a Service of one or two families could have, against what it has. */
static const char *
judge_one(const struct object *svc, const struct all *svcs, const struct all *pools,
    const struct all *namespaces, struct arena *mem)
{
	const struct service *spec = &svc->u.service;
	size_t could = 0, want = spec->n_families;
	char text[IP_TEXT_MAX];
	struct ip ip;

	if (!spec->load_balancer || spec->lb_class)
		return spec->n_status && !spec->lb_class ?
		    arena_printf(mem, "%s is no LoadBalancer and has an address", svc->meta.name) :
		    NULL;
	for (size_t i = 0; i < spec->n_families; i++)
		could += could_be_given(svc, spec->families[i], svcs, pools, namespaces, &ip);
	if (could < want && spec->policy == REQUIRE_DUAL_STACK)
		could = 0;
	if (spec->ann_ips && spec->n_status) /* it keeps what it has until it can have that */
		return could == want && !has(svc, &ip) ?
		    arena_printf(mem, "%s could have %s", svc->meta.name, ip_format(&ip, text)) :
		    NULL;
	if (could != spec->n_status && !(spec->ann_pool && could < spec->n_status))
		return arena_printf(mem, "%s could have %zu addresses and has %u", svc->meta.name,
		    could, (unsigned int)spec->n_status);
	return NULL;
}

const char *
judge_served(struct api *api, struct arena *mem)
{
	struct all svcs, pools, namespaces;
	const char *wrong = NULL;

	all_read(api, KIND_SERVICE, &svcs);
	all_read(api, KIND_POOL, &pools);
	all_read(api, KIND_NAMESPACE, &namespaces);
	for (size_t i = 0; i < svcs.n && !wrong; i++)
		wrong = judge_one(svcs.v[i], &svcs, &pools, &namespaces, mem);
	all_free(&svcs);
	all_free(&pools);
	all_free(&namespaces);
	return wrong;
}

static const char *
judge_pool(const struct object *pool, const struct all *svcs, struct arena *mem)
{
	const struct pool_counts *c = &pool->u.pool.status;
	int64_t used = 0, unused = 0;

	for (size_t i = 0; i < pool->u.pool.addresses.n; i++) {
		struct ip_range range;
		struct ip ip;

		if (ip_range_parse(pool->u.pool.addresses.v[i], &range, NULL) < 0)
			abort();
		for (ip = range.first; ip_range_contains(&range, &ip);) {
			size_t s = 0;

			while (s < svcs->n && !has(svcs->v[s], &ip))
				s++;
			if (gives(pool, &ip))
				*(s < svcs->n ? &used : &unused) += 1;
			if (ip_next(&ip) < 0)
				break;
		}
	}
	if (c->assigned4 + c->assigned6 == used && c->available4 + c->available6 == unused)
		return NULL;
	return arena_printf(mem, "pool %s says %d used and %d free, but it is %d and %d",
	    pool->meta.name, (int)(c->assigned4 + c->assigned6),
	    (int)(c->available4 + c->available6), (int)used, (int)unused);
}

const char *
judge_counts(struct api *api, struct arena *mem)
{
	const char *wrong = NULL;
	struct all svcs, pools;

	all_read(api, KIND_SERVICE, &svcs);
	all_read(api, KIND_POOL, &pools);
	for (size_t i = 0; i < pools.n && !wrong; i++)
		wrong = judge_pool(pools.v[i], &svcs, mem);
	all_free(&svcs);
	all_free(&pools);
	return wrong;
}
