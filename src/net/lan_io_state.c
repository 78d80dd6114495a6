/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_io_state.h"

#include <stdlib.h>

static int
cmp_index(const void *a, const void *b)
{
	int x = *(const int *)a, y = ((const struct link *)b)->ifindex;

	return x < y ? -1 : x > y;
}

const struct link *
lan_io_link(const struct lan_io *io, int ifindex)
{
	size_t n;
	const struct link *links = link_watch_get(io->links, &n);

	return n ? bsearch(&ifindex, links, n, sizeof(*links), cmp_index) : NULL;
}

struct link_sock *
lan_io_sock(const struct lan_io *io, int ifindex, enum sock_kind kind)
{
	struct link_sock *sock;

	SLIST_FOREACH(sock, &io->socks, next) {
		if (sock->ifindex == ifindex && sock->kind == kind)
			return sock;
	}
	return NULL;
}
