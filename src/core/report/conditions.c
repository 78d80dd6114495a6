/* SPDX-License-Identifier: Apache-2.0 */
#include "conditions.h"
#include "conflicts.h"
#include "core/state/world_state.h"

#include <string.h>

/*
 * A burst of new Services or a restart causes no extra writes of conditions with status True.  The
 * condition Allocated=True and the address are in one write.  A condition with status True is
 * written alone only to replace a condition with status False.
 */

#define MESSAGE_MAX 1023 /* maximum length of a message in bytes, as for an Event */

/* Returns the first MESSAGE_MAX bytes of @text, without an incomplete last character. */
static const char *
cut(const char *text, struct arena *mem)
{
	size_t len = strlen(text);

	if (len > MESSAGE_MAX) {
		len = MESSAGE_MAX;
		while (len && (text[len] & 0xc0) == 0x80)
			len--;
	}
	return arena_strndup(mem, text, len);
}

/*
 * Adds the change that sets a condition, unless the current condition, whose hash is @there, is the
 * same.
 */
static void
set(struct condition_change *change, uint64_t there, bool status, const char *reason,
    const char *message, struct arena *mem)
{
	message = cut(message, mem);
	if (there == condition_hash(status, reason, message))
		return;
	*change = (struct condition_change){ .op = CONDITION_SET, .status = status, .reason = reason,
		.message = message, .transition = !there || condition_is(there) != status };
}

/*
 * Removes a condition from a Service of arplet, or from a Service that is no longer of type
 * LoadBalancer.  A Service of another loadBalancerClass keeps the condition, which may belong to
 * another instance of arplet.
 */
static void
drop(struct condition_change *change, uint64_t there, const struct svc *svc)
{
	if (there && (svc->ours || !svc_spec(svc)->load_balancer))
		change->op = CONDITION_DROP;
}

static void
change_allocated(const struct svc *svc, bool writing, struct arena *mem,
		 struct condition_change *change)
{
	uint64_t there = svc_spec(svc)->conditions[CONDITION_ALLOCATED];
	const char *text = svc_message(svc, MSG_ALLOC_EVENT);
	size_t len = text ? strcspn(text, ":") : 0;

	if (!svc->ours)
		drop(change, there, svc);
	else if (text) /* "REASON: SENTENCE" */
		set(change, there, false, arena_strndup(mem, text, len), text + len + 2, mem);
	else if (svc_is_decided(svc) && svc->alloc != ALLOC_PROBING && svc->want.n &&
		 (there || writing))
		set(change, there, true, "IPAllocated",
		    arena_printf(mem, "assigned %s", ips_text(&svc->want, mem)), mem);
	/* the time of the condition shows since when the Service has its addresses (svc_had_first) */
	if (change->op == CONDITION_SET && change->status && !ips_equal(&svc->want, &svc->have))
		change->transition = true;
}

static const char *
conflict_text(const struct reported_conflict *conflict, struct arena *mem)
{
	char ip[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	return arena_printf(mem,
	    "%s is claimed by %s, which is no node of this cluster; node \"%s\" %s",
	    ip_format(&conflict->ip, ip), mac_format(&conflict->mac, mac), conflict->node,
	    conflict->yielded ? "has yielded the address to that host, and probes every minute "
				"whether it is free"
			      : "still announces the address, so clients may reach either host");
}

/*
 * The condition Announced does not change while the address is not written yet, or when the address
 * lacks a holder for less than DEFER_MS.
 */
static void
change_announced(const struct world *world, const struct svc *svc, struct arena *mem,
    struct condition_change *change)
{
	uint64_t there = svc_spec(svc)->conditions[CONDITION_ANNOUNCED];
	const char *text = svc_message(svc, MSG_ANNOUNCE_EVENT);
	const char *why = svc_message(svc, MSG_UNANNOUNCED);
	struct reported_conflict conflict;

	if (!svc->ours || (svc_is_decided(svc) && !svc->want.n))
		drop(change, there, svc);
	else if (!svc_is_decided(svc) || !ips_equal(&svc->want, svc_ips(world, svc)))
		return;
	else if (text)
		set(change, there, false, "announceFailed", text, mem);
	else if (conflict_reported(world, svc, mem, &conflict))
		set(change, there, !conflict.yielded, "AddressConflict",
		    conflict_text(&conflict, mem), mem);
	else if (there && svc->ann == SVC_NO_ENDPOINT && why)
		set(change, there, false, "NoReadyEndpoint", why, mem);
	else if (there && !why && svc->holder)
		set(change, there, true, "NodeAssigned",
		    "a node announces it; its ServiceL2Status says which one", mem);
}

void
conditions_changes(const struct world *world, const struct svc *svc, bool writing,
		   struct arena *mem, struct condition_change ret_changes[CONDITIONS])
{
	change_allocated(svc, writing, mem, &ret_changes[CONDITION_ALLOCATED]);
	change_announced(world, svc, mem, &ret_changes[CONDITION_ANNOUNCED]);
}

/*
 * The schema of MetalLB's CRDs has no conditions, so the API server drops them. arplet therefore
 * writes each condition only once, and does not compare it with the object that a watch reports.
 */
void
conditions_write_config(struct config *config, const char *error, struct plan *plan)
{
	const struct validity *valid = object_valid(config->e.obj);
	struct condition_change change = { 0 };
	struct action *act;
	uint64_t hash = 0;

	if (error)
		set(&change, valid->hash, false, "InvalidConfiguration", error, &plan->mem);
	else if (valid->hash && !config->e.obj->pending_delete)
		set(&change, valid->hash, true, "Valid", "the specification is in force",
		    &plan->mem);
	if (change.op == CONDITION_SET)
		hash = condition_hash(change.status, change.reason, change.message);
	if (hash == config->last_written)
		return;
	config->last_written = hash;
	if (!hash)
		return;
	act = plan_add(plan, ACT_CONFIG_CONDITION, config->e.obj);
	act->u.config_condition.change = change;
	act->u.config_condition.since = valid->since;
	if (config->e.obj->kind == KIND_POOL)
		act->u.config_condition.counts = &config->e.obj->u.pool.status;
}

/* Returns one hash over all changes of conditions; 0: no condition changes. */
static uint64_t
hash_of(const struct condition_change changes[CONDITIONS])
{
	uint64_t hash = 0;

	for (int i = 0; i < CONDITIONS; i++) {
		const struct condition_change *change = &changes[i];

		hash *= 31;
		if (change->op == CONDITION_SET)
			hash += condition_hash(change->status, change->reason, change->message);
		else if (change->op == CONDITION_DROP)
			hash += 1;
	}
	return hash;
}

/*
 * Adds no action while a write of the status is under way: that write contains the conditions, and
 * the Service is decided again after the write.  Adds no action while the newest object cannot be
 * read, because the resourceVersion for a write is unknown.
 */
void
conditions_apply(const struct world *world, struct svc *svc, struct plan *plan)
{
	struct condition_change changes[CONDITIONS] = { 0 };
	uint64_t hash;

	if (svc->write_sent || world->opts.assume_written ||
	    (svc_message(svc, MSG_BAD_OBJECT) && !svc->e.obj->bad))
		return;
	conditions_changes(world, svc, false, &plan->mem, changes);
	hash = hash_of(changes);
	if (hash == svc->last_written)
		return;
	svc->last_written = hash;
	if (hash)
		memcpy(plan_add(plan, ACT_SERVICE_CONDITIONS, svc->e.obj)->conditions, changes,
		    sizeof(changes));
}
