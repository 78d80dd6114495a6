/* SPDX-License-Identifier: Apache-2.0 */
#include "l2status.h"
#include "arplet/action_plan.h"
#include "conflicts.h"
#include "core/eligibility/eligibility.h"
#include "core/eligibility/link_vips.h"
#include "core/eligibility/shared_nodes.h"
#include "core/state/node_names.h"
#include "core/state/world_state.h"
#include "deferred_reports.h"
#include "l2status_delete.h"

#include <string.h>

static bool
same_strings(const struct strings *a, const struct strings *b)
{
	for (size_t i = 0; i < a->n; i++) {
		if (!strings_contain(b, a->v[i]))
			return false;
	}
	return a->n == b->n;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/*
 * In a partitioned LAN, two nodes hold the same VIP, and each node deletes the ServiceL2Status of
 * the other.  A second program, such as MetalLB's speaker, creates its ServiceL2Status again at
 * once.  So a node creates its own ServiceL2Status again only after a pause, and after some deletes
 * it deletes others only after a pause.  The pauses grow from DEFER_MS to a minute.
 */
static const struct contention_rule create_rule = { 0, DEFER_MS, 60000 };
static const struct contention_rule delete_rule = { 5, DEFER_MS, 60000 };

static bool
must_pause(const struct world *world, const struct svc *svc)
{
	return svc->l2 == L2_PRESENT &&
	    world->now_ms < contention_until_ms(&svc->l2_creates, &create_rule);
}

static bool
is_creating(const struct svc *svc)
{
	return svc->l2 == L2_CREATING || svc->l2 == L2_REPLACING;
}

static bool
is_wanted(const struct svc *svc, const struct l2status *l2, const char *conflict)
{
	return same_strings(&l2->interfaces, &svc->ifaces) && same_text(l2->conflict, conflict);
}

/* What delete_wrong() has found. */
struct l2_check {
	bool have;     /* the correct ServiceL2Status of this node exists */
	bool replaced; /* a ServiceL2Status of this node is deleted */
	bool held;     /* the delete of a ServiceL2Status waits for the end of the pause */
	bool held_own; /* the delete of a ServiceL2Status of this node waits */
};

/* Posts an Event when deletes of ServiceL2Statuses begin to wait. */
static void
report_contention(struct world *world, struct svc *svc, const char *node, struct plan *plan)
{
	const char *text = arena_printf(&plan->mem,
	    "another program writes ServiceL2Statuses that say that node \"%s\" announces the "
	    "Service; node \"%s\" deletes them at most once a minute: make sure that only one "
	    "program announces the Service, and that the nodes receive each other's hellos",
	    node, svc_self(world, svc));

	if (svc_set_message(svc, MSG_L2_CONTENTION, text))
		plan_event(plan, svc->e.obj, true, "SpeakerConflict", "%s", text);
}

/* Adds the delete of a wrong ServiceL2Status of @svc, or holds it while deletes must pause. */
static void
delete_or_hold(struct world *world, struct svc *svc, struct dependent *dependent, bool mine,
    struct plan *plan, struct l2_check *check)
{
	if (world->now_ms < contention_until_ms(&svc->l2_deletes, &delete_rule)) {
		check->held = true;
		check->held_own |= mine;
		if (!dependent->delete_counted)
			report_contention(world, svc, dependent->e.obj->u.l2status.node, plan);
		return;
	}
	l2status_delete(dependent->e.obj, plan);
	check->replaced |= mine;
	if (!dependent->delete_counted)
		contention_count(&svc->l2_deletes, &delete_rule, world->now_ms);
	dependent->delete_counted = true;
}

/* Adds a delete for each wrong ServiceL2Status of @svc. */
static void
delete_wrong(struct world *world, struct svc *svc, const char *conflict, struct plan *plan,
    struct l2_check *check)
{
	const struct meta *meta = &svc->e.obj->meta;
	struct dependent *dependent = dependents_of(&world->l2statuses, meta->ns, meta->name);
	bool here = svc->ann == SVC_ANNOUNCED_HERE;

	if (!contention_is_long(&svc->l2_deletes, &delete_rule, world->now_ms))
		svc_set_message(svc, MSG_L2_CONTENTION, NULL);
	for (; dependent; dependent = dependents_next(dependent)) {
		const struct l2status *l2 = &dependent->e.obj->u.l2status;
		bool mine = strcmp(l2->node, svc_self(world, svc)) == 0;

		if (!here && !mine)
			continue;
		if (here && mine && is_creating(svc) && !l2->written)
			continue; /* the patch of the ServiceL2Status's status is under way */
		if (here && mine && !check->have && is_wanted(svc, l2, conflict))
			check->have = true;
		else
			delete_or_hold(world, svc, dependent, mine, plan, check);
	}
}

static void
add_create(struct world *world, struct svc *svc, const char *conflict, struct plan *plan)
{
	const struct meta *meta = &svc->e.obj->meta;
	struct action *act = plan_add(plan, ACT_L2STATUS_CREATE, svc->e.obj);

	act->u.l2status.service_ns = meta->ns;
	act->u.l2status.service = meta->name;
	act->u.l2status.interfaces = svc->ifaces;
	act->u.l2status.conflict = conflict;
	if (svc->l2 == L2_ABSENT)
		plan_event(plan, svc->e.obj, false, "nodeAssigned",
		    "announcing from node \"%s\" with protocol \"layer2\"", svc_self(world, svc));
	if (svc->l2 == L2_ABSENT)
		svc->l2_creates = (struct contention){ 0 };
	contention_count(&svc->l2_creates, &create_rule, world->now_ms);
	svc_l2_on(svc, L2_EV_CREATE);
}

/*
 * Decides the ServiceL2Status of @svc.  The holder creates its own ServiceL2Status and deletes
 * those of other nodes.  A node that is not the holder deletes its own ServiceL2Status.  Returns
 * true if a create or a delete waits for the end of a pause.
 */
static bool
decide_status(struct world *world, struct svc *svc, struct plan *plan)
{
	bool here = svc->ann == SVC_ANNOUNCED_HERE;
	struct l2_check check = { 0 };
	const char *conflict = here ? conflict_annotation(svc, &plan->mem) : NULL;

	if (!world->listed[KIND_L2STATUS])
		return false;
	/* a daemon that has just started knows no holder, so it deletes no ServiceL2Status */
	if (svc->n_vips && !svc->holder && !world->opts.assume_elected)
		return false;
	delete_wrong(world, svc, conflict, plan, &check);
	if (check.have || !here) {
		svc_l2_on(svc, check.have ? L2_EV_SEEN : L2_EV_LEFT);
		return check.held;
	}
	if (is_creating(svc))
		return check.held;
	if (check.held_own || (!check.replaced && must_pause(world, svc)))
		return true;
	add_create(world, svc, conflict, plan);
	return check.held;
}

void
l2status_seen(struct world *world, const struct object *obj)
{
	const struct l2status *l2 = &obj->u.l2status;
	struct svc *svc;

	if (obj->bad)
		return;
	svc = (struct svc *)world_find(world, KIND_SERVICE, l2->service_ns, l2->service);
	if (!svc || strcmp(l2->node, svc_self(world, svc)) != 0)
		return;
	svc_l2_on(svc, svc->ann == SVC_ANNOUNCED_HERE ? L2_EV_SEEN : L2_EV_LOST);
}

static bool
has_own(struct world *world, const struct svc *svc)
{
	const struct meta *meta = &svc->e.obj->meta;
	struct dependent *dependent = dependents_of(&world->l2statuses, meta->ns, meta->name);

	while (dependent && strcmp(dependent->e.obj->u.l2status.node, svc_self(world, svc)) != 0)
		dependent = dependents_next(dependent);
	return dependent;
}

void
l2status_listed(struct world *world)
{
	struct entry *e;

	RB_FOREACH(e, store, &world->store[KIND_SERVICE]) {
		struct svc *svc = (struct svc *)e;

		if (!is_creating(svc) || has_own(world, svc))
			continue;
		svc_l2_on(svc, L2_EV_LOST);
		world_mark(world, svc, MARK_REPORT);
	}
}

/* Returns why this node, the holder, cannot announce @svc; NULL if it has an interface for @svc. */
static const char *
own_problem(const struct world *world, const struct svc *svc, struct arena *mem)
{
	if (svc->n_vips || world->opts.assume_everywhere)
		return NULL;
	if (svc->ifaces.n)
		return arena_printf(mem, "node \"%s\" has none of the interfaces that the "
		    "L2Advertisement names, or they are down", world->opts.node_name);
	return arena_printf(mem, "node \"%s\" has no interface that can announce it",
	    world->opts.node_name);
}

static bool
is_long_unannounced(const struct world *world, const struct svc *svc)
{
	return svc->ann == SVC_NO_HOLDER && world->now_ms - svc->no_holder_ms >= DEFER_MS;
}

struct names {
	struct arena *mem;
	const char *text;
};

static void
add_name(void *arg, const char *node, bool ready)
{
	struct names *names = arg;

	if (strlen(names->text) < 600)
		names->text = arena_printf(names->mem, "%s%s%s%s", names->text,
		    *names->text ? ", " : "", node, ready ? "" : " (not Ready)");
}

static const char *
needed_links(const struct svc *svc, struct arena *mem)
{
	const char *names = "";

	if (!svc->ifaces.n)
		return "an interface of the node on that LAN";
	for (size_t i = 0; i < svc->ifaces.n; i++)
		names = arena_printf(mem, "%s%s%s", names, i ? " or " : "", svc->ifaces.v[i]);
	return arena_printf(mem, "%s, which the L2Advertisement names, there and up", names);
}

/* Returns why no eligible node claims the VIP, as far as this node knows. */
static const char *
unannounced_text(const struct world *world, const struct svc *svc, struct arena *mem)
{
	struct names names = { mem, "" };

	eligibility_each_candidate(world, &svc_ips(world, svc)->v[0], add_name, &names);
	if (!*names.text)
		return "no node can serve all Services that share its address";
	return arena_printf(
	    mem,
	    "no node claims it, though these nodes are eligible: %s; is arplet running "
	    "there, with the key in its Secret, and is %s?",
	    names.text, needed_links(svc, mem));
}

/*
 * Posts the Event announceFailed.  The holder posts announceFailed if it has no interface for the
 * address.  The allocator posts announceFailed if no node announces the Service.  One exception:
 * the allocator posts no Event while the Service has no ready endpoint, which is normal for a new
 * Service.
 */
static void
report_unannounced(struct world *world, struct svc *svc, bool mine, struct arena *mem,
    struct plan *plan)
{
	const char *text = mine ? own_problem(world, svc, mem) : NULL;
	const char *shut_out = svc_wants_holder(svc) ? shared_nodes_text(svc, mem) : NULL, *why;

	if (shut_out)
		svc_set_message(svc, MSG_UNANNOUNCED, shut_out);
	else if (mine)
		svc_set_message(svc, MSG_UNANNOUNCED, text);
	else if (svc_wants_holder(svc) && !world->opts.assume_elected)
		svc_set_message(svc, MSG_UNANNOUNCED,
		    is_long_unannounced(world, svc) ? unannounced_text(world, svc, mem) : NULL);
	why = svc_message(svc, MSG_UNANNOUNCED);
	if ((shut_out || !mine) && why && svc->ann != SVC_NO_ENDPOINT && world->allocator &&
	    ips_equal(&svc->want, svc_ips(world, svc)))
		text = arena_printf(mem, "%s: %s", shut_out ? "it cannot be reached"
							    : "no node announces it", why);
	if (svc_set_message(svc, MSG_ANNOUNCE_EVENT, text) && text)
		plan_event(plan, svc->e.obj, true, "announceFailed", "%s", text);
}

/*
 * Returns the holder that the election on a link of this node chose, or else the node that a
 * ServiceL2Status names; or NULL.
 */
static const char *
find_holder(const struct world *world, const struct svc *svc)
{
	const struct meta *meta = &svc->e.obj->meta;
	const struct dependent *dependent =
	    dependents_of((struct dependents *)&world->l2statuses, meta->ns, meta->name);

	for (size_t i = 0; i < svc->n_vips; i++) {
		if (svc_vip(svc, i)->holder)
			return svc_vip(svc, i)->holder;
	}
	if (svc->n_vips || !svc_wants_holder(svc))
		return NULL;
	return dependent ? dependent->e.obj->u.l2status.node : NULL;
}

static bool
holds_here(const struct world *world, const struct svc *svc)
{
	for (size_t i = 0; i < svc->n_vips; i++) {
		const char *holder = svc_vip(svc, i)->holder;

		if (holder && strcmp(holder, world->opts.node_name) == 0)
			return true;
	}
	return false;
}

void
l2status_apply(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan)
{
	bool elected = world->opts.assume_elected, mine, here, later;

	if (!elected)
		svc->holder = world_name(world, find_holder(world, svc));
	mine = elected && svc->holder && strcmp(svc->holder, svc_self(world, svc)) == 0;
	here = elected ? mine && (svc->n_vips || world->opts.assume_everywhere)
		       : holds_here(world, svc);
	if (svc_ann_on(svc, here          ? SVC_EV_HERE
			    : svc->holder ? SVC_EV_ELSEWHERE
					  : SVC_EV_NO_HOLDER) &&
	    svc->ann == SVC_NO_HOLDER)
		svc->no_holder_ms = world->now_ms;
	if (world->stopping)
		return; /* the ServiceL2Status stays until the next holder deletes it */
	later = decide_status(world, svc, plan);
	report_unannounced(world, svc, mine, mem, plan);
	conflicts_report(world, svc, mem, plan);
	deferred_reports_set(world, svc,
			     later ||
				 (svc->ann == SVC_NO_HOLDER && !is_long_unannounced(world, svc)));
}
