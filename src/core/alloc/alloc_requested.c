/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc_ctx.h"
#include "probe_results.h"
#include "addr_uses.h"
#include "core/pools/pools.h"

#include <string.h>

/* Addresses by name: those that a Service asks for, and those that pools reserve for it. */

const char *
reserved_for_others(const struct alloc_ctx *alloc_ctx, const struct pool_entry *pool, const struct ip *ip)
{
	const struct reservation *first = rules_reserved(&pool->rules, ip);
	const struct meta *meta = &alloc_ctx->svc->e.obj->meta;

	if (!first || rules_reserved_for(&pool->rules, ip, meta->ns, meta->name))
		return NULL;
	return arena_printf(alloc_ctx->mem, "%s is reserved for Service %s/%s (%s of pool \"%s\")",
	    ip_text(alloc_ctx, ip), first->ns, first->name, pool_annotation_keys[ANNOTATION_RESERVATIONS],
	    pool_name(pool));
}

static const char *
infra_refuses(const struct alloc_ctx *alloc_ctx, const struct pool_entry *pool, const struct ip *ip)
{
	const char *what = pool_node_gateway(alloc_ctx->world, pool, ip);

	if (!what)
		return NULL;
	return arena_printf(alloc_ctx->mem, "%s %s; to give it all the same, annotate pool \"%s\" with "
	    "%s: \"true\"", ip_text(alloc_ctx, ip), what, pool_name(pool), pool_annotation_keys[ANNOTATION_NODE_GATEWAY]);
}

static const char *
rest_refuses(const struct alloc_ctx *alloc_ctx, const struct pool_entry *pool, const struct ip *ip)
{
	const struct cooldown *cooldown = cooldown_find(alloc_ctx->world, ip);

	if (!cooldown || cooldown_is_of(cooldown, &alloc_ctx->svc->e.obj->meta))
		return NULL;
	return arena_printf(alloc_ctx->mem, "%s was released by Service %s/%s and rests (%s: %s of pool "
	    "\"%s\")", ip_text(alloc_ctx, ip), cooldown->ns, cooldown->name, pool_annotation_keys[ANNOTATION_REUSE_AFTER],
	    pool->c.in_force->u.pool.notes[ANNOTATION_REUSE_AFTER], pool_name(pool));
}

static const char *
users_refuse(const struct alloc_ctx *alloc_ctx, const struct ip *ip)
{
	const struct svc *other = NULL;

	if (sharing_admits(alloc_ctx->svc, addrs_find(alloc_ctx->world, ip), &other))
		return NULL;
	return arena_printf(alloc_ctx->mem, "%s is in use by Service %s; to share it, both need the same "
	    "metallb.io/allow-shared-ip, different ports and the same externalTrafficPolicy (for "
	    "Local, also the same selector)", ip_text(alloc_ctx, ip), svc_name(alloc_ctx, other));
}

/*
 * An address that nobody has been given, and that is used or not known to be free.  It is to be
 * known as long as the Service waits, whatever else is in its way.
 */
static const char *
lan_refuses(const struct alloc_ctx *alloc_ctx, const struct ip *ip)
{
	if (addrs_find(alloc_ctx->world, ip))
		return NULL;
	switch (probe_state(alloc_ctx->world, ip)) {
	case PROBE_USED:
		return probe_result_text(alloc_ctx->world, ip, alloc_ctx->mem);
	case PROBE_UNKNOWN:
		alloc_ctx->ret->waits = true;
		ips_add(&alloc_ctx->ret->named, ip);
		return "it is being asked for on its LAN";
	case PROBE_FREE:
		ips_add(&alloc_ctx->ret->named, ip);
		break;
	}
	return NULL;
}

/* NULL if @pool, which contains @ip, gives it to the Service that names it; else why not. */
static const char *
pool_keeps(const struct alloc_ctx *alloc_ctx, const struct pool_entry *pool, const struct ip *ip)
{
	const char *text = ip_text(alloc_ctx, ip), *why;

	if (!pool_gives(pool, ip))
		return arena_printf(alloc_ctx->mem, "pool \"%s\" avoids %s (avoidBuggyIPs)",
		    pool_name(pool), text);
	why = give_refuses(alloc_ctx, pool);
	if (why)
		return arena_printf(alloc_ctx->mem, "pool \"%s\" of %s may not be used: %s",
		    pool_name(pool), text, why);
	why = reserved_for_others(alloc_ctx, pool, ip);
	if (!why)
		why = infra_refuses(alloc_ctx, pool, ip);
	if (!why)
		why = users_refuse(alloc_ctx, ip);
	if (!why)
		why = rest_refuses(alloc_ctx, pool, ip);
	return why ? why : lan_refuses(alloc_ctx, ip);
}

