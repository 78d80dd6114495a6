/* SPDX-License-Identifier: Apache-2.0 */
#include "heard.h"

#include "arplet/arena.h"

#include <stdlib.h>

static bool
is_next(const struct ip *last, const struct ip *ip)
{
	struct ip next = *last;

	return ip_next(&next) == 0 && ip_equal(&next, ip);
}

void
heard_set(struct heard *heard, const struct ip *ips, size_t n)
{
	size_t room = heard->n;

	heard->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct ip_range *run = heard->n ? &heard->v[heard->n - 1] : NULL;

		if (run && (is_next(&run->last, &ips[i]) || ip_equal(&run->last, &ips[i]))) {
			run->last = ips[i];
			continue;
		}
		if (heard->n == room) {
			room = room ? room * 2 : 8;
			heard->v = xrealloc(heard->v, room, sizeof(*heard->v));
		}
		heard->v[heard->n++] = (struct ip_range){ ips[i], ips[i] };
	}
	heard->v = xrealloc(heard->v, heard->n, sizeof(*heard->v));
}

static int
cmp_ip(const void *a, const void *b)
{
	const struct ip_range *run = b;

	return ip_range_contains(run, a) ? 0 : ip_cmp(a, &run->first);
}

bool
heard_has(const struct heard *heard, const struct ip *ip)
{
	return heard->n && bsearch(ip, heard->v, heard->n, sizeof(*heard->v), cmp_ip);
}

void
heard_done(struct heard *heard)
{
	free(heard->v);
	*heard = (struct heard){ 0 };
}
