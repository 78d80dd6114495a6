/* SPDX-License-Identifier: Apache-2.0 */
#include "reflector_impl.h"

#include "util/clock.h"
#include "util/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From one request of a reflector to the next. */

static void
report(struct reflector *r, enum reflector_state state, const char *why)
{
	if (state == r->state && strcmp(why, r->why) == 0)
		return;
	r->state = state;
	snprintf(r->why, sizeof(r->why), "%s", why);
	r->ops.state(r->arg, state, r->why);
}

void
reflector_report_watching(struct reflector *r)
{
	const char *pending = reflector_fsm_pending_reason(&r->reflector_fsm);

	report(r, pending ? REFLECTOR_HOLDING : REFLECTOR_SYNCED, pending ? pending : "");
}

/* What the API cannot say as well as we can. */
static const char *
sentence(const struct reflector *r, enum reflector_state state, const char *said, char *buf,
    size_t size)
{
	const struct kind_info *info = &kind_info[r->opts.kind];
	const char *slash = strchr(info->api_version, '/');

	if (state == REFLECTOR_FORBIDDEN && strcmp(said, "Unauthorized") == 0)
		return "Unauthorized: the API server does not accept the credentials; expired?";
	if (state != REFLECTOR_NOT_INSTALLED || !slash)
		return said;
	snprintf(buf, size, "CRD %s.%.*s is not installed%s", info->resource,
	    (int)(slash - info->api_version), info->api_version,
	    reflector_fsm_pending_reason(&r->reflector_fsm) ? "; what was known stays in force"
	                             : "; kubectl apply -f deploy/crds installs it");
	return buf;
}

void
reflector_in_done(struct reflector *r)
{
	if (r->reflector_fsm.phase == PHASE_WATCH)
		json_lines_done(&r->in.json_lines);
	else
		json_items_done(&r->in.json_items);
	memset(&r->in, 0, sizeof(r->in));
}

void
reflector_forget_more(struct reflector *r)
{
	free(r->more);
	r->more = NULL;
}

void
reflector_schedule(struct reflector *r, int64_t delay_ms)
{
	ev_timer_stop(r->loop, &r->timer);
	ev_timer_set(&r->timer, (double)delay_ms / 1000., 0.);
	ev_timer_start(r->loop, &r->timer);
}

void
reflector_schedule_relist(struct reflector *r)
{
	int64_t in_ms = r->reflector_fsm.list_ms - clock_ms();

	ev_timer_stop(r->loop, &r->relist);
	if (!r->reflector_fsm.list_ms)
		return;
	ev_now_update(r->loop);
	ev_timer_set(&r->relist, (double)(in_ms > 0 ? in_ms : 0) / 1000. + 0.01, 0.);
	ev_timer_start(r->loop, &r->relist);
}

void
reflector_conclude(struct reflector *r, enum request_outcome request_outcome, int64_t retry_after_ms,
    const char *why)
{
	struct step step;
	char buf[256];

	reflector_in_done(r);
	r->call = NULL;
	step = reflector_fsm_step(&r->reflector_fsm, request_outcome, retry_after_ms, random_u32());
	r->stats.failures += step.failed;
	if (step.phase == PHASE_LIST)
		reflector_forget_more(r);
	reflector_schedule(r, step.delay_ms);
	reflector_schedule_relist(r);
	if (step.complete)
		r->ops.list_end(r->arg);
	else if (request_outcome == OUT_UNCONFIRMED)
		r->ops.pending_delete(r->arg, NULL, NULL);
	if (step.failed)
		report(r, step.state, sentence(r, step.state, why, buf, sizeof(buf)));
	else if (step.state != REFLECTOR_STARTING)
		reflector_report_watching(r);
}

void
reflector_list_anew(struct reflector *r)
{
	call_cancel(r->call);
	reflector_in_done(r);
	r->call = NULL;
	r->reflector_fsm.phase = PHASE_LIST;
	reflector_forget_more(r);
	reflector_schedule(r, 0);
}
