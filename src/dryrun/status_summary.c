/* SPDX-License-Identifier: Apache-2.0 */
#include "status_summary.h"

#include <stdbool.h>

static void
count_load_balancers(void *arg, const struct object *obj)
{
	*(size_t *)arg += obj->u.service.load_balancer;
}

static void
count_served(void *arg, const struct service_view *view)
{
	(void)view;
	++*(size_t *)arg;
}

void
status_summary_note_unserved(const struct world *world, FILE *notes)
{
	size_t n_all = 0, n_served = 0;

	world_each(world, KIND_SERVICE, count_load_balancers, &n_all);
	world_each_service(world, count_served, &n_served);
	if (n_all > n_served)
		fprintf(notes, "note: LoadBalancer Services that arplet does not serve, because of "
		    "their loadBalancerClass (--lb-class): %zu\n", n_all - n_served);
	if (!n_all)
		fprintf(notes, "note: there is no Service of type LoadBalancer\n");
}

/* Three numbers of Services: those that keep their address, get another address, or lose it. */
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
	struct status_summary *sum = arg;
	size_t kept = 0;

	for (size_t i = 0; i < svc->n_status; i++)
		kept += contains(view, &svc->status[i]);
	if (!svc->n_status)
		return;
	sum->keep += kept == svc->n_status;
	sum->change += kept < svc->n_status && view->n_ips;
	sum->lose += !view->n_ips;
}

/* Print the text @before and a part such as "3 keep it" or "1 keeps it"; nothing if @n is 0. */
static void
part(FILE *notes, const char *before, size_t n, const char *plural, const char *singular,
    const char *what)
{
	if (n)
		fprintf(notes, "%s%zu %s %s", before, n, n == 1 ? singular : plural, what);
}

void
status_summary_print(const struct world *world, FILE *notes)
{
	struct status_summary sum = { 0 };
	size_t n;

	world_each_service(world, count, &sum);
	if (!sum.keep && !sum.change && !sum.lose)
		return;
	n = sum.keep + sum.change + sum.lose;
	fprintf(notes, "note: of %zu Service%s with an address", n, n == 1 ? "" : "s");
	part(notes, " ", sum.keep, "keep", "keeps", "it");
	part(notes, sum.keep ? ", " : " ", sum.change, "get", "gets", "another");
	part(notes, sum.keep || sum.change ? ", " : " ", sum.lose, "lose", "loses", "it");
	fputc('\n', notes);
}
