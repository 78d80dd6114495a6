/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"
#include "fake_api.h"
#include "arplet/duration.h"
#include "object_text.h"
#include "scenario_lan.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECIDES_MAX 20
#define LINKS_MAX 8

enum see { SEE_STATUS = 1, SEE_EVENTS = 2, SEE_WARNINGS = 4, SEE_COUNTS = 8, SEE_L2 = 16,
	SEE_VIPS = 32, SEE_HELLOS = 64, SEE_CONDITIONS = 128 };

struct run {
	struct world *world;
	struct fake_api api;
	bool unseen; /* watch events do not reach the world */
	bool late;   /* watch events reach the world only after the decide turn */
	const char *queue;
	bool allocator, synced;
	char node[64], lb_class[64];
	struct world_opts opts;
	struct link links[LINKS_MAX];
	size_t n_links;
	unsigned int see;
	int64_t now_ms;
	struct arena mem; /* owns the output of the current step */
	const char *out;
};

static void
on_change(void *arg, const char *event)
{
	struct run *t = arg;

	if (t->late)
		t->queue = arena_printf(&t->mem, "%s%s\n", t->queue, event);
	else if (!t->unseen)
		fake_api_deliver(t->world, event);
}

static void
print(struct run *t, const char *line)
{
	t->out = arena_printf(&t->mem, "%s> %s\n", t->out, line);
}

static bool
is_shown(const struct run *t, const struct action *act)
{
	static const unsigned int bits[ACTIONS] = {
		[ACT_SERVICE_STATUS] = SEE_STATUS, [ACT_POOL_STATUS] = SEE_COUNTS,
		[ACT_EVENT] = SEE_EVENTS, [ACT_L2STATUS_CREATE] = SEE_L2,
		[ACT_L2STATUS_DELETE] = SEE_L2, [ACT_VIP_WITHDRAW] = SEE_VIPS,
		[ACT_VIP_ELECT] = SEE_VIPS, [ACT_HELLO_LINK] = SEE_HELLOS,
		[ACT_SERVICE_CONDITIONS] = SEE_CONDITIONS, [ACT_CONFIG_CONDITION] = SEE_CONDITIONS,
	};

	return (t->see & bits[act->kind]) || (act->kind == ACT_EVENT && act->u.event.warning &&
	    (t->see & SEE_WARNINGS));
}

/* Passes the watch events of a decide turn to the world. */
static void
deliver_queue(struct run *t)
{
	while (*t->queue) {
		size_t len = strcspn(t->queue, "\n");

		fake_api_deliver(t->world, arena_strndup(&t->mem, t->queue, len));
		t->queue += len + 1;
	}
}

/* Runs one decide turn.  Returns false if its action plan was empty. */
static bool
decide_once(struct run *t, bool accept)
{
	struct plan plan = { 0 };
	size_t n;

	world_decide(t->world, &plan);
	n = plan.n;
	for (size_t i = 0; i < n; i++) {
		if (is_shown(t, &plan.v[i]))
			print(t, action_text(&plan.v[i], &t->mem));
		if ((t->see & SEE_CONDITIONS) && plan.v[i].kind == ACT_SERVICE_STATUS)
			print(t, conditions_text(&plan.v[i], "with it", &t->mem));
	}
	/* the world owns the strings of the plan, so it must not change before they are used */
	t->late = true;
	t->queue = "";
	for (size_t i = 0; accept && i < n; i++) {
		if (fake_api_write(&t->api, &plan.v[i], t->node) < 0)
			fail_msg("the fake API refuses the write: %s", action_text(&plan.v[i],
			    &t->mem));
	}
	t->late = false;
	plan_done(&plan);
	deliver_queue(t);
	return n > 0;
}

/* Passes all objects of the API to the world, as lists of all kinds. */
static void
deliver_all(struct run *t)
{
	char buf[OBJECT_TEXT_MAX];
	struct stored *obj;

	for (int kind = 0; kind < KINDS; kind++)
		world_list_begin(t->world, (enum kind)kind);
	TAILQ_FOREACH(obj, &t->api.objects, link)
		fake_api_deliver(t->world, fake_api_line(obj, buf));
	for (int kind = 0; kind < KINDS; kind++)
		world_list_end(t->world, (enum kind)kind);
}

static void
decide(struct run *t)
{
	for (int i = 0; i < DECIDES_MAX; i++) {
		if (!decide_once(t, true))
			return;
	}
	fail_msg("the decide turns do not end:\n%s", t->out);
}

