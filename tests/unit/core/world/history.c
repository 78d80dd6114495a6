/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"
#include "core/story/facts.h"
#include "judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct history hist;

uint32_t
history_pick(uint32_t n)
{
	/* xorshift32 */
	hist.random ^= hist.random << 13;
	hist.random ^= hist.random >> 17;
	hist.random ^= hist.random << 5;
	return hist.random % n;
}

void
history_check(const char *wrong, const char *what)
{
	if (!wrong)
		return;
	printf("seed %u, step %d: %s: %s\nreplay: test_world_random %u\n", hist.seed, hist.step,
	    what, wrong, hist.seed);
	exit(1);
}

static void
tell(const char *what, const char *line)
{
	if (hist.tell)
		printf("%3d %s %s\n", hist.step, what, line);
}

/* Every watch gets the event, and passes it on when it likes. */
void
history_on_change(void *arg, const char *event)
{
	struct object *obj = fact_object(strncmp(event, "del ", 4) == 0 ? event + 4 : event);

	(void)arg;
	tell("api:", event);
	if (hist.shadow)
		api_tell(hist.shadow, event);
	calm_follow();
	for (size_t i = 0; i < DAEMONS; i++) {
		struct daemon *d = &hist.daemons[i];

		if (d->n_events[obj->kind] == QUEUE_MAX)
			abort();
		d->events[obj->kind][d->n_events[obj->kind]++] = xstrdup(event);
	}
	object_free(obj);
	if (!hist.edits) {
		struct arena mem = { 0 };

		history_check(judge_twice(&hist.api, &mem), "given twice");
		arena_done(&mem);
	}
}

void
daemon_deliver(struct daemon *d, int kind, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *version = strstr(d->events[kind][i], " version=");

		if (kind == KIND_SERVICE && version)
			d->seen = atoi(version + 9);
		api_tell(d->world, d->events[kind][i]);
		api_tell(d->twin, d->events[kind][i]);
		free(d->events[kind][i]);
	}
	d->n_events[kind] -= n;
	memmove(d->events[kind], d->events[kind] + n, d->n_events[kind] * sizeof(char *));
}

/* A watch ends and a list takes its place. */
void
daemon_list(struct daemon *d, int kind)
{
	char buf[FACT_LEN_MAX];
	struct stored *obj;

	for (size_t i = 0; i < d->n_events[kind]; i++)
		free(d->events[kind][i]);
	d->n_events[kind] = 0;
	world_list_begin(d->world, (enum kind)kind);
	world_list_begin(d->twin, (enum kind)kind);
	TAILQ_FOREACH(obj, &hist.api.objects, link) {
		struct object *one = fact_object(api_line(obj, buf));

		if ((int)one->kind == kind) {
			api_tell(d->world, buf);
			api_tell(d->twin, buf);
		}
		object_free(one);
	}
	d->listed[kind] = true;
	if (kind == KIND_SERVICE)
		d->seen = hist.api.version;
	world_list_end(d->world, (enum kind)kind);
	world_list_end(d->twin, (enum kind)kind);
}

static void
keep_request(struct daemon *d, const struct action *act)
{
	struct request *req = &d->requests[d->n_requests++];

	if (d->n_requests == QUEUE_MAX)
		abort();
	*req = (struct request){ .seen = d->seen };
	action_copy(&req->act, act, &req->mem);
}

