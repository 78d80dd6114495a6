/* SPDX-License-Identifier: Apache-2.0 */
#include "ip_set.h"

#include "arplet/arena.h"

#include <stdlib.h>

static bool
is_next(const struct ip *last, const struct ip *ip)
{
	struct ip next = *last;

	return ip_next(&next) == 0 && ip_equal(&next, ip);
}

void
ip_set_assign(struct ip_set *ip_set, const struct ip *ips, size_t n)
{
	size_t room = ip_set->n;

	ip_set->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct ip_range *run = ip_set->n ? &ip_set->v[ip_set->n - 1] : NULL;

		if (run && (is_next(&run->last, &ips[i]) || ip_equal(&run->last, &ips[i]))) {
			run->last = ips[i];
			continue;
		}
		if (ip_set->n == room) {
			room = room ? room * 2 : 8;
			ip_set->v = xrealloc(ip_set->v, room, sizeof(*ip_set->v));
		}
		ip_set->v[ip_set->n++] = (struct ip_range){ ips[i], ips[i] };
	}
	ip_set->v = xrealloc(ip_set->v, ip_set->n, sizeof(*ip_set->v));
}

static int
cmp_ip(const void *a, const void *b)
{
	const struct ip_range *run = b;

	return ip_range_contains(run, a) ? 0 : ip_cmp(a, &run->first);
}

bool
ip_set_has(const struct ip_set *ip_set, const struct ip *ip)
{
	return ip_set->n && bsearch(ip, ip_set->v, ip_set->n, sizeof(*ip_set->v), cmp_ip);
}

void
ip_set_done(struct ip_set *ip_set)
{
	free(ip_set->v);
	*ip_set = (struct ip_set){ 0 };
}
