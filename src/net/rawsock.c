/* SPDX-License-Identifier: Apache-2.0 */
#include "rawsock.h"
#include "arplet/wire.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Bound to one protocol, the socket never sees what this host sends itself. */
static int
bind_to(int fd, int ifindex, uint16_t ethertype)
{
	const struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = wire_u16(ethertype),
		.sll_ifindex = ifindex,
	};

	return bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) < 0 ? -errno : 0;
}

int
rawsock_open(int ifindex, uint16_t ethertype, const struct sock_fprog *filter)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int rc;

	if (fd < 0)
		return -errno;
	rc = rawsock_set_filter(fd, filter);
	if (rc == 0)
		rc = bind_to(fd, ifindex, ethertype);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}

int
rawsock_set_filter(int fd, const struct sock_fprog *filter)
{
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, sizeof(*filter)) < 0 ? -errno
											 : 0;
}

int
rawsock_join(int fd, int ifindex, const struct mac *group)
{
	struct packet_mreq mreq = {
		.mr_ifindex = ifindex,
		.mr_type = PACKET_MR_MULTICAST,
		.mr_alen = sizeof(group->b),
	};

	memcpy(mreq.mr_address, group->b, sizeof(group->b));
	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq, sizeof(mreq)) < 0 ? -errno
											  : 0;
}

ssize_t
rawsock_recv(int fd, uint8_t *frame, size_t size)
{
	ssize_t len = recv(fd, frame, size, 0);

	if (len < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	return len;
}

int
rawsock_send(int fd, const uint8_t *frame, size_t len)
{
	return send(fd, frame, len, 0) < 0 ? -errno : 0;
}
