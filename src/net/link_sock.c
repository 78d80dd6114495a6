/* SPDX-License-Identifier: Apache-2.0 */
#include "link_sock.h"
#include "arplet/hello.h"
#include "bpf.h"
#include "rawsock.h"

#include <linux/if_ether.h>
#include <unistd.h>

static const struct {
	uint16_t ethertype;
	size_t (*filter)(int ifindex, const struct ip *ips, size_t n, struct sock_filter *ret_prog);
	const char *listen; /* name of the operation in error messages */
} protos[SOCK_KINDS] = {
	[SOCK_HELLO] = { HELLO_ETHERTYPE, bpf_hello_filter, "listen for hellos" },
	[SOCK_HELLO_UNCHANGED] = { HELLO_ETHERTYPE, bpf_hello_unchanged_filter,
	    "listen for hellos" },
	[SOCK_ARP] = { ETH_P_ARP, bpf_arp_filter, "listen for ARP" },
	[SOCK_NDP] = { ETH_P_IPV6, bpf_ndp_filter, "listen for NDP" },
};

/* Opens the socket with a filter for @ips, or replaces the filter of the open socket. */
static int
set_filter(struct link_sock *sock, const struct ip *ips, size_t n)
{
	struct sock_filter prog[BPF_ROOM];
	struct sock_fprog fprog = { .filter = prog };
	int rc;

	fprog.len = (unsigned short)protos[sock->kind].filter(sock->ifindex, ips, n,
	    prog);
	if (sock->fd >= 0)
		return rawsock_set_filter(sock->fd, &fprog);
	rc = rawsock_open(sock->ifindex, protos[sock->kind].ethertype, &fprog,
	    sock->kind == SOCK_ARP ? &sock->rx_ring : NULL);
	if (rc < 0)
		return rc;
	sock->fd = rc;
	ev_io_set(&sock->io, sock->fd, EV_READ);
	if (sock->kind != SOCK_HELLO_UNCHANGED)
		ev_io_start(sock->loop, &sock->io);
	return 0;
}

int
link_sock_listen(struct link_sock *sock, const struct ip *ips, size_t n,
    const struct ip *announced, size_t n_announced, const char **ret_what)
{
	const char *what = protos[sock->kind].listen;
	int rc = set_filter(sock, ips, n);

	if (rc == 0 && sock->kind == SOCK_HELLO_UNCHANGED)
		rc = rawsock_timestamp(sock->fd);
	if (rc == 0 && link_sock_is_for_hellos(sock)) {
		what = "join the group of hellos";
		rc = rawsock_join(sock->fd, sock->ifindex, &HELLO_GROUP);
	}
	if (rc == 0 && sock->kind == SOCK_NDP) {
		what = "join the groups of NDP";
		rc = mcast_groups_set(&sock->mcast_groups, sock->ifindex, announced, n_announced);
	}
	if (sock->kind == SOCK_ARP)
		ip_set_assign(&sock->passed, ips, n);
	if (rc < 0)
		*ret_what = what;
	return rc;
}

void
link_sock_close(struct link_sock *sock)
{
	if (sock->fd < 0)
		return;
	ev_io_stop(sock->loop, &sock->io);
	ev_idle_stop(sock->loop, &sock->busy_poll);
	rx_ring_done(&sock->rx_ring);
	mcast_groups_done(&sock->mcast_groups);
	close(sock->fd);
	sock->fd = -1;
}
