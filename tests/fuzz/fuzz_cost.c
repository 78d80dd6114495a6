/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "arplet/world.h"
#include "cost_objects.h"
#include "k8s/wanted_fields.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Measures the CPU time of what a daemon does with objects of a tenant: it filters the watch's
 * text, decodes the objects, puts them into the world, and decides.  The input is a recipe for the
 * objects (cost_objects.h).  The target aborts if the time for each byte of the text is more than
 * ten times as long as for usual Services.  So it finds work that grows with the square of a number
 * of parts: with thousands of parts, such work takes hundreds of times as long.
 */
#define GROWTH_MAX 10
#define ROUNDS     4       /* the shortest of several times is free of the machine's other load */
#define PIECE      16384   /* bytes that a daemon reads from the API server at once */
#define COPY_MAX   1048576 /* longest copy of an object that the filter makes, bytes */

struct run {
	struct world *world;
	enum kind kind;
};

static int
on_line(void *arg, const char *line, size_t len, bool cut)
{
	struct run *run = arg;
	struct watch_event event;

	if (decode_watch(run->kind, line, len, cut ? DECODE_CUT : 0, &event, NULL) < 0)
		return 0;
	if (event.type == WATCH_PUT)
		world_put(run->world, event.obj);
	else
		object_free(event.obj);
	return 0;
}

static void
read_watch(struct world *world, enum kind kind, const char *text, size_t len)
{
	struct run run = { world, kind };
	struct json_filter filter;

	json_filter_init(&filter, wanted_event(kind, false), true, COPY_MAX, on_line, &run);
	for (size_t at = 0; at < len; at += PIECE) {
		if (json_filter_feed(&filter, text + at, len - at < PIECE ? len - at : PIECE) < 0)
			abort(); /* cost_objects.c makes only JSON */
	}
	json_filter_done(&filter);
}

static void
decide(struct world *world)
{
	struct plan plan = { 0 };

	world_decide(world, &plan);
	plan_done(&plan);
}

static struct world *
new_world(void)
{
	struct world *world = world_new(&(struct world_opts){
	    .node_name = "n1", .pool_ns = "metallb-system", .hello_secret = "arplet-hello" });
	size_t n;

	for (enum kind kind = 0; kind < KINDS; kind++) {
		world_list_begin(world, kind);
		world_list_end(world, kind);
	}
	world_set_now(world, 1000);
	world_set_allocator(world, true);
	for (const struct cost_fixed *fixed = cost_fixed_objects(&n); n; n--, fixed++)
		read_watch(world, fixed->kind, fixed->text, strlen(fixed->text));
	decide(world);
	return world;
}

static int64_t
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* The time for the objects of a recipe, and for a change of each object, for each byte. */
static double
measure(const struct recipe *recipe)
{
	struct cost_text first = cost_objects(recipe, 0), changed = cost_objects(recipe, 1);
	struct world *world = new_world();
	int64_t begin = cpu_ns(), ns;

	read_watch(world, recipe->kind, first.text, first.len);
	decide(world);
	read_watch(world, recipe->kind, changed.text, changed.len);
	decide(world);
	ns = cpu_ns() - begin;
	world_free(world);
	ns = ns > 0 ? ns : 1;
	free(first.text);
	free(changed.text);
	return (double)ns / (double)(first.len + changed.len);
}

static double
least(const struct recipe *recipe, double enough)
{
	double best = measure(recipe);

	for (int i = 1; i < ROUNDS && best > enough; i++) {
		double again = measure(recipe);

		best = again < best ? again : best;
	}
	return best;
}

/* 300 usual Services: a few labels, annotations and ports each. */
static double
baseline(void)
{
	static double ns;
	const struct recipe usual = { .kind = KIND_SERVICE, .copies = 300, .n_parts = 3,
		.parts = { { 0, 3 }, { 1, 3 }, { 2, 3 } } };

	if (ns == 0)
		ns = least(&usual, 0);
	return ns;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recipe recipe;
	double limit = GROWTH_MAX * baseline(), cost;

	if (!recipe_read(data, size, &recipe))
		return 0;
	cost = least(&recipe, limit);
	if (getenv("COST"))
		printf("%.1f ns for each byte; usual are %.1f\n", cost, baseline());
	if (cost > limit) {
		fprintf(stderr, "%.0f ns for each byte of these objects; the limit is %.0f ns:\n",
		    cost, limit);
		recipe_print(&recipe);
		abort();
	}
	return 0;
}
