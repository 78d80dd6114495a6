/* SPDX-License-Identifier: Apache-2.0 */
#include "flat.h"
#include "core/story/facts.h"

#include <stdlib.h>
#include <string.h>

void
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

void
all_free(struct all *all)
{
	for (size_t i = 0; i < all->n; i++)
		object_free(all->v[i]);
}

bool
has(const struct object *svc, const struct ip *ip)
{
	for (size_t i = 0; i < svc->u.service.n_status; i++) {
		if (ip_equal(&svc->u.service.status[i], ip))
			return true;
	}
	return false;
}

bool
fit_together(const struct service *a, const struct service *b)
{
	const struct sharing *ours = a->share, *theirs = b->share;

	if (!ours || !theirs || strcmp(ours->key, theirs->key) != 0 || a->local != b->local)
		return false;
	if (a->local && !labels_equal(&ours->selector, &theirs->selector))
		return false;
	for (size_t i = 0; i < ours->n_ports * theirs->n_ports; i++) {
		const struct service_port *p = &ours->ports[i / theirs->n_ports];
		const struct service_port *q = &theirs->ports[i % theirs->n_ports];

		if (p->port == q->port && strcmp(p->protocol, q->protocol) == 0)
			return false;
	}
	return true;
}

const struct object *
conflicting_host(const struct all *svcs, const struct object *svc, const struct ip *ip)
{
	for (size_t i = 0; i < svcs->n; i++) {
		if (svcs->v[i] != svc && has(svcs->v[i], ip) &&
		    !fit_together(&svc->u.service, &svcs->v[i]->u.service))
			return svcs->v[i];
	}
	return NULL;
}

/* Without the addresses that the pool avoids. */
static void
flatten(const struct object *pool, struct flat *ret)
{
	const struct pool *spec = &pool->u.pool;
	struct ip_range ranges[8];

	*ret = (struct flat){ .obj = pool };
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
	if (rules_parse(spec, ranges, spec->addresses.n, &ret->rules, NULL) < 0)
		abort();
}

void
facts_read(struct api *api, struct facts *f)
{
	f->api = api;
	all_read(api, KIND_SERVICE, &f->svcs);
	all_read(api, KIND_POOL, &f->pools);
	all_read(api, KIND_NAMESPACE, &f->namespaces);
	all_read(api, KIND_NODE, &f->nodes);
	for (size_t i = 0; i < f->pools.n; i++)
		flatten(f->pools.v[i], &f->flats[i]);
}

void
facts_free(struct facts *f)
{
	for (size_t i = 0; i < f->pools.n; i++)
		rules_done(&f->flats[i].rules);
	all_free(&f->svcs);
	all_free(&f->pools);
	all_free(&f->namespaces);
	all_free(&f->nodes);
}

bool
gives(const struct flat *pool, const struct ip *ip)
{
	for (size_t i = 0; i < pool->n; i++) {
		if (ip_equal(&pool->ips[i], ip))
			return true;
	}
	return false;
}

bool
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

bool
is_infra(const struct facts *f, const struct flat *pool, const struct ip *ip, bool asked)
{
	for (size_t i = 0; i < f->nodes.n; i++) {
		const struct node *node = &f->nodes.v[i]->u.node;

		for (size_t j = 0; j < node->n_addrs; j++) {
			if (ip_equal(&node->addrs[j], ip))
				return !asked || !pool->rules.allow_node_gateway;
		}
	}
	return false;
}

int
reserved_for(const struct flat *pool, const struct object *svc, const struct ip *ip)
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

/* Does a Service of the namespace, but for @but, have the address? */
static bool
ns_has(const struct facts *f, const char *ns, const struct object *but, const struct ip *ip)
{
	for (size_t i = 0; i < f->svcs.n; i++) {
		if (f->svcs.v[i] != but && strcmp(f->svcs.v[i]->meta.ns, ns) == 0 &&
		    has(f->svcs.v[i], ip))
			return true;
	}
	return false;
}

static size_t
ns_uses(const struct facts *f, const struct flat *pool, const char *ns, const struct object *but)
{
	size_t n = 0;

	for (size_t i = 0; i < pool->n; i++)
		n += ns_has(f, ns, but, &pool->ips[i]);
	return n;
}

bool
quota_allows(const struct facts *f, const struct flat *pool, const struct object *svc,
    const struct ip *ip, bool asked)
{
	return !pool->rules.quota || ns_has(f, svc->meta.ns, svc, ip) ||
	    (int64_t)ns_uses(f, pool, svc->meta.ns, asked ? svc : NULL) < pool->rules.quota;
}

/* Has another host the address?  Where a Service has it already, nobody asks any more. */
static bool
is_used(const struct facts *f, const struct ip *ip)
{
	bool used = false;

	for (size_t i = 0; i < f->api->n_used; i++)
		used |= ip_equal(&f->api->used[i], ip);
	for (size_t i = 0; i < f->svcs.n; i++)
		used &= !has(f->svcs.v[i], ip);
	return used;
}

bool
could_have(const struct facts *f, const struct flat *pool, const struct object *svc,
    const struct ip *ip, bool asked)
{
	int reserved = reserved_for(pool, svc, ip);

	return gives(pool, ip) && !is_used(f, ip) && !is_infra(f, pool, ip, asked) &&
	    !conflicting_host(&f->svcs, svc, ip) &&
	    reserved >= 0 && (asked || (!reserved && !rules_excluded(&pool->rules, ip))) &&
	    quota_allows(f, pool, svc, ip, asked);
}

static bool
could_have_any(const struct facts *f, const struct flat *pool, const struct object *svc,
    uint8_t family, struct ip *ret_ip)
{
	const char *asks = svc->u.service.ann_ips;

	for (size_t i = 0; i < pool->n; i++) {
		char text[IP_TEXT_MAX];
		bool this = !asks || strcmp(asks, ip_format(&pool->ips[i], text)) == 0;

		*ret_ip = pool->ips[i];
		if (ret_ip->family == family && this && could_have(f, pool, svc, ret_ip, asks))
			return true;
	}
	return false;
}

/* Has it an address of @family in @pool?  That one stays, as long as the pool serves it. */
static bool
has_in(const struct flat *pool, const struct object *svc, uint8_t family, struct ip *ret_ip)
{
	for (size_t i = 0; i < svc->u.service.n_status; i++) {
		*ret_ip = svc->u.service.status[i];
		if (ret_ip->family == family && gives(pool, ret_ip))
			return true;
	}
	return false;
}

bool
could_be_given(const struct facts *f, const struct object *svc, uint8_t family,
    struct ip *ret_ip)
{
	const struct service *spec = &svc->u.service;

	for (size_t i = 0; i < f->pools.n; i++) {
		const struct object *pool = f->pools.v[i];

		if (!serves(pool, svc, &f->namespaces))
			continue;
		if (has_in(&f->flats[i], svc, family, ret_ip))
			return true;
		if (spec->ann_pool && strcmp(spec->ann_pool, pool->meta.name) != 0)
			continue;
		if (!spec->ann_pool && !spec->ann_ips && !pool->u.pool.auto_assign)
			continue;
		if (could_have_any(f, &f->flats[i], svc, family, ret_ip))
			return true;
	}
	return false;
}
