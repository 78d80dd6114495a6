/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"
#include "core/story/facts.h"
#include "flat.h"

#include <stdlib.h>
#include <string.h>

const char *
judge_twice(struct api *api, struct arena *mem)
{
	const char *wrong = NULL;
	struct all svcs;

	all_read(api, KIND_SERVICE, &svcs);
	for (size_t i = 0; i < svcs.n; i++) {
		const struct service *spec = &svcs.v[i]->u.service;

		for (size_t j = 0; j < spec->n_status; j++) {
			const struct object *other = conflicting_host(&svcs, svcs.v[i], &spec->status[j]);
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
wants(const struct service *spec, uint8_t family)
{
	return spec->families[0] == family || (spec->n_families == 2 && spec->families[1] == family);
}

/* Is an address reserved for it that it could have and has not?  In @ret_is whether any is. */
static const char *
judge_reserved(const struct facts *f, const struct object *svc, bool *ret_is, struct arena *mem)
{
	const struct service *spec = &svc->u.service;
	char text[IP_TEXT_MAX];

	*ret_is = false;
	for (size_t i = 0; i < f->pools.n && !spec->ann_ips; i++) {
		const struct flat *pool = &f->flats[i];

		if (spec->ann_pool && strcmp(spec->ann_pool, pool->obj->meta.name) != 0)
			continue;
		for (size_t j = 0; j < pool->n; j++) {
			const struct ip *ip = &pool->ips[j];

			if (reserved_for(pool, svc, ip) != 1 || !wants(spec, ip->family))
				continue;
			*ret_is = true;
			if (!has(svc, ip) && spec->n_families == 1 &&
			    serves(pool->obj, svc, &f->namespaces) &&
			    could_have(f, pool, svc, ip, true))
				return arena_printf(mem, "%s could have %s, which is reserved for it",
				    svc->meta.name, ip_format(ip, text));
		}
	}
	return NULL;
}

static bool
any_quota(const struct facts *f)
{
	for (size_t i = 0; i < f->pools.n; i++) {
		if (f->flats[i].rules.quota)
			return true;
	}
	return false;
}

/* What a Service of one or two families could have, against what it has. */
static const char *
judge_one(const struct facts *f, const struct object *svc, struct arena *mem)
{
	const struct service *spec = &svc->u.service;
	size_t could = 0, want = spec->n_families;
	const char *wrong;
	char text[IP_TEXT_MAX];
	bool reserved;
	struct ip ip;

	if (!spec->load_balancer || spec->lb_class)
		return spec->n_status && !spec->lb_class ?
		    arena_printf(mem, "%s is no LoadBalancer and has an address", svc->meta.name) :
		    NULL;
	wrong = judge_reserved(f, svc, &reserved, mem);
	if (reserved)
		return wrong;
	for (size_t i = 0; i < spec->n_families; i++)
		could += could_be_given(f, svc, spec->families[i], &ip);
	if (could < want && spec->policy == REQUIRE_DUAL_STACK) /* what it has of them stays */
		could = spec->n_status <= could ? spec->n_status : 0;
	if (could == 2 && spec->policy == REQUIRE_DUAL_STACK && any_quota(f))
		return NULL; /* there may be room for one, which does not serve it */
	if (could == 2 && spec->policy == REQUIRE_DUAL_STACK && spec->ann_pool && spec->n_status == 1)
		return NULL; /* what it has may be of another pool, and no half of what it asks for */
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
	struct facts *f = arena_alloc(mem, sizeof(*f));
	const char *wrong = NULL;

	facts_read(api, f);
	for (size_t i = 0; i < f->svcs.n && !wrong; i++)
		wrong = judge_one(f, f->svcs.v[i], mem);
	facts_free(f);
	return wrong;
}

static const char *
judge_pool(const struct facts *f, const struct flat *pool, struct arena *mem)
{
	const struct pool_counts *c = &pool->obj->u.pool.status;
	int64_t used = 0, unused = 0;

	for (size_t i = 0; i < pool->n; i++) {
		size_t s = 0;

		while (s < f->svcs.n && !has(f->svcs.v[s], &pool->ips[i]))
			s++;
		used += s < f->svcs.n;
		unused += s == f->svcs.n && !is_infra(f, pool, &pool->ips[i], true);
	}
	if (c->assigned4 + c->assigned6 == used && c->available4 + c->available6 == unused)
		return NULL;
	return arena_printf(mem, "pool %s says %d used and %d free, but it is %d and %d",
	    pool->obj->meta.name, (int)(c->assigned4 + c->assigned6),
	    (int)(c->available4 + c->available6), (int)used, (int)unused);
}

const char *
judge_counts(struct api *api, struct arena *mem)
{
	struct facts *f = arena_alloc(mem, sizeof(*f));
	const char *wrong = NULL;

	facts_read(api, f);
	for (size_t i = 0; i < f->pools.n && !wrong; i++)
		wrong = judge_pool(f, &f->flats[i], mem);
	facts_free(f);
	return wrong;
}

/* Is somebody known by @seen, who asks for @ip and could have it, passed over for @svc? */
static const char *
outbid(const struct facts *f, const struct object *svc, const struct ip *ip, int seen,
    struct arena *mem)
{
	for (size_t i = 0; i < f->svcs.n; i++) {
		const struct object *other = f->svcs.v[i];
		const struct service *spec = &other->u.service;
		char text[IP_TEXT_MAX];
		struct ip theirs;

		if (!spec->ann_ips || strcmp(spec->ann_ips, ip_format(ip, text)) != 0 ||
		    other == svc || !spec->load_balancer || spec->lb_class ||
		    spec->n_families != 1 || atoi(other->meta.version) > seen || has(other, ip) ||
		    fit_together(spec, &svc->u.service))
			continue;
		if (could_be_given(f, other, ip->family, &theirs) && ip_equal(&theirs, ip))
			return arena_printf(mem, "%s gets %s, which %s asks for", svc->meta.name,
			    text, other->meta.name);
	}
	return NULL;
}

const char *
judge_gift(struct api *api, const struct action *act, int seen,
    bool (*rests_for)(const struct ip *ip, const char *key), struct arena *mem)
{
	struct facts *f = arena_alloc(mem, sizeof(*f));
	const char *wrong = NULL, *key = arena_printf(mem, "svc %s/%s", act->on.ns, act->on.name);

	facts_read(api, f);
	for (size_t s = 0; s < f->svcs.n && !wrong; s++) {
		const struct object *svc = f->svcs.v[s];
		bool asks = svc->u.service.ann_ips;

		if (strcmp(svc->meta.ns, act->on.ns) != 0 || strcmp(svc->meta.name, act->on.name) != 0)
			continue;
		for (size_t i = 0; i < act->u.service_status.n * f->pools.n && !wrong; i++) {
			const struct ip *ip = &act->u.service_status.ips[i / f->pools.n];
			const struct flat *pool = &f->flats[i % f->pools.n];
			int reserved = reserved_for(pool, svc, ip);
			char text[IP_TEXT_MAX];

			if (has(svc, ip) || !gives(pool, ip))
				continue;
			ip_format(ip, text);
			if (reserved < 0)
				wrong = arena_printf(mem, "%s gets %s, which is reserved",
				    svc->meta.name, text);
			else if (!asks && !reserved && rules_excluded(&pool->rules, ip))
				wrong = arena_printf(mem, "%s gets %s, which is excluded",
				    svc->meta.name, text);
			else if (!quota_allows(f, pool, svc, ip, true))
				wrong = arena_printf(mem, "%s gets %s, above the quota",
				    svc->meta.name, text);
			else if (!asks && !reserved && !rests_for(ip, key))
				wrong = outbid(f, svc, ip, seen, mem);
		}
	}
	facts_free(f);
	return wrong;
}

int64_t
judge_rest_ms(struct api *api, const struct ip *ip)
{
	struct arena mem = { 0 };
	struct facts *f = arena_alloc(&mem, sizeof(*f));
	int64_t cooldown_ms = 0;

	facts_read(api, f);
	for (size_t i = 0; i < f->pools.n; i++) {
		if (gives(&f->flats[i], ip))
			cooldown_ms = f->flats[i].rules.cooldown_ms;
	}
	facts_free(f);
	arena_done(&mem);
	return cooldown_ms;
}