/* NULL if the namespace may have all of @ips. */
static const char *
quotas_refuse(const struct alloc_ctx *alloc_ctx, const struct ips *ips)
{
	for (size_t i = 0; i < ips->n; i++) {
		const struct pool_entry *pool = pools_containing(alloc_ctx->world, &ips->v[i]);
		struct ips others = *ips;

		ips_drop(&others, &ips->v[i]);
		if (!quota_room(alloc_ctx->world, pool, alloc_ctx->svc, &others) &&
		    !quota_counted(addrs_find(alloc_ctx->world, &ips->v[i]), alloc_ctx->svc))
			return arena_printf(alloc_ctx->mem, "pool \"%s\" does not give %s: %s",
			    pool_name(pool), ip_text(alloc_ctx, &ips->v[i]),
			    quota_text(alloc_ctx->world, pool, alloc_ctx->svc, alloc_ctx->mem));
	}
	return NULL;
}

const char *
alloc_requested(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips)
{
	const struct pool_entry *first = NULL;
	const char *why = families_refuse(alloc_ctx, &alloc_ctx->req.ips);

	for (size_t i = 0; !why && i < alloc_ctx->req.ips.n; i++) {
		const struct ip *ip = &alloc_ctx->req.ips.v[i];
		const struct pool_entry *pool = pools_containing(alloc_ctx->world, ip);
		const char *text = ip_text(alloc_ctx, ip);

		if (!pool)
			return arena_printf(alloc_ctx->mem, "no IPAddressPool contains %s", text);
		if (alloc_ctx->req.pool && strcmp(alloc_ctx->req.pool, pool_name(pool)) != 0)
			return arena_printf(alloc_ctx->mem, "%s is in pool \"%s\", but the Service asks "
			    "for pool \"%s\"", text, pool_name(pool), alloc_ctx->req.pool);
		if (first && first != pool)
			return arena_printf(alloc_ctx->mem, "the addresses asked for are in different "
			    "pools (\"%s\" and \"%s\")", pool_name(first), pool_name(pool));
		first = pool;
		why = pool_keeps(alloc_ctx, pool, ip);
	}
	if (!why)
		why = quotas_refuse(alloc_ctx, &alloc_ctx->req.ips);
	if (!why)
		*ret_ips = alloc_ctx->req.ips;
	return why;
}

/* What @pool reserves for the Service, of families that it has none of yet. */
static void
add_reserved(struct alloc_ctx *alloc_ctx, const struct pool_entry *pool)
{
	const struct meta *meta = &alloc_ctx->svc->e.obj->meta;
	struct ip ips[2];
	size_t n;

	if (!pool->rules.n_reserved || pool->closed ||
	    (alloc_ctx->req.pool && strcmp(alloc_ctx->req.pool, pool_name(pool)) != 0))
		return;
	n = rules_owned(&pool->rules, meta->ns, meta->name, ips);
	for (size_t i = 0; i < n; i++) {
		if (wants_family(alloc_ctx->spec, ips[i].family) &&
		    !ips_of_family(&alloc_ctx->reserved, ips[i].family))
			ips_add(&alloc_ctx->reserved, &ips[i]);
	}
}

/* The pools that serve it come first; others only so that it is told why they do not. */
void
find_reserved(struct alloc_ctx *alloc_ctx)
{
	for (size_t p = 0; p < alloc_ctx->world->n_pools; p++) {
		if (alloc_ctx->world->pools[p]->rules.n_reserved &&
		    !pool_refuses(alloc_ctx->world, alloc_ctx->world->pools[p], alloc_ctx->svc, alloc_ctx->mem))
			add_reserved(alloc_ctx, alloc_ctx->world->pools[p]);
	}
	for (size_t p = 0; p < alloc_ctx->world->n_pools; p++)
		add_reserved(alloc_ctx, alloc_ctx->world->pools[p]);
}

/* An address of a family that has none reserved: the one it has may stay, or any. */
const char *
alloc_reserved(const struct alloc_ctx *alloc_ctx, struct ips *ret_ips)
{
	struct ips ips = alloc_ctx->reserved, kept, more;
	const char *why = NULL;

	for (size_t i = 0; !why && i < alloc_ctx->reserved.n; i++) {
		const struct ip *ip = &alloc_ctx->reserved.v[i];
		const struct pool_entry *pool = pools_containing(alloc_ctx->world, ip);

		why = pool_keeps(alloc_ctx, pool, ip);
		if (why)
			why = arena_printf(alloc_ctx->mem, "pool \"%s\" reserves %s for this Service, "
			    "but %s", pool_name(pool), ip_text(alloc_ctx, ip), why);
	}
	if (!why)
		why = quotas_refuse(alloc_ctx, &ips);
	if (why)
		return why;
	may_keep(alloc_ctx, &kept);
	for (size_t i = 0; i < kept.n; i++) {
		if (!ips_of_family(&ips, kept.v[i].family))
			ips_add(&ips, &kept.v[i]);
	}
	if (ips.n < alloc_ctx->spec->n_families && alloc_second_family(alloc_ctx, &ips, &more))
		ips = more;
	why = families_refuse(alloc_ctx, &ips);
	if (!why)
		*ret_ips = ips;
	return why;
}
