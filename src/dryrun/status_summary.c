/* SPDX-License-Identifier: Apache-2.0 */
#include "status_summary.h"

#include <stdbool.h>

static void
count_balanced(void *arg, const struct object *obj)
{
	*(size_t *)arg += obj->u.service.load_balancer;
}

static void
count_ours(void *arg, const struct service_view *view)
{
	(void)view;
	++*(size_t *)arg;
}

void
status_summary_missed(const struct world *world, FILE *notes)
{
	size_t balanced = 0, ours = 0;

	world_each(world, KIND_SERVICE, count_balanced, &balanced);
	world_each_service(world, count_ours, &ours);
	if (balanced > ours)
		fprintf(notes, "note: Services with a loadBalancerClass that is not ours "
		    "(--lb-class): %zu\n", balanced - ours);
	if (!balanced)
		fprintf(notes, "note: there is no Service of type LoadBalancer\n");
}

struct status_summary {
	size_t keep, change, lose;
};

static bool
contains(const struct service_view *view, const struct ip *ip)
{
	for (size_t i = 0; i < view->n_ips; i++) {
		if (ip_cmp(&view->ips[i], ip) == 0)
			return true;
	}
	return false;
}

static void
count(void *arg, const struct service_view *view)
{
	const struct service *svc = &view->obj->u.service;
	struct status_summary *status_summary = arg;
	size_t kept = 0;

	for (size_t i = 0; i < svc->n_status; i++)
		kept += contains(view, &svc->status[i]);
	if (!svc->n_status)
		return;
	status_summary->keep += kept == svc->n_status;
	status_summary->change += kept < svc->n_status && view->n_ips;
	status_summary->lose += !view->n_ips;
}

/* "3 keep it", "1 keeps it", or nothing. */
static void
part(FILE *notes, const char *before, size_t n, const char *do_, const char *does, const char *what)
{
	if (n)
		fprintf(notes, "%s%zu %s %s", before, n, n == 1 ? does : do_, what);
}

void
status_summary_print(const struct world *world, FILE *notes)
{
	struct status_summary status_summary = { 0 };
	size_t n;

	world_each_service(world, count, &status_summary);
	if (!status_summary.keep && !status_summary.change && !status_summary.lose)
		return;
	n = status_summary.keep + status_summary.change + status_summary.lose;
	fprintf(notes, "note: of %zu Service%s with an address", n, n == 1 ? "" : "s");
	part(notes, " ", status_summary.keep, "keep", "keeps", "it");
	part(notes, status_summary.keep ? ", " : " ", status_summary.change, "get", "gets", "another");
	part(notes, status_summary.keep || status_summary.change ? ", " : " ", status_summary.lose, "lose", "loses", "it");
	fputc('\n', notes);
}
