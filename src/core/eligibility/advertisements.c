/* SPDX-License-Identifier: Apache-2.0 */
#include "advertisements.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "reasons.h"

/* Returns NULL if @adv advertises @pool for @svc (NULL: any Service), or why it does not. */
static const char *
adv_refusal(const struct l2adv *adv, const struct pool_entry *pool, const struct meta *svc)
{
	const struct meta *meta = &pool->c.in_force->meta;

	if (svc && adv->svc_selectors.n && !selectors_match(&adv->svc_selectors, &svc->labels))
		return "its serviceSelectors do not match the Service's labels";
	if ((adv->pools.n || adv->pool_selectors.n) && !strings_contain(&adv->pools, meta->name) &&
	    !selectors_match(&adv->pool_selectors, &meta->labels))
		return "for other pools";
	return NULL;
}

const char *
advs_none_text(const struct world *world, const struct pool_entry *pool, const struct meta *svc,
    struct arena *mem)
{
	struct store *store = (struct store *)&world->store[KIND_L2ADV];
	struct reasons reasons = { .mem = mem };
	struct entry *e;

	RB_FOREACH(e, store, store) {
		const struct object *adv = ((struct config *)e)->in_force;
		const char *why = "its specification is wrong";

		if (adv)
			why = adv_refusal(&adv->u.l2adv, pool, svc);
		reasons_add(&reasons, e->obj->meta.name, why);
	}
	if (!reasons.n)
		return arena_printf(mem, "no L2Advertisement covers pool \"%s\"; create one in "
		    "namespace \"%s\"", pool->c.in_force->meta.name, world->opts.pool_ns);
	return arena_printf(mem, "no L2Advertisement covers pool \"%s\" (%s)",
	    pool->c.in_force->meta.name, reasons_text(&reasons));
}

void
advs_covering(const struct world *world, const struct pool_entry *pool, const struct meta *svc,
    struct arena *mem, struct advs *ret_advs)
{
	struct store *store = (struct store *)&world->store[KIND_L2ADV];
	struct entry *e;
	size_t n = 0;

	RB_FOREACH(e, store, store)
		n++;
	*ret_advs = (struct advs){ .v = arena_calloc(mem, n, sizeof(*ret_advs->v)) };
	RB_FOREACH(e, store, store) {
		const struct object *adv = ((struct config *)e)->in_force;

		if (adv && !adv_refusal(&adv->u.l2adv, pool, svc))
			ret_advs->v[ret_advs->n++] = &adv->u.l2adv;
	}
}

static bool
selects(const struct l2adv *adv, const struct labels *labels)
{
	return adv->node_selectors.n == 0 || selectors_match(&adv->node_selectors, labels);
}

bool
advs_select(const struct advs *advs, const struct labels *labels)
{
	for (size_t i = 0; i < advs->n; i++) {
		if (selects(advs->v[i], labels))
			return true;
	}
	return false;
}

void
advs_ifaces(const struct advs *advs, const struct labels *labels, struct arena *mem,
    struct strings *ret)
{
	size_t room = 0;

	*ret = (struct strings){ 0 };
	for (size_t i = 0; i < advs->n; i++)
		room += advs->v[i]->interfaces.n;
	ret->v = arena_calloc(mem, room, sizeof(*ret->v));
	for (size_t i = 0; i < advs->n; i++) {
		const struct l2adv *adv = advs->v[i];

		if (!selects(adv, labels))
			continue;
		if (adv->interfaces.n == 0) {
			ret->n = 0;
			return;
		}
		for (size_t j = 0; j < adv->interfaces.n; j++) {
			if (!strings_contain(ret, adv->interfaces.v[j]))
				ret->v[ret->n++] = arena_strdup(mem, adv->interfaces.v[j]);
		}
	}
}