static void
restart(struct run *t)
{
	t->opts.node_name = t->node;
	t->opts.pool_ns = "metallb-system";
	t->opts.lb_class = *t->lb_class ? t->lb_class : NULL;
	world_free(t->world);
	t->world = world_new(&t->opts);
	world_set_links(t->world, t->links, t->n_links);
	world_set_allocator(t->world, t->allocator);
	world_set_now(t->world, t->now_ms);
	if (t->synced)
		deliver_all(t);
}

static void
print_service(void *arg, const struct service_view *view)
{
	struct run *t = arg;
	const char *line = arena_printf(&t->mem, "%s/%s", view->obj->meta.ns,
	    view->obj->meta.name);
	char ip[IP_TEXT_MAX];

	for (size_t i = 0; i < view->n_ips; i++)
		line = arena_printf(&t->mem, "%s %s", line, ip_format(&view->ips[i], ip));
	if (view->pool)
		line = arena_printf(&t->mem, "%s pool=%s", line, view->pool);
	if (view->holder)
		line = arena_printf(&t->mem, "%s holder=%s", line, view->holder);
	for (size_t i = 0; i < view->ifaces->n; i++)
		line = arena_printf(&t->mem, "%s %s", line, view->ifaces->v[i]);
	if (view->announced_here)
		line = arena_printf(&t->mem, "%s here", line);
	if (view->why)
		line = arena_printf(&t->mem, "%s: %s", line, view->why);
	print(t, line);
}

static void
print_pool(void *arg, const struct pool_view *view)
{
	struct run *t = arg;
	const struct pool_counts *c = &view->counts;

	print(t, arena_printf(&t->mem, "%s %lld/%lld/%lld/%lld%s%s%s", view->obj->meta.name,
	    (long long)c->assigned4, (long long)c->available4, (long long)c->assigned6,
	    (long long)c->available6, view->in_force ? "" : " not in force",
	    view->error ? ": " : "", view->error ? view->error : ""));
}

