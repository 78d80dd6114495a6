/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include "arplet/encode.h"
#include "arplet/manifest.h"
#include "util/printable.h"
#include "table.h"
#include "status_summary.h"
#include "status_patches.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/* What was last printed about something. */
struct printed {
	RB_ENTRY(printed) link;
	const char *kind;
	char *ns, *name;
	char *text;
	bool seen;
};
RB_HEAD(printeds, printed);

/* An Event that would be posted: as JSON, or, beside a table, as a sentence. */
struct event {
	STAILQ_ENTRY(event) next;
	char *text;
};

struct outcome {
	enum output format;
	enum manifest_format object_format;
	const char *pool_ns;
	FILE *out, *notes;
	struct status_patches status_patch;
	struct printeds printed;
	STAILQ_HEAD(, event) events;
	uint32_t n_events; /* so far: names them */
	struct table table;
	struct manifest *list; /* where objects go; NULL: each is printed, if it differs */
};

static int
printed_cmp(const struct printed *a, const struct printed *b)
{
	int order = strcmp(a->kind, b->kind);

	if (!order)
		order = strcmp(a->ns, b->ns);
	return order ? order : strcmp(a->name, b->name);
}
RB_PROTOTYPE(printeds, printed, link, printed_cmp)
RB_GENERATE(printeds, printed, link, printed_cmp)

struct outcome *
outcome_new(enum output format, const char *pool_ns, FILE *out, FILE *notes)
{
	struct outcome *outcome = xcalloc(1, sizeof(*outcome));

	outcome->format = format;
	outcome->object_format = format == OUTPUT_YAML ? MANIFEST_YAML : MANIFEST_JSON;
	outcome->pool_ns = pool_ns;
	outcome->out = out;
	outcome->notes = notes;
	STAILQ_INIT(&outcome->events);
	return outcome;
}

static void
printed_free(struct outcome *outcome, struct printed *printed)
{
	RB_REMOVE(printeds, &outcome->printed, printed);
	free(printed->ns);
	free(printed->name);
	free(printed->text);
	free(printed);
}

static void
forget_events(struct outcome *outcome)
{
	struct event *event;

	while ((event = STAILQ_FIRST(&outcome->events))) {
		STAILQ_REMOVE_HEAD(&outcome->events, next);
		free(event->text);
		free(event);
	}
}

void
outcome_free(struct outcome *outcome)
{
	if (!outcome)
		return;
	status_patches_done(&outcome->status_patch);
	while (!RB_EMPTY(&outcome->printed))
		printed_free(outcome, RB_ROOT(&outcome->printed));
	forget_events(outcome);
	table_done(&outcome->table);
	free(outcome);
}

/* Does a table's reader miss it?  What keeps a Service from being served is in its row. */
static bool
tells(const struct action *act)
{
	static const char *const in_row[] = { "AllocationFailed", "LoadBalancerFailed",
		"announceFailed" };
	const char *reason = act->u.event.reason;

	for (size_t i = 0; i < sizeof(in_row) / sizeof(in_row[0]); i++) {
		if (strcmp(reason, in_row[i]) == 0)
			return false;
	}
	return act->u.event.warning || strcmp(reason, "ClearAssignment") == 0;
}

static char *
event_note(const struct action *act)
{
	char *message = printable_copy(act->u.event.message), *text;

	if (asprintf(&text, "%s %s%s%s: %s", kind_info[act->on.kind].kind, act->on.ns,
	        *act->on.ns ? "/" : "", act->on.name, message) < 0)
		abort();
	free(message);
	return text;
}

/* Without a time: what is the same prints the same. */
static void
note_event(struct outcome *outcome, const struct action *act)
{
	struct event *event;
	struct event_body body = event_body_of(act, ++outcome->n_events);

	if (outcome->format == OUTPUT_TABLE && !tells(act))
		return;
	event = xcalloc(1, sizeof(*event));
	event->text = outcome->format == OUTPUT_TABLE ? event_note(act) : encode_event(&body);
	STAILQ_INSERT_TAIL(&outcome->events, event, next);
}

void
outcome_note(struct outcome *outcome, const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->v[i].kind == ACT_SERVICE_STATUS)
			status_patches_note(&outcome->status_patch, &plan->v[i]);
		else if (plan->v[i].kind == ACT_EVENT)
			note_event(outcome, &plan->v[i]);
	}
}

/* Is @text something else than what was last printed about this? */
static bool
differs(struct outcome *outcome, const char *kind, const struct meta *meta, const char *text)
{
	struct printed key = { .kind = kind, .ns = (char *)meta->ns, .name = (char *)meta->name };
	struct printed *printed = RB_FIND(printeds, &outcome->printed, &key);

	if (!printed) {
		printed = xcalloc(1, sizeof(*printed));
		*printed = (struct printed){ .kind = kind, .ns = xstrdup(meta->ns),
			.name = xstrdup(meta->name), .text = xstrdup("") };
		RB_INSERT(printeds, &outcome->printed, printed);
	}
	printed->seen = true;
	if (strcmp(printed->text, text) == 0)
		return false;
	free(printed->text);
	printed->text = xstrdup(text);
	return true;
}

