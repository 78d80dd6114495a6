/* SPDX-License-Identifier: Apache-2.0 */
#include "conditions.h"
#include "arplet/arena.h"
#include "arplet/ip.h"
#include "arplet/mac.h"
#include "arplet/object.h"
#include "arplet/plan.h"
#include "conflicts.h"
#include "core/base/ips.h"
#include "core/state/store.h"
#include "core/state/svc.h"
#include "core/state/svc_messages.h"
#include "core/state/world_state.h"

#include <string.h>

/*
 * What the status of a Service says of it besides its addresses.  That all is well is worth no
 * write of its own: Allocated comes with the address, and True takes the place of a False alone.
 * So a burst of new Services costs no request more, and a restart none at all.
 */

#define MESSAGE_MAX 1023 /* as the Event says it */

/* The beginning of @text that fits, not cut in the middle of a character. */
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

/* Wants a condition to say this, unless it does. */
static void
set(struct condition_change *wish, uint64_t there, bool is, const char *reason, const char *message,
    struct arena *mem)
{
	message = cut(message, mem);
	if (there == condition_hash(is, reason, message))
		return;
	*wish = (struct condition_change){ .op = CONDITION_SET, .status = is, .reason = reason,
		.message = message, .transition = !there || condition_is(there) != is };
}

/*
 * A Service that is of no load balancer any more keeps no condition of ours.  One of another class
 * may have those of another arplet.
 */
static void
drop(struct condition_change *wish, uint64_t there, const struct svc *svc)
{
	if (there && (svc->ours || !svc_spec(svc)->load_balancer))
		wish->op = CONDITION_DROP;
}

static void
wish_allocated(const struct svc *svc, bool writing, struct arena *mem, struct condition_change *wish)
{
	uint64_t there = svc_spec(svc)->conditions[CONDITION_ALLOCATED];
	const char *last_reported = svc_message(svc, MSG_ALLOC_EVENT);
	size_t len = last_reported ? strcspn(last_reported, ":") : 0;

	if (!svc->ours)
		drop(wish, there, svc);
	else if (last_reported) /* "REASON: SENTENCE" */
		set(wish, there, false, arena_strndup(mem, last_reported, len), last_reported + len + 2, mem);
	else if (svc_is_decided(svc) && svc->alloc != ALLOC_PROBING && svc->want.n && (there || writing))
		set(wish, there, true, "IPAllocated",
		    arena_printf(mem, "assigned %s", ips_text(&svc->want, mem)), mem);
}

static const char *
conflict_text(const struct reported_conflict *conflict, struct arena *mem)
{
	char ip[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	return arena_printf(mem,
	    "%s is claimed by %s, which is no node of this cluster; node \"%s\" %s",
	    ip_format(&conflict->ip, ip), mac_format(&conflict->mac, mac), conflict->node,
	    conflict->yielded ? "has left it to that host, and asks every minute whether it is free"
			      : "goes on announcing it, so clients may reach either");
}

/* Nothing is said of an address that is only decided, nor of one that was dark for a moment. */
static void
wish_announced(const struct world *world, const struct svc *svc, struct arena *mem,
    struct condition_change *wish)
{
	uint64_t there = svc_spec(svc)->conditions[CONDITION_ANNOUNCED];
	const char *last_reported = svc_message(svc, MSG_ANNOUNCE_EVENT);
	const char *why = svc_message(svc, MSG_UNANNOUNCED);
	struct reported_conflict conflict;

	if (!svc->ours || (svc_is_decided(svc) && !svc->want.n))
		drop(wish, there, svc);
	else if (!svc_is_decided(svc) || !ips_equal(&svc->want, svc_ips(world, svc)))
		return;
	else if (last_reported)
		set(wish, there, false, "announceFailed", last_reported, mem);
	else if (conflict_reported(world, svc, mem, &conflict))
		set(wish, there, !conflict.yielded, "AddressConflict",
		    conflict_text(&conflict, mem), mem);
	else if (there && svc->ann == SVC_NO_ENDPOINT && why)
		set(wish, there, false, "NoReadyEndpoint", why, mem);
	else if (there && !why && svc->holder)
		set(wish, there, true, "NodeAssigned",
		    "a node announces it; its ServiceL2Status says which one", mem);
}

void
conditions_changes(const struct world *world, const struct svc *svc, bool writing, struct arena *mem,
    struct condition_change ret_wishes[CONDITIONS])
{
	wish_allocated(svc, writing, mem, &ret_wishes[CONDITION_ALLOCATED]);
	wish_announced(world, svc, mem, &ret_wishes[CONDITION_ANNOUNCED]);
}

/*
 * A schema that knows no conditions, as MetalLB's, drops what is written: so it is written once,
 * and not compared with what comes back.
 */
void
conditions_write_config(struct config *config, const char *error, struct plan *plan)
{
	const struct validity *valid = object_valid(config->e.obj);
	struct condition_change wish = { 0 };
	struct action *act;
	uint64_t mark = 0;

	if (error)
		set(&wish, valid->hash, false, "InvalidConfiguration", error, &plan->mem);
	else if (valid->hash && !config->e.obj->pending_delete)
		set(&wish, valid->hash, true, "Valid", "the specification is in force", &plan->mem);
	if (wish.op == CONDITION_SET)
		mark = condition_hash(wish.status, wish.reason, wish.message);
	if (mark == config->last_written)
		return;
	config->last_written = mark;
	if (!mark)
		return;
	act = plan_add(plan, ACT_CONFIG_CONDITION, config->e.obj);
	act->u.config_condition.change = wish;
	act->u.config_condition.since = valid->since;
	if (config->e.obj->kind == KIND_POOL)
		act->u.config_condition.counts = &config->e.obj->u.pool.status;
}

/* What was wished, in few bytes; 0: nothing. */
static uint64_t
mark_of(const struct condition_change wishes[CONDITIONS])
{
	uint64_t mark = 0;

	for (int i = 0; i < CONDITIONS; i++) {
		const struct condition_change *wish = &wishes[i];

		mark *= 31;
		if (wish->op == CONDITION_SET)
			mark += condition_hash(wish->status, wish->reason, wish->message);
		else if (wish->op == CONDITION_DROP)
			mark += 1;
	}
	return mark;
}

/*
 * A status under way bears what there is to say, and the Service is seen again after it.  Of one
 * that cannot be read, but could before, the version is not known that a write is bound to.
 */
void
conditions_apply(const struct world *world, struct svc *svc, struct plan *plan)
{
	struct condition_change wishes[CONDITIONS] = { 0 };
	uint64_t mark;

	if (svc->write_sent || world->opts.assume_written ||
	    (svc_message(svc, MSG_BAD_OBJECT) && !svc->e.obj->bad))
		return;
	conditions_changes(world, svc, false, &plan->mem, wishes);
	mark = mark_of(wishes);
	if (mark == svc->last_written)
		return;
	svc->last_written = mark;
	if (mark)
		memcpy(plan_add(plan, ACT_SERVICE_CONDITIONS, svc->e.obj)->conditions, wishes,
		    sizeof(wishes));
}
