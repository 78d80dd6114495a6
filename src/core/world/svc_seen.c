/* SPDX-License-Identifier: Apache-2.0 */
#include "svc_seen.h"
#include "core/alloc/addr_uses.h"
#include "core/alloc/sharing.h"
#include "core/eligibility/link_vips.h"
#include "core/eligibility/serving_nodes.h"
#include "core/report/deferred_reports.h"
#include "core/report/overwrites.h"
#include "core/state/world_state.h"

#include <stdlib.h>
#include <string.h>

/* True if a field has changed that decides which Services may share an address with the Service. */
static bool
sharing_changed(const struct service *now, const struct service *before)
{
	const struct sharing *a = now->share, *b = before->share;

	if (!a || !b || now->local != before->local)
		return a || b;
	if (a->n_ports != b->n_ports || a->many_ports != b->many_ports ||
	    strcmp(a->key, b->key) != 0)
		return true;
	for (size_t i = 0; i < a->n_ports; i++) {
		if (service_ports_cmp(&a->ports[i], &b->ports[i]) != 0)
			return true;
	}
	return !labels_equal(&a->selector, &b->selector);
}

static struct ips
status_ips(const struct service *spec)
{
	struct ips ips = { 0 };

	for (size_t i = 0; i < spec->n_status; i++) {
		if (!ips_contain(&ips, &spec->status[i]))
			ips_add(&ips, &spec->status[i]);
	}
	return ips;
}

/*
 * Marks the Services that share an address with @svc if the change of @svc matters to them.  The
 * caller sets @written if the addresses in the status have changed, and @other if the addresses in
 * the status are not those of the decision.
 */
static void
mark_sharers(struct world *world, struct svc *svc, const struct object *before, bool written,
    bool other)
{
	if (before && before->bad) {
		world->freed = true; /* the ports and the sharing key of @svc were unknown before */
		before = NULL;
	}
	if (before && sharing_changed(svc_spec(svc), &before->u.service)) {
		other = world->freed = true;
		addr_uses_mark_others(world, svc);
	}
	if (before && (other || svc->unshareable))
		svc->unshareable = svc->ours && sharing_clashes(world, svc);
	if (written && sharing_clashes(world, svc))
		addr_uses_mark_others(world, svc); /* another Service may have precedence now */
}

/*
 * Handles a new object of @svc.  If another program has written other addresses to the status,
 * these addresses replace the decision.  If the status merely lacks the addresses of the decision,
 * because their write is still under way, the decision stays.
 */
void
svc_seen(struct world *world, struct svc *svc, const struct object *before)
{
	struct ips have = status_ips(svc_spec(svc));
	bool written = !ips_equal(&have, &svc->have);
	bool other = have.n && written && !(svc_is_decided(svc) && ips_equal(&have, &svc->want));

	svc->ours = svc_is_ours(world, svc->e.obj);
	overwrites_seen(world, svc, before, &have);
	serving_forget(svc); /* the uid may have changed */
	svc->have = have;
	svc->write_sent = false;
	svc->last_written = 0;
	if (other || (!svc->ours && svc->want.n))
		svc_alloc_event(world, svc, ALLOC_EV_FOLLOW);
	if (before && strcmp(before->meta.version, svc->e.obj->meta.version) != 0)
		world->freed |= addr_uses_seen(svc);
	addr_uses_update(world, svc);
	svc_set_message(svc, MSG_BAD_OBJECT, svc->ours ? svc->e.obj->bad : NULL);
	mark_sharers(world, svc, before, written, other);
	world_mark(world, svc, MARK_ALLOC | MARK_ANNOUNCE);
}

/*
 * Handles the case that the newest object of @svc cannot be read.  The older object stays in use,
 * with the addresses in the status of the newest object.
 */
void
svc_bad_seen(struct world *world, struct svc *svc, const struct object *obj)
{
	struct service *spec = &svc->e.obj->u.service;
	const struct service *now = &obj->u.service;

	if (!now->status_foreign) { /* arplet could read all entries of the status */
		if (spec->status_room < now->n_status) {
			spec->status_room = STATUS_MAX;
			spec->status = arena_calloc(&svc->e.obj->mem, STATUS_MAX,
			    sizeof(*spec->status));
		}
		for (size_t i = 0; i < now->n_status; i++)
			spec->status[i] = now->status[i];
		spec->n_status = now->n_status;
		spec->status_foreign = false;
	}
	svc_seen(world, svc, NULL);
	if (svc->ours || svc_is_ours(world, obj))
		svc_set_message(svc, MSG_BAD_OBJECT, obj->bad);
}

void
svc_forget(struct world *world, struct svc *svc)
{
	struct object none = { .kind = KIND_SERVICE };
	struct object *obj = svc->e.obj;

	svc_alloc_event(world, svc, ALLOC_EV_FOLLOW);
	addr_uses_deleted(svc);
	none.meta = obj->meta;
	svc->e.obj = &none; /* an object without a status ends every use of an address */
	addr_uses_update(world, svc);
	svc->e.obj = obj;
	link_vips_forget(world, svc);
	deferred_reports_set(world, svc, false);
	if (svc->marks)
		TAILQ_REMOVE(&world->marked, svc, marked);
	serving_forget(svc);
	svc_free_messages(svc);
	free(svc->ifaces.v);
}
