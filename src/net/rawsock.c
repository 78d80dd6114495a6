/* SPDX-License-Identifier: Apache-2.0 */
#include "rawsock.h"
#include "arplet/wire.h"
#include "util/clock.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Binds the socket to one ethertype, so that it does not receive frames that this host sends. */
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
rawsock_open(
    int ifindex, uint16_t ethertype, const struct sock_fprog *filter, struct rx_ring *ret_ring)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int rc;

	if (fd < 0)
		return -errno;
	rc = rawsock_set_filter(fd, filter);
	if (rc == 0 && ret_ring)
		rc = rx_ring_open(ret_ring, fd);
	if (rc == 0)
		rc = bind_to(fd, ifindex, ethertype);
	if (rc < 0) {
		if (ret_ring)
			rx_ring_done(ret_ring);
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
rawsock_error(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? -errno : -error;
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

int
rawsock_timestamp(int fd)
{
	int on = 1;

	return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0 ? -errno : 0;
}

/* Prepares one struct mmsghdr for each frame, with the frame's length from @batch. */
static void
lay_out(struct frame_batch *batch, size_t n, struct mmsghdr *msgs, struct iovec *iov)
{
	for (size_t i = 0; i < n; i++) {
		iov[i] = (struct iovec){ batch->frame[i], batch->len[i] };
		msgs[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &iov[i], .msg_iovlen = 1 } };
	}
}

/* The age of a received frame; @now_us: the wall clock, with which the kernel stamps frames. */
static int64_t
age_ms(struct msghdr *msg, int64_t now_us)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(msg);
	struct timespec then;

	if (!head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_TIMESTAMPNS)
		return 0;
	memcpy(&then, CMSG_DATA(head), sizeof(then));
	return (now_us - (then.tv_sec * INT64_C(1000000) + then.tv_nsec / 1000)) / 1000;
}

int
rawsock_recv_batch(int fd, struct frame_batch *batch, size_t max, union sock_addr *ret_from)
{
	char dates[RAWSOCK_BATCH][CMSG_SPACE(sizeof(struct timespec))]
	    __attribute__((aligned(_Alignof(struct cmsghdr))));
	struct mmsghdr msgs[RAWSOCK_BATCH];
	struct iovec iov[RAWSOCK_BATCH];
	int64_t now_us;
	int got;

	for (size_t i = 0; i < max; i++)
		batch->len[i] = RAWSOCK_FRAME;
	lay_out(batch, max, msgs, iov);
	for (size_t i = 0; i < max; i++) {
		msgs[i].msg_hdr.msg_control = dates[i];
		msgs[i].msg_hdr.msg_controllen = sizeof(dates[i]);
		msgs[i].msg_hdr.msg_name = ret_from ? &ret_from[i] : NULL;
		msgs[i].msg_hdr.msg_namelen = ret_from ? sizeof(ret_from[i]) : 0;
	}
	batch->n = 0;
	got = recvmmsg(fd, msgs, (unsigned int)max, MSG_DONTWAIT, NULL);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	batch->n = (size_t)got;
	now_us = clock_wall_us();
	for (size_t i = 0; i < batch->n; i++) {
		batch->len[i] = msgs[i].msg_len;
		batch->age_ms[i] = age_ms(&msgs[i].msg_hdr, now_us);
	}
	return got;
}

size_t
rawsock_send_batch(int fd, const struct frame_batch *batch)
{
	struct mmsghdr msgs[RAWSOCK_BATCH];
	struct iovec iov[RAWSOCK_BATCH];
	size_t sent = 0, lost = 0;

	/* send() and the early return of lan_io_wake() together save 0.1 of 5.7 us per answer. */
	if (batch->n == 1)
		return rawsock_send(fd, batch->frame[0], batch->len[0]) < 0;
	lay_out((struct frame_batch *)batch, batch->n, msgs, iov);
	while (sent + lost < batch->n) {
		int n = sendmmsg(fd, msgs + sent + lost, (unsigned int)(batch->n - sent - lost),
		    MSG_DONTWAIT);

		if (n < 0)
			lost++; /* go on: the kernel may accept the next frame */
		else
			sent += (size_t)n;
	}
	return lost;
}

int
rawsock_send(int fd, const uint8_t *frame, size_t len)
{
	return send(fd, frame, len, 0) < 0 ? -errno : 0;
}
