/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"
#include "check.h"
#include "claims.h"
#include "pools.h"

#include <string.h>

/* Addresses by name: those that a Service asks for, and those that pools reserve for it. */

const char *
reserved_for_others(const struct ask *ask, const struct pool_entry *pool, const struct ip *ip)
{
	const struct reservation *first = rules_reserved(&pool->rules, ip);
	const struct meta *meta = &ask->svc->e.obj->meta;

	if (!first || rules_reserved_for(&pool->rules, ip, meta->ns, meta->name))
		return NULL;
	return arena_printf(ask->mem, "%s is reserved for Service %s/%s (%s of pool \"%s\")",
	    ip_text(ask, ip), first->ns, first->name, pool_note_keys[NOTE_RESERVATIONS],
	    pool_name(pool));
}

static const char *
infra_refuses(const struct ask *ask, const struct pool_entry *pool, const struct ip *ip)
{
	const char *what = pool_infra(ask->world, pool, ip);

	if (!what)
		return NULL;
	return arena_printf(ask->mem, "%s %s; to give it all the same, annotate pool \"%s\" with "
	    "%s: \"true\"", ip_text(ask, ip), what, pool_name(pool), pool_note_keys[NOTE_INFRA]);
}

static const char *
rest_refuses(const struct ask *ask, const struct pool_entry *pool, const struct ip *ip)
{
	const struct rest *rest = rest_find(ask->world, ip);

	if (!rest || rest_is_of(rest, &ask->svc->e.obj->meta))
		return NULL;
	return arena_printf(ask->mem, "%s was released by Service %s/%s and rests (%s: %s of pool "
	    "\"%s\")", ip_text(ask, ip), rest->ns, rest->name, pool_note_keys[NOTE_REUSE_AFTER],
	    pool->c.good->u.pool.notes[NOTE_REUSE_AFTER], pool_name(pool));
}

static const char *
users_refuse(const struct ask *ask, const struct ip *ip)
{
	const struct svc *other = NULL;

	if (claims_allow(ask->svc, claims_find(ask->world, ip), &other))
		return NULL;
	return arena_printf(ask->mem, "%s is in use by Service %s; to share it, both need the same "
	    "metallb.io/allow-shared-ip, different ports and the same externalTrafficPolicy (for "
	    "Local, also the same selector)", ip_text(ask, ip), svc_name(ask, other));
}

/*
 * An address that nobody has been given, and that is used or not known to be free.  It is to be
 * known as long as the Service waits, whatever else is in its way.
 */
static const char *
lan_refuses(const struct ask *ask, const struct ip *ip)
{
	if (claims_find(ask->world, ip))
		return NULL;
	switch (check_state(ask->world, ip)) {
	case CHECK_USED:
		return check_text(ask->world, ip, ask->mem);
	case CHECK_UNKNOWN:
		ask->ret->waits = true;
		ips_add(&ask->ret->named, ip);
		return "it is being asked for on its LAN";
	case CHECK_FREE:
		ips_add(&ask->ret->named, ip);
		break;
	}
	return NULL;
}

/* NULL if @pool, which contains @ip, gives it to the Service that names it; else why not. */
static const char *
pool_keeps(const struct ask *ask, const struct pool_entry *pool, const struct ip *ip)
{
	const char *text = ip_text(ask, ip), *why;

	if (!pool_gives(pool, ip))
		return arena_printf(ask->mem, "pool \"%s\" avoids %s (avoidBuggyIPs)",
		    pool_name(pool), text);
	why = give_refuses(ask, pool);
	if (why)
		return arena_printf(ask->mem, "pool \"%s\" of %s may not be used: %s",
		    pool_name(pool), text, why);
	why = reserved_for_others(ask, pool, ip);
	if (!why)
		why = infra_refuses(ask, pool, ip);
	if (!why)
		why = users_refuse(ask, ip);
	if (!why)
		why = rest_refuses(ask, pool, ip);
	return why ? why : lan_refuses(ask, ip);
}

