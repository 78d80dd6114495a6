/* SPDX-License-Identifier: Apache-2.0 */
#include "port_state.h"

#include <stdlib.h>

static int
cmp_index(const void *a, const void *b)
{
	int x = *(const int *)a, y = ((const struct link *)b)->ifindex;

	return x < y ? -1 : x > y;
}

const struct link *
port_link(const struct port *port, int ifindex)
{
	size_t n;
	const struct link *links = links_get(port->links, &n);

	return n ? bsearch(&ifindex, links, n, sizeof(*links), cmp_index) : NULL;
}

struct link_sock *
port_sock(const struct port *port, int ifindex, enum sock_kind kind)
{
	struct link_sock *sock;

	SLIST_FOREACH(sock, &port->socks, next) {
		if (sock->ifindex == ifindex && sock->kind == kind)
			return sock;
	}
	return NULL;
}
