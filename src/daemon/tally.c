/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

#include <stdbool.h>

struct tally {
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
	struct tally *tally = arg;
	size_t kept = 0;

	for (size_t i = 0; i < svc->n_status; i++)
		kept += contains(view, &svc->status[i]);
	if (!svc->n_status)
		return;
	tally->keep += kept == svc->n_status;
	tally->change += kept < svc->n_status && view->n_ips;
	tally->lose += !view->n_ips;
}

/* "3 keep it", "1 keeps it", or nothing. */
static void
part(FILE *notes, const char *before, size_t n, const char *do_, const char *does, const char *what)
{
	if (n)
		fprintf(notes, "%s%zu %s %s", before, n, n == 1 ? does : do_, what);
}

void
tally_print(const struct world *world, FILE *notes)
{
	struct tally tally = { 0 };
	size_t n;

	world_each_service(world, count, &tally);
	if (!tally.keep && !tally.change && !tally.lose)
		return;
	n = tally.keep + tally.change + tally.lose;
	fprintf(notes, "note: of %zu Service%s with an address", n, n == 1 ? "" : "s");
	part(notes, " ", tally.keep, "keep", "keeps", "it");
	part(notes, tally.keep ? ", " : " ", tally.change, "get", "gets", "another");
	part(notes, tally.keep || tally.change ? ", " : " ", tally.lose, "lose", "loses", "it");
	fputc('\n', notes);
}
