/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * If no two Services compete for an address, the order of events does not matter.  In this test,
 * each Service has an address of its own: by request, by reservation, or from a pool that serves
 * only this Service.  The world receives the objects in two random orders, and decides in between.
 */
static const char *const lines[] = {
	"ns d", "ns e", "node n1",
	"pool a 10.0.0.0/29 fd00::/126 reserve=10.0.0.5=d/r,fd00::3=d/q reuse-after=1m auto=no",
	"pool b 10.0.1.0/32 svcsel=own:b prio=1", "pool c 10.0.2.0/31 ns=e", "adv all",
	"svc d/1 ann-ips=10.0.0.1", "svc d/2 lbip=10.0.0.2",
	"svc d/3 ann-ips=10.0.0.3,fd00::1 families=46 policy=require", "svc d/r",
	"svc d/q families=6", "svc d/o labels=own:b", "svc e/c",
	"svc d/k share=k ports=TCP/1 ann-ips=10.0.0.6",
	"svc d/l share=k ports=TCP/2 ann-ips=10.0.0.6", "svc d/none",
};
#define LINES_N (sizeof(lines) / sizeof(lines[0]))

static void
on_change(void *arg, const char *event)
{
	fake_api_deliver(arg, event);
}

/* Queues the events of API writes, because the world must not change while its plan is in use. */
static void
on_change_later(void *arg, const char *event)
{
	char **queue = arg;
	char *more = NULL;

	if (asprintf(&more, "%s%s\n", *queue, event) < 0)
		abort();
	free(*queue);
	*queue = more;
}

static void
decide(struct fake_api *api, struct world *world)
{
	for (size_t n = 1; n > 0;) {
		struct plan plan = { 0 };
		char *queue = xstrdup(""), *save;

		world_decide(world, &plan);
		n = plan.n;
		api->on_change = on_change_later;
		api->arg = &queue;
		for (size_t i = 0; i < plan.n; i++)
			(void)fake_api_write(api, &plan.v[i], "n1");
		plan_done(&plan);
		for (char *s = strtok_r(queue, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
			fake_api_deliver(world, s);
		free(queue);
		api->on_change = on_change;
		api->arg = world;
	}
}

/* Passes the objects to a world in random order; returns the addresses of all Services. */
static const char *
final_addresses(struct arena *mem)
{
	struct world *world = new_world("n1");
	const char *text = "";
	size_t order[LINES_N];
	struct fake_api api;

	fake_api_init(&api, on_change, world);
	world_set_allocator(world, true);
	for (int kind = 0; kind < KINDS; kind++)
		world_list_end(world, (enum kind)kind);
	for (size_t i = 0; i < LINES_N; i++) {
		size_t j = history_random((uint32_t)i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	for (size_t i = 0; i < LINES_N; i++) {
		fake_api_put(&api, lines[order[i]]);
		if (history_random(3) == 0)
			decide(&api, world);
	}
	decide(&api, world);
	for (size_t i = 0; i < LINES_N; i++) {
		char key[OBJECT_TEXT_MAX];
		struct stored *obj;

		snprintf(key, sizeof(key), "%.*s", (int)(4 + strcspn(lines[i] + 4, " ")), lines[i]);
		obj = fake_api_find(&api, key);
		if (strncmp(key, "svc ", 4) == 0 && obj)
			text = arena_printf(mem, "%s%s %s; ", text, key, obj->status);
	}
	world_free(world);
	fake_api_done(&api);
	return text;
}

void
check_event_order(void)
{
	struct arena mem = { 0 };
	const char *a = final_addresses(&mem), *b = final_addresses(&mem);

	if (strcmp(a, b) != 0)
		history_require(arena_printf(&mem, "%s against %s", a, b),
		    "the order of events changes the addresses");
	if (!strstr(a, "svc d/r status=10.0.0.5;") || !strstr(a, "svc d/none ;"))
		history_require(a, "a Service does not have its address");
	arena_done(&mem);
}
