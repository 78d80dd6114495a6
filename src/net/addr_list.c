/* SPDX-License-Identifier: Apache-2.0 */
#include "addr_list.h"
#include "arplet/arena.h"
#include "core/base/lower_bound.h"

#include <stdlib.h>
#include <string.h>

/* The index of @addr in the sorted addresses, or the index at which it would be inserted. */
static size_t
position(const struct link *link, const struct link_addr *addr)
{
	return lower_bound(addr, link->addrs, link->n_addrs, sizeof(*addr), link_addr_cmp);
}

static bool
is_at(const struct link *link, const struct link_addr *addr, size_t at)
{
	return at < link->n_addrs && link_addr_cmp(&link->addrs[at], addr) == 0;
}

bool
addr_list_add(struct link *link, const struct link_addr *addr, bool unsorted)
{
	size_t n = link->n_addrs, at = unsorted ? n : position(link, addr);

	if (is_at(link, addr, at))
		return false;
	if ((n & (n - 1)) == 0) /* the array has room for the next power of two */
		link->addrs = xrealloc(link->addrs, n ? 2 * n : 1, sizeof(*addr));
	memmove(&link->addrs[at + 1], &link->addrs[at], (n - at) * sizeof(*addr));
	link->addrs[at] = *addr;
	link->n_addrs++;
	return true;
}

static bool
remove_unsorted(struct link *link, const struct link_addr *addr)
{
	size_t had = link->n_addrs, n = 0;

	for (size_t i = 0; i < had; i++) {
		if (!is_at(link, addr, i))
			link->addrs[n++] = link->addrs[i];
	}
	link->n_addrs = n;
	return n < had;
}

bool
addr_list_remove(struct link *link, const struct link_addr *addr, bool unsorted)
{
	size_t at = unsorted ? 0 : position(link, addr);

	if (unsorted)
		return remove_unsorted(link, addr);
	if (!is_at(link, addr, at))
		return false;
	link->n_addrs--;
	memmove(&link->addrs[at], &link->addrs[at + 1], (link->n_addrs - at) * sizeof(*addr));
	return true;
}

void
addr_list_sort(struct link *link)
{
	size_t n = 0;

	if (link->n_addrs)
		qsort(link->addrs, link->n_addrs, sizeof(*link->addrs), link_addr_cmp);
	for (size_t i = 0; i < link->n_addrs; i++) {
		if (n == 0 || link_addr_cmp(&link->addrs[n - 1], &link->addrs[i]) != 0)
			link->addrs[n++] = link->addrs[i];
	}
	link->n_addrs = n;
}