/* Forgets what was printed about what this pass did not see. */
static void
forget_unseen(struct outcome *outcome)
{
	struct printed *printed, *next;

	RB_FOREACH_SAFE(printed, printeds, &outcome->printed, next) {
		if (!printed->seen && outcome->format == OUTPUT_TABLE)
			table_add_gone(&outcome->table, printed->ns, printed->name);
		if (!printed->seen)
			printed_free(outcome, printed);
		else
			printed->seen = false;
	}
}

/* Into the List, or on its own where it differs from the last time. */
static void
put_object(struct outcome *outcome, const char *kind, const struct meta *meta, const char *json,
    const char *patch)
{
	struct manifest *one;
	char *text = NULL;
	size_t len;
	FILE *out;

	if (outcome->list) {
		manifest_add(outcome->list, json, meta->ns, meta->name, patch);
		return;
	}
	out = open_memstream(&text, &len);
	one = manifest_new();
	if (!out)
		abort();
	manifest_add(one, json, meta->ns, meta->name, patch);
	manifest_print_each(one, outcome->object_format, out);
	manifest_free(one);
	if (fclose(out) != 0)
		abort();
	if (differs(outcome, kind, meta, text))
		fputs(text, outcome->out);
	free(text);
}

static void
put_service(void *arg, const struct object *obj)
{
	struct outcome *outcome = arg;
	char *patch = status_patches_get(&outcome->status_patch, obj);

	put_object(outcome, "Service", &obj->meta, obj->raw, patch);
	free(patch);
}

/* A pool that is not in force is not counted. */
static void
put_pool(void *arg, const struct pool_view *view)
{
	char *patch = view->in_force ? encode_pool_patch(&view->counts) : NULL;

	put_object(arg, "IPAddressPool", &view->obj->meta, view->obj->raw, patch);
	free(patch);
}

static void
put_l2status(void *arg, const struct service_view *view)
{
	struct outcome *outcome = arg;
	struct l2status_body body = {
		.ns = outcome->pool_ns,
		.node = view->holder,
		.service_ns = view->obj->meta.ns,
		.service = view->obj->meta.name,
		.interfaces = view->ifaces,
	};
	char *json, *patch, name[256];
	struct meta meta = { .ns = body.ns, .name = name };

	if (!view->holder)
		return;
	/* the API server would make a name up, another one each time */
	snprintf(name, sizeof(name), "l2-%s-%s", body.service_ns, body.service);
	json = encode_l2status(&body);
	patch = encode_l2status_patch(&body);
	put_object(outcome, "ServiceL2Status", &meta, json, patch);
	free(json);
	free(patch);
}

static void
put_events(struct outcome *outcome)
{
	struct manifest *all = outcome->list ? outcome->list : manifest_new();
	struct event *event;

	STAILQ_FOREACH(event, &outcome->events, next)
		manifest_add(all, event->text, "", "", NULL);
	if (!outcome->list) {
		manifest_print_each(all, outcome->object_format, outcome->out);
		manifest_free(all);
	}
	forget_events(outcome);
}

static void
put_objects(struct outcome *outcome, const struct world *world)
{
	world_each(world, KIND_SERVICE, put_service, outcome);
	world_each_pool(world, put_pool, outcome);
	world_each_service(world, put_l2status, outcome);
	put_events(outcome);
}

static void
put_row(void *arg, const struct service_view *view)
{
	table_add(arg, view);
}

static void
tell_events(struct outcome *outcome)
{
	struct event *event;

	STAILQ_FOREACH(event, &outcome->events, next)
		fprintf(outcome->notes, "note: %s\n", event->text);
	forget_events(outcome);
}

void
outcome_print(struct outcome *outcome, const struct world *world)
{
	status_summary_missed(world, outcome->notes);
	if (outcome->format == OUTPUT_TABLE) {
		tell_events(outcome);
		world_each_service(world, put_row, &outcome->table);
		table_print(&outcome->table, outcome->out);
		fflush(outcome->out);
		status_summary_print(world, outcome->notes);
		return;
	}
	outcome->list = manifest_new();
	put_objects(outcome, world);
	manifest_print(outcome->list, outcome->object_format, outcome->out);
	manifest_free(outcome->list);
	outcome->list = NULL;
}

/* The row of a Service, unless it is the same as before. */
static void
follow_row(void *arg, const struct service_view *view)
{
	struct outcome *outcome = arg;
	char *text;

	table_add(&outcome->table, view);
	text = table_row(&outcome->table, outcome->table.n - 1);
	if (!differs(outcome, "Service", &view->obj->meta, text))
		table_drop(&outcome->table);
	free(text);
}

int
outcome_follow(struct outcome *outcome, const struct world *world)
{
	status_patches_settle(&outcome->status_patch, world);
	if (outcome->format == OUTPUT_TABLE) {
		tell_events(outcome);
		world_each_service(world, follow_row, outcome);
	} else {
		put_objects(outcome, world);
	}
	forget_unseen(outcome);
	if (outcome->format == OUTPUT_TABLE)
		table_print(&outcome->table, outcome->out);
	return fflush(outcome->out) == 0 && !ferror(outcome->out) ? 0 : -EIO;
}

static void
check_served(void *arg, const struct service_view *view)
{
	if (view->why)
		*(bool *)arg = false;
}

bool
outcome_served(const struct world *world)
{
	bool served = true;

	world_each_service(world, check_served, &served);
	return served;
}
