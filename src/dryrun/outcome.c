/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include "arplet/encode.h"
#include "arplet/manifest.h"
#include "status_patches.h"
#include "status_summary.h"
#include "table.h"
#include "util/printable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/* The text that the dry run printed last about an object. */
struct printed {
	RB_ENTRY(printed) link;
	const char *kind;
	char *ns, *name;
	char *text;
	bool seen; /* the object exists in the current output */
};
RB_HEAD(printed_texts, printed);

/* An Event that the daemon would post: as JSON, or as a note if the dry run prints a table. */
struct pending_event {
	STAILQ_ENTRY(pending_event) next;
	char *text;
};

struct outcome {
	enum output format;
	enum manifest_format object_format;
	const char *pool_ns;
	FILE *out, *notes;
	struct status_patches patches;
	struct printed_texts printed;
	STAILQ_HEAD(, pending_event) events;
	uint32_t n_events; /* number of Events so far; each Event's name contains it */
	struct table table;
	struct manifest *list; /* the v1 List of all objects; NULL: print only changed objects */
};

static int
printed_cmp(const struct printed *a, const struct printed *b)
{
	int order = strcmp(a->kind, b->kind);

	if (!order)
		order = strcmp(a->ns, b->ns);
	return order ? order : strcmp(a->name, b->name);
}
RB_PROTOTYPE(printed_texts, printed, link, printed_cmp)
RB_GENERATE(printed_texts, printed, link, printed_cmp)

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
	RB_REMOVE(printed_texts, &outcome->printed, printed);
	free(printed->ns);
	free(printed->name);
	free(printed->text);
	free(printed);
}

static void
free_events(struct outcome *outcome)
{
	struct pending_event *event;

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
	status_patches_done(&outcome->patches);
	while (!RB_EMPTY(&outcome->printed))
		printed_free(outcome, RB_ROOT(&outcome->printed));
	free_events(outcome);
	table_done(&outcome->table);
	free(outcome);
}

/* True if the dry run prints a note about the Event, because the table does not show its reason. */
static bool
adds_to_table(const struct action *act)
{
	static const char *const in_table[] = { "AllocationFailed", "LoadBalancerFailed",
		"announceFailed" };
	const char *reason = act->u.event.reason;

	for (size_t i = 0; i < sizeof(in_table) / sizeof(in_table[0]); i++) {
		if (strcmp(reason, in_table[i]) == 0)
			return false;
	}
	return act->u.event.warning || strcmp(reason, "ClearAssignment") == 0;
}

static char *
event_text(const struct action *act)
{
	char *message = printable_copy(act->u.event.message), *text;

	if (asprintf(&text, "%s %s%s%s: %s", kind_info[act->on.kind].kind, act->on.ns,
	        *act->on.ns ? "/" : "", act->on.name, message) < 0)
		abort();
	free(message);
	return text;
}

/* The new Event has no timestamp, so that two dry runs of the same objects print the same text. */
static void
add_event(struct outcome *outcome, const struct action *act)
{
	struct pending_event *event;
	struct event_body body = event_body_of(act);

	body.serial = ++outcome->n_events;
	if (outcome->format == OUTPUT_TABLE && !adds_to_table(act))
		return;
	event = xcalloc(1, sizeof(*event));
	event->text = outcome->format == OUTPUT_TABLE ? event_text(act) : encode_event(&body);
	STAILQ_INSERT_TAIL(&outcome->events, event, next);
}

void
outcome_add(struct outcome *outcome, const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->v[i].kind == ACT_SERVICE_STATUS)
			status_patches_add(&outcome->patches, &plan->v[i]);
		else if (plan->v[i].kind == ACT_EVENT)
			add_event(outcome, &plan->v[i]);
	}
}

/* Stores @text; returns true if @text differs from the text that was last stored for the object. */
static bool
has_changed(struct outcome *outcome, const char *kind, const struct meta *meta, const char *text)
{
	struct printed key = { .kind = kind, .ns = (char *)meta->ns, .name = (char *)meta->name };
	struct printed *printed = RB_FIND(printed_texts, &outcome->printed, &key);

	if (!printed) {
		printed = xcalloc(1, sizeof(*printed));
		*printed = (struct printed){ .kind = kind, .ns = xstrdup(meta->ns),
			.name = xstrdup(meta->name), .text = xstrdup("") };
		RB_INSERT(printed_texts, &outcome->printed, printed);
	}
	printed->seen = true;
	if (strcmp(printed->text, text) == 0)
		return false;
	free(printed->text);
	printed->text = xstrdup(text);
	return true;
}

/* Drop the stored texts of objects that no longer exist. */
static void
drop_unseen(struct outcome *outcome)
{
	struct printed *printed, *next;

	RB_FOREACH_SAFE(printed, printed_texts, &outcome->printed, next) {
		if (!printed->seen && outcome->format == OUTPUT_TABLE)
			table_add_gone(&outcome->table, printed->ns, printed->name);
		if (!printed->seen)
			printed_free(outcome, printed);
		else
			printed->seen = false;
	}
}

/* Add the object to the List, or print the object if it has changed. */
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
	if (has_changed(outcome, kind, meta, text))
		fputs(text, outcome->out);
	free(text);
}

static void
put_service(void *arg, const struct object *obj)
{
	struct outcome *outcome = arg;
	char *patch = status_patches_get(&outcome->patches, obj);

	put_object(outcome, "Service", &obj->meta, obj->raw, patch);
	free(patch);
}

/* A pool that is not in force gets no patch: the daemon would not write this pool's status. */
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
	/* not a random name as in a cluster, so that two dry runs print the same text */
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
	struct pending_event *event;

	STAILQ_FOREACH(event, &outcome->events, next)
		manifest_add(all, event->text, "", "", NULL);
	if (!outcome->list) {
		manifest_print_each(all, outcome->object_format, outcome->out);
		manifest_free(all);
	}
	free_events(outcome);
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
print_event_notes(struct outcome *outcome)
{
	struct pending_event *event;

	STAILQ_FOREACH(event, &outcome->events, next)
		fprintf(outcome->notes, "note: %s\n", event->text);
	free_events(outcome);
}

void
outcome_print(struct outcome *outcome, const struct world *world)
{
	status_summary_note_unserved(world, outcome->notes);
	if (outcome->format == OUTPUT_TABLE) {
		print_event_notes(outcome);
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

/* Add the row of a Service to the table if the row differs from the row that was printed last. */
static void
put_changed_row(void *arg, const struct service_view *view)
{
	struct outcome *outcome = arg;
	char *text;

	table_add(&outcome->table, view);
	text = table_row(&outcome->table, outcome->table.n - 1);
	if (!has_changed(outcome, "Service", &view->obj->meta, text))
		table_drop(&outcome->table);
	free(text);
}

int
outcome_print_changes(struct outcome *outcome, const struct world *world)
{
	status_patches_drop_stale(&outcome->patches, world);
	if (outcome->format == OUTPUT_TABLE) {
		print_event_notes(outcome);
		world_each_service(world, put_changed_row, outcome);
	} else {
		put_objects(outcome, world);
	}
	drop_unseen(outcome);
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