static void
step_links(struct run *t, char *args)
{
	char *save;

	t->n_links = 0;
	for (char *w = strtok_r(args, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		assert_in_range(t->n_links, 0, LINKS_MAX - 1);
		t->links[t->n_links] = link_from_text(&t->mem, w, (int)t->n_links + 1);
		t->n_links++;
	}
	world_set_links(t->world, t->links, t->n_links);
}

static void
step_opts(struct run *t, const char *args)
{
	const char *node = strstr(args, "node="), *lb_class = strstr(args, "class=");

	if (node)
		sscanf(node, "node=%63s", t->node);
	if (lb_class)
		sscanf(lb_class, "class=%63s", t->lb_class);
	t->opts.assume_written = strstr(args, "written");
	t->opts.assume_endpoints = strstr(args, "endpoints");
	t->opts.ignore_exclude_lb = strstr(args, "ignore-exclude");
	t->opts.leave_cordoned = strstr(args, "leave-cordoned");
	t->opts.assume_elected = !strstr(args, "lan");
	t->opts.await_pools = strstr(args, "await-pools");
	t->opts.counts_ms = strstr(args, "counts-late") ? 1000 : 0;
}

static void
step_sleep(struct run *t, const char *args)
{
	int64_t ms;

	assert_int_equal(duration_parse(args, &ms), 0);
	t->now_ms += ms;
	world_set_now(t->world, t->now_ms);
}

static void
step_see(struct run *t, const char *args)
{
	static const char *const words[] = { "status", "events", "warnings", "counts", "l2",
		"vips", "hellos", "conditions" };

	t->see = 0;
	for (size_t i = 0; i < COUNT(words); i++)
		t->see |= strstr(args, words[i]) ? 1u << i : 0;
}

/* "ADDRESS IFINDEX [NODE]" */
static void
step_holder(struct run *t, const char *args)
{
	char text[IP_TEXT_MAX], node[64] = "";
	struct ip ip;
	int ifindex;

	assert_in_range(sscanf(args, "%45s %d %63s", text, &ifindex, node), 2, 3);
	assert_int_equal(ip_parse(text, &ip), 0);
	world_set_holder(t->world, ifindex, &ip, *node ? node : NULL);
}

static void
print_candidate(void *arg, const char *node, bool ready)
{
	struct run *t = arg;

	print(t, arena_printf(&t->mem, "%s%s", node, ready ? "" : " notready"));
}

static void
step_candidates(struct run *t, const char *args)
{
	struct ip ip;

	assert_int_equal(ip_parse(args, &ip), 0);
	world_each_candidate(t->world, &ip, print_candidate, t);
}

static void
step(struct run *t, char *line)
{
	char *args = line + strcspn(line, " ");

	if (*args)
		*args++ = '\0';
	if (strcmp(line, "decide") == 0) {
		decide(t);
	} else if (strcmp(line, "plan") == 0) {
		decide_once(t, false);
	} else if (strcmp(line, "links") == 0) {
		step_links(t, args);
	} else if (strcmp(line, "opts") == 0) {
		step_opts(t, args);
	} else if (strcmp(line, "conflict") == 0) {
		scenario_set_conflict(t->world, args);
	} else if (strcmp(line, "policy") == 0) {
		print(t, scenario_conflict_policy(t->world, args));
	} else if (strcmp(line, "probing") == 0) {
		world_set_probing(t->world, true);
	} else if (strcmp(line, "probed") == 0) {
		scenario_set_probe_result(t->world, args);
	} else if (strcmp(line, "proxy-host") == 0) {
		scenario_set_proxy_host(t->world, args);
	} else if (strcmp(line, "probe-links") == 0) {
		print(t, scenario_probe_links(t->world, args, &t->mem));
	} else if (strcmp(line, "see") == 0) {
		step_see(t, args);
	} else if (strcmp(line, "start") == 0) {
		t->synced = false;
		restart(t);
	} else if (strcmp(line, "after") == 0) {
		step_sleep(t, args);
	} else if (strcmp(line, "next") == 0) {
		print(t, world_next_ms(t->world) == INT64_MAX ? "never" :
		    arena_printf(&t->mem, "in %d ms", (int)(world_next_ms(t->world) - t->now_ms)));
	} else if (strcmp(line, "restart") == 0) {
		restart(t);
	} else if (strcmp(line, "holder") == 0) {
		step_holder(t, args);
	} else if (strcmp(line, "candidates") == 0) {
		step_candidates(t, args);
	} else if (strcmp(line, "stop") == 0) {
		world_stop(t->world);
	} else if (strcmp(line, "mark-all") == 0) {
		world_mark_everything(t->world);
	} else if (strcmp(line, "refused") == 0) {
		world_set_write_conflicts(t->world, "d", args);
	} else if (strcmp(line, "services") == 0) {
		world_each_service(t->world, print_service, t);
	} else if (strcmp(line, "pools") == 0) {
		world_each_pool(t->world, print_pool, t);
	} else if (strcmp(line, "stale") == 0) {
		print(t, world_config_stale(t->world) ? "yes" : "no");
	} else if (strcmp(line, "del") == 0) {
		fake_api_delete(&t->api, args);
	} else if (strcmp(line, "pending-delete") == 0) {
		world_pend_delete(t->world, KIND_POOL, t->opts.pool_ns, args);
	} else if (strcmp(line, "sync") == 0) {
		t->synced = true;
		deliver_all(t);
	} else if (strcmp(line, "allocator") == 0) {
		t->allocator = strcmp(args, "on") == 0;
		world_set_allocator(t->world, t->allocator);
	} else if (strcmp(line, "unseen") == 0) {
		t->unseen = true;
		fake_api_put(&t->api, args);
		t->unseen = false;
	} else {
		args[-1] = ' ';
		fake_api_put(&t->api, line);
	}
}

/* Returns the lines at *@at that start with '>', and moves *@at to the line after them. */
static char *
expected(struct run *t, const char **at)
{
	const char *start = *at;

	while (**at == '>') {
		*at += strcspn(*at, "\n");
		*at += **at == '\n';
	}
	return arena_strndup(&t->mem, start, (size_t)(*at - start));
}

static void
run_lines(struct run *t, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = arena_strndup(&t->mem, text, len);
		const char *want;

		text += len + (text[len] == '\n');
		want = expected(t, &text);
		t->out = "";
		step(t, line);
		if (strcmp(t->out, want) != 0)
			fail_msg("the step \"%s\" must print:\n%sbut it printed:\n%s", line, want,
			    t->out);
	}
}

void
scenario_run(const char *before, const char *scenario)
{
	struct run t = { .node = "n1", .see = ~(unsigned int)SEE_CONDITIONS,
	    .opts.assume_elected = true };
	char links[] = "eth0=11.0.0.9/6,fd00::ffff:0:0:9/7,fe80::9/64";

	fake_api_init(&t.api, on_change, &t);
	restart(&t);
	step_links(&t, links);
	run_lines(&t, before);
	run_lines(&t, scenario);
	world_free(t.world);
	fake_api_done(&t.api);
	arena_done(&t.mem);
}
