/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/lease.h"

#include <stdio.h>
#include <string.h>

/* Candidates that would all try at once try within this time; the API lets only one through. */
#define STAGGER_MS 50

void
lease_init(struct elector *el, const char *me, int64_t duration_ms, uint32_t seed)
{
	*el = (struct elector){ .duration_ms = duration_ms };
	el->stagger_ms = seed % STAGGER_MS;
	snprintf(el->me, sizeof(el->me), "%s", me);
}

static int64_t
trusted_until(const struct elector *el)
{
	return el->trusted_ms + el->duration_ms * 7 / 10;
}

bool
lease_leads(const struct elector *el, int64_t now_ms)
{
	return el->phase == LEASE_OURS && !el->resigned && now_ms < trusted_until(el);
}

void
lease_seen(struct elector *el, const struct object *obj, int64_t now_ms)
{
	const struct lease *lease = obj ? &obj->u.lease : NULL;

	if (!obj) {
		el->phase = LEASE_ABSENT;
		el->version[0] = '\0';
		el->changed_ms = now_ms;
		return;
	}
	if (strcmp(el->version, obj->meta.version) == 0)
		return;
	/* what we wrote ourselves comes by again, perhaps late: the reply said it already */
	if (el->phase == LEASE_OURS && !el->refused && strcmp(lease->holder, el->me) == 0)
		return;
	el->refused = false;
	snprintf(el->version, sizeof(el->version), "%s", obj->meta.version);
	el->transitions = lease->transitions;
	el->theirs_ms = lease->duration_s > 0 ? lease->duration_s * INT64_C(1000)
					      : el->duration_ms;
	el->changed_ms = now_ms;
	el->free = !*lease->holder;
	/* only an accepted write of ours makes it ours: see lease_replied */
	if (el->phase != LEASE_OURS || strcmp(lease->holder, el->me) != 0)
		el->phase = LEASE_OTHERS;
}

/* When the next write is due. */
static int64_t
due_ms(const struct elector *el)
{
	int64_t due;

	if (el->in_flight || el->phase == LEASE_UNKNOWN ||
	    (el->resigned && el->phase != LEASE_OURS))
		return INT64_MAX;
	if (el->phase == LEASE_OURS)
		due = el->resigned ? el->trusted_ms : el->trusted_ms + el->duration_ms / 5;
	else if (el->phase == LEASE_ABSENT || el->free)
		due = el->changed_ms + el->stagger_ms;
	else
		due = el->changed_ms + el->theirs_ms + el->stagger_ms;
	return due > el->pause_ms ? due : el->pause_ms;
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
	if (!lease) {
		el->refused = true;
		el->pause_ms = now_ms + el->duration_ms / 20;
		return;
	}
	el->refused = true; /* what the API answers counts, whatever we thought */
	lease_seen(el, lease, now_ms);
	el->refused = false;
	if (strcmp(lease->u.lease.holder, el->me) == 0) {
		el->phase = LEASE_OURS;
		el->trusted_ms = el->sent_ms;
	} else {
		el->phase = LEASE_OTHERS;
	}
}

int64_t
lease_next_ms(const struct elector *el, int64_t now_ms)
{
	int64_t next = due_ms(el);

	if (lease_leads(el, now_ms) && trusted_until(el) < next)
		next = trusted_until(el);
	return next;
}

void
lease_resign(struct elector *el)
{
	el->resigned = true;
}
