/* SPDX-License-Identifier: Apache-2.0 */
#include "dryrun.h"

#include "follow_cluster.h"
#include "manifest_files.h"
#include "outcome.h"

#include <stdio.h>

static struct world *
new_world(const struct options *opts)
{
	struct world *world = world_new(&(struct world_opts){ .node_name = "",
		.pool_ns = opts->pool_ns,
		.lb_class = opts->lb_class,
		.ignore_exclude_lb = opts->ignore_exclude_lb,
		.assume_written = true,
		.assume_endpoints = opts->files.n,
		.assume_elected = true,
		.assume_everywhere = true });

	world_set_allocator(world, true);
	return world;
}

static void
report_pool_error(void *arg, const struct pool_view *view)
{
	if (view->error)
		manifest_files_report(arg, view->obj, view->error);
}

static void
count_without_slices(void *arg, const struct service_view *view)
{
	*(size_t *)arg += !view->has_slices;
}

/* Print notes: the files lack a Node or EndpointSlices, so the dry run assumes that these exist. */
static void
note_assumptions(const struct world *world, const char *node, FILE *notes)
{
	size_t n = 0;

	world_each_service(world, count_without_slices, &n);
	if (node)
		fprintf(notes, "note: the files contain no Node; assuming one Ready node \"%s\"\n",
		    node);
	if (n)
		fprintf(notes, "note: Services without an EndpointSlice: %zu; assuming a ready "
		    "endpoint on every node for each\n", n);
}

static int
run_files(const struct options *opts, struct world *world, struct outcome *outcome)
{
	struct manifest_files *files = manifest_files_read(&opts->files, opts->pool_ns, stderr);
	const char *node = manifest_files_put(files, world);
	struct plan plan = { 0 };
	size_t errors;

	world_decide(world, &plan);
	outcome_add(outcome, &plan);
	plan_done(&plan);
	world_each_pool(world, report_pool_error, files);
	errors = manifest_files_errors(files);
	manifest_files_free(files);
	if (errors)
		return DRYRUN_BAD;
	note_assumptions(world, node, stderr);
	outcome_print(outcome, world);
	return outcome_served(world) ? DRYRUN_SERVED : DRYRUN_UNSERVED;
}

int
dryrun_run(const struct options *opts)
{
	struct world *world = new_world(opts);
	struct outcome *outcome = outcome_new(opts->output, opts->pool_ns, stdout, stderr);
	int status;

	if (opts->files.n)
		status = run_files(opts, world, outcome);
	else
		status = follow_cluster_run(opts, world, outcome);
	outcome_free(outcome);
	world_free(world);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "arplet: cannot write to standard output\n");
		status = DRYRUN_BAD;
	}
	return status;
}
