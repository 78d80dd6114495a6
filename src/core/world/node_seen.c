/* SPDX-License-Identifier: Apache-2.0 */
#include "node_seen.h"
#include "core/pools/node_gateway.h"
#include "core/report/l2status_orphans.h"
#include "core/state/world_state.h"

#include <string.h>

static bool
node_changed(const struct object *a, const struct object *b)
{
	return a->u.node.ready != b->u.node.ready ||
	    a->u.node.unschedulable != b->u.node.unschedulable ||
	    a->u.node.network_unavailable != b->u.node.network_unavailable ||
	    !labels_equal(&a->meta.labels, &b->meta.labels);
}

/*
 * Marks the Services that the deleted or no longer eligible @node announces.  Also marks the
 * Services without a holder, because their messages name every node, and the Services that share
 * addresses, because @node may be the only node that serves all of them (shared_nodes.h).
 */
static void
mark_held_by(struct world *world, const char *node)
{
	struct entry *e;

	RB_FOREACH(e, store, &world->store[KIND_SERVICE]) {
		struct svc *svc = (struct svc *)e;

		if (!svc->holder || strcmp(svc->holder, node) == 0 || svc_spec(svc)->share)
			world_mark(world, svc, MARK_ANNOUNCE);
	}
}

static bool
node_addrs_equal(const struct object *a, const struct object *b)
{
	if (a->u.node.n_addrs != b->u.node.n_addrs)
		return false;
	for (size_t i = 0; i < a->u.node.n_addrs; i++) {
		if (!ip_equal(&a->u.node.addrs[i], &b->u.node.addrs[i]))
			return false;
	}
	return true;
}

static void
node_addresses_changed(struct world *world)
{
	world->node_addresses_version++;
	node_gateways_changed(world);
}

void
node_seen(struct world *world, const struct object *before, const struct object *obj)
{
	bool more;

	world->nodes_version++;
	if (!before || !node_addrs_equal(before, obj))
		node_addresses_changed(world);
	if (before && !node_changed(before, obj))
		return;
	if (strcmp(obj->meta.name, world->opts.node_name) == 0)
		world->freed = world->probes_changed = true; /* the probe links may have changed */
	more = !before || !labels_equal(&before->meta.labels, &obj->meta.labels) ||
	    (obj->u.node.ready && !before->u.node.ready) ||
	    (before->u.node.unschedulable && !obj->u.node.unschedulable) ||
	    (before->u.node.network_unavailable && !obj->u.node.network_unavailable);
	if (more)
		world_mark_all(world, MARK_ANNOUNCE);
	else
		mark_held_by(world, obj->meta.name);
}

void
node_gone(struct world *world, const struct object *obj)
{
	world->nodes_version++;
	mark_held_by(world, obj->meta.name);
	orphans_check_all(world);
	node_addresses_changed(world);
}
