/* SPDX-License-Identifier: Apache-2.0 */
#include "mcast_groups.h"
#include "arplet/arena.h"
#include "arplet/ndp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct group {
	struct ip ip;
	int sock; /* file descriptor of the socket that has joined the group */
};

static int
cmp_group(const void *a, const void *b)
{
	return ip_cmp(&((const struct group *)a)->ip, &((const struct group *)b)->ip);
}

static int
set_membership(int sock, int option, int ifindex, const struct ip *ip)
{
	struct ipv6_mreq mreq = { .ipv6mr_interface = (unsigned int)ifindex };

	memcpy(&mreq.ipv6mr_multiaddr, ip->b, sizeof(mreq.ipv6mr_multiaddr));
	return setsockopt(sock, IPPROTO_IPV6, option, &mreq, sizeof(mreq)) < 0 ? -errno : 0;
}

/* Adds a socket that only holds memberships: it is never bound, and receives nothing. */
static int
add_socket(struct mcast_groups *mcast_groups)
{
	int sock = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return -errno;
	mcast_groups->socks =
	    xrealloc(mcast_groups->socks, mcast_groups->n_socks + 1, sizeof(*mcast_groups->socks));
	mcast_groups->socks[mcast_groups->n_socks++] = sock;
	return sock;
}

/*
 * Joins a group with the first socket that has not reached its limit of memberships
 * (net.core.optmem_max), or with a new socket.  Returns the socket, or a negative errno.
 */
static int
join(struct mcast_groups *mcast_groups, int ifindex, const struct ip *ip)
{
	int rc = -ENOMEM, sock;

	for (size_t i = 0; i < mcast_groups->n_socks; i++) {
		rc = set_membership(mcast_groups->socks[i], IPV6_JOIN_GROUP, ifindex, ip);
		if (rc != -ENOMEM && rc != -ENOBUFS)
			return rc < 0 ? rc : mcast_groups->socks[i];
	}
	sock = add_socket(mcast_groups);
	if (sock < 0)
		return sock;
	rc = set_membership(sock, IPV6_JOIN_GROUP, ifindex, ip);
	return rc < 0 ? rc : sock;
}

/* Computes the solicited-node groups of @ips, sorted and without duplicates; no group is joined. */
static size_t
groups_of(const struct ip *ips, size_t n, struct group *ret_groups)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		ret_groups[i] = (struct group){ ndp_group(&ips[i]), -1 };
	qsort(ret_groups, n, sizeof(*ret_groups), cmp_group);
	for (size_t i = 0; i < n; i++) {
		if (!count || cmp_group(&ret_groups[count - 1], &ret_groups[i]) != 0)
			ret_groups[count++] = ret_groups[i];
	}
	return count;
}

int
mcast_groups_set(struct mcast_groups *mcast_groups, int ifindex, const struct ip *ips, size_t n)
{
	struct group *want = xcalloc(n, sizeof(*want)), *old = mcast_groups->v;
	size_t n_want = groups_of(ips, n, want), n_old = mcast_groups->n;
	int first_rc = 0;

	mcast_groups->v = want;
	mcast_groups->n = 0;
	for (size_t i = 0, j = 0; i < n_want || j < n_old;) {
		int order = i == n_want ? 1 : j == n_old ? -1 : cmp_group(&want[i], &old[j]);

		if (order > 0) {
			/* leaving fails only if the link and its groups are gone */
			(void)set_membership(old[j].sock, IPV6_LEAVE_GROUP, ifindex, &old[j].ip);
			j++;
			continue;
		}
		want[i].sock = order ? join(mcast_groups, ifindex, &want[i].ip) : old[j++].sock;
		if (want[i].sock >= 0)
			want[mcast_groups->n++] = want[i];
		else if (first_rc == 0)
			first_rc = want[i].sock;
		i++;
	}
	free(old);
	return first_rc;
}

void
mcast_groups_done(struct mcast_groups *mcast_groups)
{
	for (size_t i = 0; i < mcast_groups->n_socks; i++)
		close(mcast_groups->socks[i]);
	free(mcast_groups->socks);
	free(mcast_groups->v);
	*mcast_groups = (struct mcast_groups){ 0 };
}
