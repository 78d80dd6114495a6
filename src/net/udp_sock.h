/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_UDP_SOCK_H
#define NET_UDP_SOCK_H

#include "arplet/ip.h"
#include "arplet/link.h"

#include <linux/filter.h>
#include <netinet/in.h>

/*
 * A UDP socket for hellos: it is bound to an address of a link, and sends and receives only on this
 * link.  Needs CAP_NET_RAW before Linux 5.7 (SO_BINDTODEVICE), and no capability since.
 *
 * Like a frame, a datagram comes from the LAN itself: it has TTL or hop limit 255, which no router
 * can forward (Generalized TTL Security Mechanism, RFC 5082).
 */

/* An address of either family, as the kernel reports the source of a datagram. */
union sock_addr {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* sock_addr_set - write @ip and @port to @ret_addr; returns the length of the address in bytes. */
socklen_t sock_addr_set(union sock_addr *ret_addr, const struct ip *ip, uint16_t port);
/* sock_addr_ip - the address; family 0: neither IPv4 nor IPv6.  sock_addr_port - the port. */
struct ip sock_addr_ip(const union sock_addr *addr);
uint16_t sock_addr_port(const union sock_addr *addr);

#define UDP_FILTER_ROOM 16
/*
 * udp_hello_filter - write a classic BPF program that passes datagrams that can be hellos: the
 * Ethernet frame is to this host, TTL or hop limit is 255, and the length of the datagram is the
 * length in the hello.  Returns the number of instructions.
 */
size_t udp_hello_filter(uint8_t family, struct sock_filter ret_prog[UDP_FILTER_ROOM]);

/* udp_sock_open - open a non-blocking socket; returns the file descriptor or a negative errno. */
int udp_sock_open(const struct link *link, const struct ip *ip, uint16_t port)
    __attribute__((warn_unused_result));

/* udp_sock_send - send a datagram; returns 0 or a negative errno. */
int udp_sock_send(int fd, const struct ip *to, uint16_t port, const uint8_t *payload, size_t len)
    __attribute__((warn_unused_result));

/*
 * udp_sock_dropped - how many datagrams the kernel has dropped, because the filter refused them or
 * because the socket's buffer was full.
 */
uint32_t udp_sock_dropped(int fd);

#endif
