/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"
#include "core/scenario/object_text.h"
#include "invariants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct history hist;

uint32_t
history_random(uint32_t n)
{
	/* xorshift32 */
	hist.random ^= hist.random << 13;
	hist.random ^= hist.random >> 17;
	hist.random ^= hist.random << 5;
	return hist.random % n;
}

void
history_require(const char *wrong, const char *what)
{
	if (!wrong)
		return;
	printf("seed %u, step %d: %s: %s\nto repeat: test_world_random %u\n", hist.seed, hist.step,
	    what, wrong, hist.seed);
	exit(1);
}

static void
trace(const char *what, const char *line)
{
	if (hist.trace)
		printf("%3d %s %s\n", hist.step, what, line);
}

void
history_on_change(void *arg, const char *event)
{
	struct object *obj = object_from_text(strncmp(event, "del ", 4) == 0 ? event + 4 : event);

	(void)arg;
	trace("api:", event);
	if (hist.restarted)
		fake_api_deliver(hist.restarted, event);
	history_track_releases();
	for (size_t i = 0; i < DAEMONS; i++) {
		struct daemon *d = &hist.daemons[i];

		if (d->n_events[obj->kind] == QUEUE_MAX)
			abort();
		d->events[obj->kind][d->n_events[obj->kind]++] = xstrdup(event);
	}
	object_free(obj);
	if (!hist.edits) {
		struct arena mem = { 0 };

		history_require(check_no_address_twice(&hist.api, &mem),
		    "two Services have one address");
		arena_done(&mem);
	}
}

void
daemon_receive(struct daemon *d, int kind, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *version = strstr(d->events[kind][i], " version=");

		if (kind == KIND_SERVICE && version)
			d->seen_version = atoi(version + 9);
		fake_api_deliver(d->world, d->events[kind][i]);
		fake_api_deliver(d->full_world, d->events[kind][i]);
		free(d->events[kind][i]);
	}
	d->n_events[kind] -= n;
	memmove(d->events[kind], d->events[kind] + n, d->n_events[kind] * sizeof(char *));
}

void
daemon_list(struct daemon *d, int kind)
{
	char buf[OBJECT_TEXT_MAX];
	struct stored *obj;

	for (size_t i = 0; i < d->n_events[kind]; i++)
		free(d->events[kind][i]);
	d->n_events[kind] = 0;
	world_list_begin(d->world, (enum kind)kind);
	world_list_begin(d->full_world, (enum kind)kind);
	TAILQ_FOREACH(obj, &hist.api.objects, link) {
		struct object *one = object_from_text(fake_api_line(obj, buf));

		if ((int)one->kind == kind) {
			fake_api_deliver(d->world, buf);
			fake_api_deliver(d->full_world, buf);
		}
		object_free(one);
	}
	d->listed[kind] = true;
	if (kind == KIND_SERVICE)
		d->seen_version = hist.api.version;
	world_list_end(d->world, (enum kind)kind);
	world_list_end(d->full_world, (enum kind)kind);
}

static void
keep_request(struct daemon *d, const struct action *act)
{
	struct request *req = &d->requests[d->n_requests++];

	if (d->n_requests == QUEUE_MAX)
		abort();
	*req = (struct request){ .seen_version = d->seen_version };
	action_copy(&req->act, act, &req->mem);
}

