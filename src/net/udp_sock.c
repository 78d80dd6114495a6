/* SPDX-License-Identifier: Apache-2.0 */
#include "udp_sock.h"
#include "arplet/hello.h"
#include "arplet/wire.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Bytes of waiting datagrams, as the kernel counts them: about 50 hellos of 1,280 bytes.  Hellos
 * are read at once, so a larger buffer would only keep more of a flood.
 */
#define RCVBUF_BYTES 65536

enum {
	UDP_HEADER = 8,                         /* the filter's program begins with this header */
	AT_LENGTH = UDP_HEADER + 2,             /* length of the hello */
	AT_TTL = 8,                             /* in the IPv4 header */
	AT_HOP_LIMIT = 7,                       /* in the IPv6 header */
	MAX_HOPS = 255,
};

socklen_t
sock_addr_set(union sock_addr *ret_addr, const struct ip *ip, uint16_t port)
{
	memset(ret_addr, 0, sizeof(*ret_addr));
	if (ip->family == IPV4) {
		ret_addr->v4.sin_family = AF_INET;
		ret_addr->v4.sin_port = wire_u16(port);
		memcpy(&ret_addr->v4.sin_addr, ip->b, 4);
		return sizeof(ret_addr->v4);
	}
	ret_addr->v6.sin6_family = AF_INET6;
	ret_addr->v6.sin6_port = wire_u16(port);
	memcpy(&ret_addr->v6.sin6_addr, ip->b, 16);
	return sizeof(ret_addr->v6);
}

struct ip
sock_addr_ip(const union sock_addr *addr)
{
	struct ip ip = { 0 };

	if (addr->any.sa_family == AF_INET) {
		ip.family = IPV4;
		memcpy(ip.b, &addr->v4.sin_addr, 4);
	} else if (addr->any.sa_family == AF_INET6) {
		ip.family = IPV6;
		memcpy(ip.b, &addr->v6.sin6_addr, 16);
	}
	return ip;
}

uint16_t
sock_addr_port(const union sock_addr *addr)
{
	return wire_u16(addr->any.sa_family == AF_INET ? addr->v4.sin_port : addr->v6.sin6_port);
}

size_t
udp_hello_filter(uint8_t family, struct sock_filter ret_prog[UDP_FILTER_ROOM])
{
	const uint32_t at_hops = (uint32_t)(SKF_NET_OFF + (family == IPV4 ? AT_TTL : AT_HOP_LIMIT));
	const uint32_t at_pkttype = (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE);
	const struct sock_filter prog[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at_pkttype),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_HOST, 0, 9),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, at_hops),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAX_HOPS, 0, 7),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K,
		    UDP_HEADER + HELLO_FRAME_MAX - HELLO_ETHER_LEN, 5, 0),
		BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, UDP_HEADER),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, AT_LENGTH),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UDP_HEADER + HELLO_FRAME_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};

	memcpy(ret_prog, prog, sizeof(prog));
	return sizeof(prog) / sizeof(prog[0]);
}

static int
set_int(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) < 0 ? -errno : 0;
}

static int
set_filter(int fd, uint8_t family)
{
	struct sock_filter prog[UDP_FILTER_ROOM];
	const struct sock_fprog fprog = { (unsigned short)udp_hello_filter(family, prog), prog };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) < 0 ? -errno : 0;
}

/* Sets all options before the socket is bound, so that it receives no other datagram. */
static int
set_options(int fd, const struct link *link, uint8_t family)
{
	int rc = set_filter(fd, family);

	if (rc == 0 && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, link->name,
		(socklen_t)strlen(link->name)) < 0)
		rc = -errno;
	if (rc == 0)
		rc = set_int(fd, SOL_SOCKET, SO_RCVBUF, RCVBUF_BYTES);
	if (rc == 0)
		rc = set_int(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
	if (rc == 0 && family == IPV4)
		return set_int(fd, IPPROTO_IP, IP_TTL, MAX_HOPS);
	if (rc == 0)
		rc = set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	return rc == 0 ? set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, MAX_HOPS) : rc;
}

int
udp_sock_open(const struct link *link, const struct ip *ip, uint16_t port)
{
	int fd = socket(ip->family == IPV4 ? AF_INET : AF_INET6,
	    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	union sock_addr addr;
	socklen_t len = sock_addr_set(&addr, ip, port);
	int rc;

	if (fd < 0)
		return -errno;
	rc = set_options(fd, link, ip->family);
	if (rc == 0 && bind(fd, &addr.any, len) < 0)
		rc = -errno;
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}

int
udp_sock_send(int fd, const struct ip *to, uint16_t port, const uint8_t *payload, size_t len)
{
	union sock_addr addr;
	socklen_t addr_len = sock_addr_set(&addr, to, port);

	return sendto(fd, payload, len, MSG_DONTWAIT, &addr.any, addr_len) < 0 ? -errno : 0;
}

uint32_t
udp_sock_dropped(int fd)
{
	uint32_t meminfo[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof(meminfo);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, meminfo, &len) < 0)
		return 0;
	return meminfo[SK_MEMINFO_DROPS];
}