/* In calm nothing happens to a Service that has what it asks for: its addresses stay. */
static void
check_cause(const struct action *act, const struct stored *obj, const char *before)
{
	struct arena mem = { 0 };
	char *copy, *save;

	if (!hist.calm || hist.unasked || act->kind != ACT_SERVICE_STATUS || !*before ||
	    strstr(obj->spec, "ann-ips=") || strstr(obj->spec, "pool=") ||
	    strcmp(obj->key, "svc " RESERVED_A) == 0 || strcmp(obj->key, "svc " RESERVED_B) == 0)
		return;
	copy = arena_strdup(&mem, before + strlen("status="));
	for (char *s = strtok_r(copy, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		struct ip ip = fact_ip(s);
		bool stays = false;

		for (size_t i = 0; i < act->u.service_status.n; i++)
			stays |= ip_equal(&ip, &act->u.service_status.ips[i]);
		if (!stays)
			history_check(arena_printf(&mem, "%s had %s: %s", obj->key, before,
			    action_text(act, &mem)), "an address changed without a cause");
	}
	arena_done(&mem);
}

/* The first request arrives, or its answer is lost and it arrives twice, or never. */
void
daemon_arrive(struct daemon *d, bool deleted_service)
{
	struct request req = d->requests[0];
	char key[FACT_LEN_MAX];
	struct stored *obj;
	struct arena mem = { 0 };

	memmove(d->requests, d->requests + 1, --d->n_requests * sizeof(req));
	snprintf(key, sizeof(key), "svc %s/%s", req.act.on.ns, req.act.on.name);
	obj = api_find(&hist.api, key);
	if (!deleted_service) {
		char *before = xstrdup(obj ? obj->status : "");

		tell(d->node, action_text(&req.act, &mem));
		calm_check_gift(d, &req);
		if (api_apply(&hist.api, &req.act, d->node) == 0)
			check_cause(&req.act, obj, before);
		if (history_pick(8) == 0 && req.act.kind != ACT_L2STATUS_CREATE)
			(void)api_apply(&hist.api, &req.act, d->node);
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

/* What a plan wants of these kinds, in any order. */
static const char *
wishes(const struct plan *plan, unsigned int kinds, struct arena *mem)
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

/* What a plan decides: the addresses, and what is answered for. */
static const char *
decisions(const struct plan *plan, struct arena *mem)
{
	return wishes(plan, 1u << ACT_SERVICE_STATUS | 1u << ACT_VIP_ELECT | 1u << ACT_VIP_WITHDRAW, mem);
}

const char *
statuses(const struct plan *plan, struct arena *mem)
{
	return wishes(plan, 1u << ACT_SERVICE_STATUS, mem);
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

/* Both worlds decide; returns how much there was to do. */
size_t
daemon_decide(struct daemon *d)
{
	struct plan plan = { 0 }, full = { 0 };
	struct arena mem = { 0 };
	const char *a, *b;
	size_t n = 0;

	world_set_now(d->world, hist.now_ms);
	world_set_now(d->twin, hist.now_ms);
	world_decide(d->world, &plan);
	world_mark_everything(d->twin);
	world_decide(d->twin, &full);
	a = decisions(&plan, &mem);
	b = decisions(&full, &mem);
	if (strcmp(a, b) != 0)
		history_check(arena_printf(&mem, "%s against %s", a, b), "a full pass decides otherwise");
	a = views(d->world, &mem);
	b = views(d->twin, &mem);
	/* a full pass may wait for an answer of the LAN that makes no difference to a "no" */
	if (!hist.checking && strcmp(a, b) != 0)
		history_check(arena_printf(&mem, "\n%sagainst\n%s", a, b), "a full pass sees otherwise");
	daemon_note_had(d);
	if (hist.checking)
		daemon_check_asked(d, &plan);
	for (size_t i = 0; i < plan.n; i++) {
		n += plan.v[i].kind != ACT_EVENT;
		digest_action(&hist.digest, &plan.v[i]);
		if (plan.v[i].kind == ACT_SERVICE_STATUS)
			daemon_check_gift(d, &plan.v[i]);
		if (plan.v[i].kind < ACT_VIP_WITHDRAW && plan.v[i].kind != ACT_EVENT)
			keep_request(d, &plan.v[i]);
	}
	digest_number(&hist.digest, hist.step);
	arena_done(&d->mem);
	d->wrote = statuses(&plan, &d->mem);
	plan_done(&plan);
	plan_done(&full);
	arena_done(&mem);
	return n + (hist.checking ? daemon_ask(d) : 0);
}

static bool
status_is_next(const struct daemon *d)
{
	return d->requests[0].act.kind == ACT_SERVICE_STATUS ||
	    d->requests[0].act.kind == ACT_POOL_STATUS ||
	    d->requests[0].act.kind == ACT_SERVICE_CONDITIONS || d->requests[0].act.kind == ACT_CONFIG_CONDITION;
}

void
daemon_allocates(struct daemon *d, bool allocator)
{
	d->allocator = allocator;
	/* the Lease sees to it that what the last one asked has arrived by now, or never will */
	for (size_t i = 0; i < DAEMONS && allocator; i++) {
		while (hist.daemons[i].n_requests)
			daemon_arrive(&hist.daemons[i], status_is_next(&hist.daemons[i]) && history_pick(2));
	}
	for (int kind = 0; kind < KINDS && allocator; kind++)
		daemon_list(d, kind);
	world_set_allocator(d->world, allocator);
	world_set_allocator(d->twin, allocator);
}

struct world *
world_of(const char *node)
{
	const struct world_opts opts = { .node_name = node, .pool_ns = "metallb-system",
		.assume_elected = true };
	struct link link = fact_link("eth0=11.0.0.9/6,fd00::ffff:0:0:9/7,fe80::9/64", 1);
	struct world *world = world_new(&opts);

	world_set_links(world, &link, hist.unasked ? 0 : 1);
	world_set_probing(world, hist.checking || hist.unasked);
	world_set_now(world, hist.now_ms);
	return world;
}

void
daemon_start(struct daemon *d, bool listed)
{
	tell("start", d->node);
	while (d->n_requests)
		daemon_arrive(d, history_pick(2));
	world_free(d->world);
	world_free(d->twin);
	memset(d->listed, 0, sizeof(d->listed));
	d->world = world_of(d->node);
	d->twin = world_of(d->node);
	d->knows = false;
	d->n_wanted = d->n_known = d->n_given = 0;
	memset(d->had, 0, sizeof(d->had));
	for (int kind = 0; kind < KINDS && listed; kind++)
		daemon_list(d, kind);
	d->allocator = false;
}

void
daemon_stop(struct daemon *d)
{
	while (d->n_requests)
		daemon_arrive(d, true);
	for (int kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < d->n_events[kind]; i++)
			free(d->events[kind][i]);
		d->n_events[kind] = 0;
	}
	world_free(d->world);
	world_free(d->twin);
	arena_done(&d->mem);
	d->world = d->twin = NULL;
}