/* In a stable period, a Service keeps its addresses, unless it requests an address or a pool. */
static void
check_address_stays(const struct action *act, const struct stored *obj, const char *before)
{
	struct arena mem = { 0 };
	char *copy, *save;

	if (!hist.stable || hist.off_lan || act->kind != ACT_SERVICE_STATUS || !*before ||
	    strstr(obj->spec, "ann-ips=") || strstr(obj->spec, "pool=") ||
	    strcmp(obj->key, "svc " RESERVED_A) == 0 || strcmp(obj->key, "svc " RESERVED_B) == 0)
		return;
	copy = arena_strdup(&mem, before + strlen("status="));
	for (char *s = strtok_r(copy, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		struct ip ip = ip_from_text(s);
		bool stays = false;

		for (size_t i = 0; i < act->u.service_status.n; i++)
			stays |= ip_equal(&ip, &act->u.service_status.ips[i]);
		if (!stays)
			history_require(arena_printf(&mem, "%s had %s: %s", obj->key, before,
			    action_text(act, &mem)),
			    "an address changed, but no user edit explains that");
	}
	arena_done(&mem);
}

void
daemon_request_arrives(struct daemon *d, bool lost)
{
	struct request req = d->requests[0];
	char key[OBJECT_TEXT_MAX];
	struct stored *obj;
	struct arena mem = { 0 };

	memmove(d->requests, d->requests + 1, --d->n_requests * sizeof(req));
	snprintf(key, sizeof(key), "svc %s/%s", req.act.on.ns, req.act.on.name);
	obj = fake_api_find(&hist.api, key);
	if (!lost) {
		char *before = xstrdup(obj ? obj->status : "");

		trace(d->node, action_text(&req.act, &mem));
		history_check_write(d, &req);
		if (fake_api_write(&hist.api, &req.act, d->node) == 0)
			check_address_stays(&req.act, obj, before);
		if (history_random(8) == 0 && req.act.kind != ACT_L2STATUS_CREATE)
			(void)fake_api_write(&hist.api, &req.act, d->node);
		free(before);
	}
	arena_done(&req.mem);
	arena_done(&mem);
}

static int
text_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Returns the actions of @plan whose kinds are in the bit set @kinds, as sorted text. */
static const char *
sorted_actions(const struct plan *plan, unsigned int kinds, struct arena *mem)
{
	const char **lines = arena_calloc(mem, plan->n, sizeof(*lines)), *text = "";
	size_t n = 0;

	for (size_t i = 0; i < plan->n; i++) {
		if (kinds & 1u << plan->v[i].kind)
			lines[n++] = action_text(&plan->v[i], mem);
	}
	qsort(lines, n, sizeof(*lines), text_cmp);
	for (size_t i = 0; i < n; i++)
		text = arena_printf(mem, "%s%s; ", text, lines[i]);
	return text;
}

/* Returns the actions of a plan about addresses and VIPs, as text. */
static const char *
allocations_and_vips(const struct plan *plan, struct arena *mem)
{
	return sorted_actions(plan,
	    1u << ACT_SERVICE_STATUS | 1u << ACT_VIP_ELECT | 1u << ACT_VIP_WITHDRAW, mem);
}

const char *
status_writes(const struct plan *plan, struct arena *mem)
{
	return sorted_actions(plan, 1u << ACT_SERVICE_STATUS, mem);
}

struct views {
	struct arena *mem;
	const char *text;
};

static void
add_view(void *arg, const struct service_view *view)
{
	struct views *views = arg;
	char a[IP_TEXT_MAX] = "", b[IP_TEXT_MAX] = "";

	if (view->n_ips > 0)
		ip_format(&view->ips[0], a);
	if (view->n_ips > 1)
		ip_format(&view->ips[1], b);
	views->text = arena_printf(views->mem, "%s%s/%s %s %s %s%s: %s\n", views->text,
	    view->obj->meta.ns, view->obj->meta.name, a, b, view->holder ? view->holder : "nobody",
	    view->announced_here ? " here" : "", view->why ? view->why : "fine");
}

static const char *
views(const struct world *world, struct arena *mem)
{
	struct views all = { mem, "" };

	world_each_service(world, add_view, &all);
	return all.text;
}

/* Decides in parts, with random small budgets, as a daemon with much to decide does. */
static void
decide_in_parts(struct world *world, struct plan *plan)
{
	while (world_decide_some(world, plan, 1 + history_random(400), NULL))
		;
}

size_t
daemon_decide(struct daemon *d)
{
	struct plan plan = { 0 }, full = { 0 };
	struct arena mem = { 0 };
	const char *a, *b;
	size_t n = 0;

	world_set_now(d->world, hist.now_ms);
	world_set_now(d->full_world, hist.now_ms);
	if (hist.seed & 4)
		decide_in_parts(d->world, &plan);
	else
		world_decide(d->world, &plan);
	world_mark_everything(d->full_world);
	world_decide(d->full_world, &full);
	a = allocations_and_vips(&plan, &mem);
	b = allocations_and_vips(&full, &mem);
	if (strcmp(a, b) != 0)
		history_require(arena_printf(&mem, "%s against %s", a, b),
		    "a full decision differs from the incremental one");
	a = views(d->world, &mem);
	b = views(d->full_world, &mem);
	/* with probes, a full decision can wait for a probe result before it reports an error */
	if (!hist.probing && strcmp(a, b) != 0)
		history_require(arena_printf(&mem, "\n%sagainst\n%s", a, b),
		    "after a full decision, world_each_service() reports something else");
	daemon_note_addresses(d);
	if (hist.probing)
		daemon_check_probed(d, &plan);
	for (size_t i = 0; i < plan.n; i++) {
		n += plan.v[i].kind != ACT_EVENT;
		digest_action(&hist.digest, &plan.v[i]);
		if (plan.v[i].kind == ACT_SERVICE_STATUS)
			daemon_check_allocation(d, &plan.v[i]);
		if (plan.v[i].kind < ACT_VIP_WITHDRAW && plan.v[i].kind != ACT_EVENT)
			keep_request(d, &plan.v[i]);
	}
	digest_number(&hist.digest, hist.step);
	arena_done(&d->mem);
	d->last_wrote = status_writes(&plan, &d->mem);
	plan_done(&plan);
	plan_done(&full);
	arena_done(&mem);
	return n + (hist.probing ? daemon_probe(d) : 0);
}

static bool
status_is_next(const struct daemon *d)
{
	return d->requests[0].act.kind == ACT_SERVICE_STATUS ||
	    d->requests[0].act.kind == ACT_POOL_STATUS ||
	    d->requests[0].act.kind == ACT_SERVICE_CONDITIONS ||
	    d->requests[0].act.kind == ACT_CONFIG_CONDITION;
}

void
daemon_set_allocator(struct daemon *d, bool allocator)
{
	d->allocator = allocator;
	/* the Lease guarantees that all writes of the former allocator have arrived or are lost */
	for (size_t i = 0; i < DAEMONS && allocator; i++) {
		while (hist.daemons[i].n_requests)
			daemon_request_arrives(&hist.daemons[i], status_is_next(&hist.daemons[i]) &&
			    history_random(2));
	}
	for (int kind = 0; kind < KINDS && allocator; kind++)
		daemon_list(d, kind);
	world_set_allocator(d->world, allocator);
	world_set_allocator(d->full_world, allocator);
}

struct world *
new_world(const char *node)
{
	const struct world_opts opts = { .node_name = node, .pool_ns = "metallb-system",
		.assume_elected = true };
	struct arena mem = { 0 };
	struct link link = link_from_text(&mem, "eth0=11.0.0.9/6,fd00::ffff:0:0:9/7,fe80::9/64", 1);
	struct world *world = world_new(&opts);

	world_set_links(world, &link, hist.off_lan ? 0 : 1);
	arena_done(&mem);
	world_set_probing(world, hist.probing || hist.off_lan);
	world_set_now(world, hist.now_ms);
	return world;
}

void
daemon_start(struct daemon *d, bool listed)
{
	trace("start", d->node);
	while (d->n_requests)
		daemon_request_arrives(d, history_random(2));
	world_free(d->world);
	world_free(d->full_world);
	memset(d->listed, 0, sizeof(d->listed));
	d->world = new_world(d->node);
	d->full_world = new_world(d->node);
	d->knows_config = false;
	d->n_probes = d->n_results = d->n_allocated = 0;
	memset(d->earlier, 0, sizeof(d->earlier));
	for (int kind = 0; kind < KINDS && listed; kind++)
		daemon_list(d, kind);
	d->allocator = false;
}

void
daemon_stop(struct daemon *d)
{
	while (d->n_requests)
		daemon_request_arrives(d, true);
	for (int kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < d->n_events[kind]; i++)
			free(d->events[kind][i]);
		d->n_events[kind] = 0;
	}
	world_free(d->world);
	world_free(d->full_world);
	arena_done(&d->mem);
	d->world = d->full_world = NULL;
}