/* NULL if the namespace may have all of @ips. */
static const char *
quotas_refuse(const struct ask *ask, const struct ips *ips)
{
	for (size_t i = 0; i < ips->n; i++) {
		const struct pool_entry *pool = pools_containing(ask->world, &ips->v[i]);
		struct ips others = *ips;

		ips_drop(&others, &ips->v[i]);
		if (!quota_room(ask->world, pool, ask->svc, &others) &&
		    !quota_counted(claims_find(ask->world, &ips->v[i]), ask->svc))
			return arena_printf(ask->mem, "pool \"%s\" does not give %s: %s",
			    pool_name(pool), ip_text(ask, &ips->v[i]),
			    quota_text(ask->world, pool, ask->svc, ask->mem));
	}
	return NULL;
}

const char *
take_requested(const struct ask *ask, struct ips *ret_ips)
{
	const struct pool_entry *first = NULL;
	const char *why = families_refuse(ask, &ask->req.ips);

	for (size_t i = 0; !why && i < ask->req.ips.n; i++) {
		const struct ip *ip = &ask->req.ips.v[i];
		const struct pool_entry *pool = pools_containing(ask->world, ip);
		const char *text = ip_text(ask, ip);

		if (!pool)
			return arena_printf(ask->mem, "no IPAddressPool contains %s", text);
		if (ask->req.pool && strcmp(ask->req.pool, pool_name(pool)) != 0)
			return arena_printf(ask->mem, "%s is in pool \"%s\", but the Service asks "
			    "for pool \"%s\"", text, pool_name(pool), ask->req.pool);
		if (first && first != pool)
			return arena_printf(ask->mem, "the addresses asked for are in different "
			    "pools (\"%s\" and \"%s\")", pool_name(first), pool_name(pool));
		first = pool;
		why = pool_keeps(ask, pool, ip);
	}
	if (!why)
		why = quotas_refuse(ask, &ask->req.ips);
	if (!why)
		*ret_ips = ask->req.ips;
	return why;
}

/* What @pool reserves for the Service, of families that it has none of yet. */
static void
add_reserved(struct ask *ask, const struct pool_entry *pool)
{
	const struct meta *meta = &ask->svc->e.obj->meta;
	struct ip ips[2];
	size_t n;

	if (!pool->rules.n_reserved || pool->closed ||
	    (ask->req.pool && strcmp(ask->req.pool, pool_name(pool)) != 0))
		return;
	n = rules_owned(&pool->rules, meta->ns, meta->name, ips);
	for (size_t i = 0; i < n; i++) {
		if (wants_family(ask->spec, ips[i].family) &&
		    !ips_of_family(&ask->reserved, ips[i].family))
			ips_add(&ask->reserved, &ips[i]);
	}
}

/* The pools that serve it come first; others only so that it is told why they do not. */
void
find_reserved(struct ask *ask)
{
	for (size_t p = 0; p < ask->world->n_pools; p++) {
		if (ask->world->pools[p]->rules.n_reserved &&
		    !pool_refuses(ask->world, ask->world->pools[p], ask->svc, ask->mem))
			add_reserved(ask, ask->world->pools[p]);
	}
	for (size_t p = 0; p < ask->world->n_pools; p++)
		add_reserved(ask, ask->world->pools[p]);
}

/* An address of a family that has none reserved: the one it has may stay, or any. */
const char *
take_reserved(const struct ask *ask, struct ips *ret_ips)
{
	struct ips ips = ask->reserved, kept, more;
	const char *why = NULL;

	for (size_t i = 0; !why && i < ask->reserved.n; i++) {
		const struct ip *ip = &ask->reserved.v[i];
		const struct pool_entry *pool = pools_containing(ask->world, ip);

		why = pool_keeps(ask, pool, ip);
		if (why)
			why = arena_printf(ask->mem, "pool \"%s\" reserves %s for this Service, "
			    "but %s", pool_name(pool), ip_text(ask, ip), why);
	}
	if (!why)
		why = quotas_refuse(ask, &ips);
	if (why)
		return why;
	may_keep(ask, &kept);
	for (size_t i = 0; i < kept.n; i++) {
		if (!ips_of_family(&ips, kept.v[i].family))
			ips_add(&ips, &kept.v[i]);
	}
	if (ips.n < ask->spec->n_families && take_second(ask, &ips, &more))
		ips = more;
	why = families_refuse(ask, &ips);
	if (!why)
		*ret_ips = ips;
	return why;
}
