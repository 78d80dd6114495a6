/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/lease.h"

#include <stdio.h>
#include <string.h>

/*
 * Daemons that want the Lease spread their writes over 50 ms, because the API server accepts only
 * the first write.
 */
#define STAGGER_MS 50

void
lease_init(struct elector *el, const char *me, int64_t duration_ms, uint32_t seed)
{
	*el = (struct elector){ .duration_ms = duration_ms, .trusted_ms = INT64_MIN / 2 };
	el->stagger_ms = seed % STAGGER_MS;
	snprintf(el->me, sizeof(el->me), "%s", me);
}

static int64_t
trusted_until(const struct elector *el)
{
	return el->trusted_ms + el->duration_ms * 7 / 10;
}

/* The interval between two renewals of the Lease. */
static int64_t
renewal_ms(const struct elector *el)
{
	return el->duration_ms / 5;
}

bool
lease_leads(const struct elector *el, int64_t now_ms)
{
	return el->phase == LEASE_OURS && !el->contested && !el->resigned &&
	    now_ms >= el->leads_from_ms && now_ms < trusted_until(el);
}

static void
seen_absent(struct elector *el, int64_t now_ms)
{
	el->must_read = false;
	if (el->phase == LEASE_ABSENT)
		return;
	if (el->phase == LEASE_UNKNOWN) {
		el->found_none = true;
		el->leads_from_ms = now_ms + el->duration_ms;
	}
	el->phase = LEASE_ABSENT;
	el->version[0] = '\0';
	el->changed_ms = now_ms;
}

/*
 * True if this daemon led until @now_ms and sent its last accepted write less than 3/10 of the
 * Lease duration before @now_ms.  If so, no other daemon can lead, even if another daemon has
 * created the Lease in between and the Lease was deleted again.  A daemon that created the Lease in
 * between could start to lead at the earliest one Lease duration after our last write.  Such a
 * daemon would have to stop leading 7/10 of the Lease duration after its own last write, which it
 * sent before @now_ms.  So such a daemon would have to stop leading before it could start to lead.
 */
static bool
led_recently(const struct elector *el, int64_t now_ms)
{
	return now_ms >= el->leads_from_ms && now_ms < el->trusted_ms + el->duration_ms * 3 / 10;
}

/*
 * Handles a Lease that was deleted and created again.  The holder of the deleted Lease could still
 * lead, so this daemon must not lead yet.  One exception: if this daemon led recently
 * (led_recently()), it is allowed to lead at once.
 */
static void
seen_recreated(struct elector *el, const char *uid, int64_t now_ms)
{
	int64_t holder_ms = el->holder_ms > el->duration_ms ? el->holder_ms : el->duration_ms;

	if (el->uid[0] && !led_recently(el, now_ms))
		el->leads_from_ms = now_ms + holder_ms;
	snprintf(el->uid, sizeof(el->uid), "%s", uid);
}

static void
seen_present(struct elector *el, const struct object *obj, bool mine, int64_t now_ms)
{
	const struct lease *lease = &obj->u.lease;

	el->must_read = false;
	if (strcmp(el->version, obj->meta.version) == 0)
		return;
	snprintf(el->version, sizeof(el->version), "%s", obj->meta.version);
	el->found_none &= mine;
	if (strcmp(el->uid, obj->meta.uid) != 0)
		seen_recreated(el, obj->meta.uid, now_ms);
	el->transitions = lease->transitions;
	el->holder_ms = lease->duration_s > 0 ? lease->duration_s * INT64_C(1000)
					      : el->duration_ms;
	el->changed_ms = now_ms;
	el->released = mine || !*lease->holder;
	/* only lease_replied() sets LEASE_OURS, after the API server has accepted a write */
	if (el->phase != LEASE_OURS || !mine)
		el->phase = LEASE_OTHERS;
}

void
lease_seen(struct elector *el, const struct object *obj, int64_t now_ms)
{
	bool mine = obj && strcmp(obj->u.lease.holder, el->me) == 0;

	/*
	 * A watch event can be late, and resourceVersions cannot be compared by age.  If an event
	 * names another holder, send a write, because the API server refuses the write if we have
	 * lost the Lease.  A watch event about our own write changes nothing.
	 */
	if (el->phase == LEASE_OURS && !el->must_read)
		el->contested |= !mine;
	else if (obj)
		seen_present(el, obj, mine, now_ms);
	else
		seen_absent(el, now_ms);
}

/* Returns when the next write of the Lease is due; INT64_MAX: never. */
static int64_t
due_ms(const struct elector *el)
{
	int64_t due;

	if (el->in_flight || el->phase == LEASE_UNKNOWN ||
	    (el->resigned &&
		(el->phase != LEASE_OURS || el->trusted_ms < el->leads_from_ms)))
		return INT64_MAX;
	if (el->phase == LEASE_OURS)
		due = el->resigned || el->contested ? el->trusted_ms
						  : el->trusted_ms + renewal_ms(el);
	else if (el->phase == LEASE_ABSENT && el->uid[0] && !led_recently(el, el->changed_ms))
		due = el->changed_ms + renewal_ms(el) + el->stagger_ms; /* old holder first */
	else if (el->phase == LEASE_ABSENT || el->released)
		due = el->changed_ms + el->stagger_ms;
	else
		due = el->changed_ms + el->holder_ms + el->stagger_ms;
	return due > el->retry_after_ms ? due : el->retry_after_ms;
}

bool
lease_due(struct elector *el, int64_t now_ms, struct lease_write *ret_write)
{
	bool ours = el->phase == LEASE_OURS;

	if (now_ms < due_ms(el))
		return false;
	*ret_write = (struct lease_write){
		.version = el->version,
		.holder = el->resigned ? "" : el->me,
		.duration_s = el->resigned ? 1 : (int32_t)(el->duration_ms / 1000),
		.transitions = ours ? el->transitions : el->transitions + 1,
		.acquire = !ours,
	};
	if (el->phase == LEASE_ABSENT)
		ret_write->transitions = 0;
	el->in_flight = true;
	el->sent_ms = now_ms;
	return true;
}

void
lease_replied(struct elector *el, const struct object *lease, int64_t now_ms)
{
	el->in_flight = false;
	el->must_read = true; /* the next lease_seen() replaces our state */
	if (!lease) {
		el->retry_after_ms = now_ms + el->duration_ms / 20;
		return;
	}
	lease_seen(el, lease, now_ms);
	el->phase = LEASE_OTHERS;
	if (strcmp(lease->u.lease.holder, el->me) == 0) {
		el->phase = LEASE_OURS;
		el->contested = false;
		el->trusted_ms = el->sent_ms;
	}
}

bool
lease_needs_proof(const struct elector *el)
{
	return el->found_none && el->phase == LEASE_OURS && !el->contested && !el->resigned;
}

void
lease_proved(struct elector *el, bool first)
{
	el->found_none = false;
	if (first)
		el->leads_from_ms = el->sent_ms;
}

int64_t
lease_next_ms(const struct elector *el, int64_t now_ms)
{
	int64_t next = due_ms(el);

	if (lease_leads(el, now_ms) && trusted_until(el) < next)
		next = trusted_until(el);
	if (el->phase == LEASE_OURS && !el->resigned && now_ms < el->leads_from_ms &&
	    el->leads_from_ms < next)
		next = el->leads_from_ms;
	return next;
}

void
lease_resign(struct elector *el)
{
	el->resigned = true;
}
