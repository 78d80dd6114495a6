/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel runs the filter on datagrams over the loopback interface. */
#include "arplet/hello.h"
#include "net/rawsock.h"
#include "net/udp_sock.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct link lo = { .ifindex = 1, .name = "lo" };
static const struct ip local4 = { IPV4, { 127, 0, 0, 1 } };
static const struct ip local6 = { IPV6, { [15] = 1 } };

static const struct datagram_case {
	const char *name;
	int hops;     /* TTL or hop limit */
	size_t len;   /* length of the datagram */
	size_t field; /* length in the hello */
	bool want;
} cases[] = {
	{ "a hello from the LAN passes", 255, 100, 100, true },
	{ "the longest hello passes", 255, HELLO_FRAME_MAX - HELLO_ETHER_LEN,
	    HELLO_FRAME_MAX - HELLO_ETHER_LEN, true },
	{ "a hello that a router forwarded is dropped", 254, 100, 100, false },
	{ "a hello with the usual TTL is dropped", 64, 100, 100, false },
	{ "a longer datagram than a hello is dropped", 255, 1281, 1281, false },
	{ "a hello that is longer than its length is dropped", 255, 101, 100, false },
	{ "a hello that is shorter than its length is dropped", 255, 99, 100, false },
	{ "a datagram without a length is dropped", 255, 3, 3, false },
	{ "an empty datagram is dropped", 255, 0, 0, false },
};

/* Opens a receiver on a free port, and returns the port. */
static int
open_receiver(const struct ip *ip, uint16_t *ret_port)
{
	int fd = -EADDRINUSE;

	for (uint16_t port = 20000; fd == -EADDRINUSE && port < 21000; port++) {
		fd = udp_sock_open(&lo, ip, port);
		*ret_port = port;
	}
	return fd;
}

static void
send_datagram(const struct datagram_case *c, const struct ip *ip, uint16_t port)
{
	int fd = socket(ip->family == IPV4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
	uint8_t bytes[2048] = { 1, 0, (uint8_t)(c->field >> 8), (uint8_t)c->field };

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, ip->family == IPV4 ? IPPROTO_IP : IPPROTO_IPV6,
	    ip->family == IPV4 ? IP_TTL : IPV6_UNICAST_HOPS, &c->hops, sizeof(c->hops)), 0);
	assert_int_equal(udp_sock_send(fd, ip, port, bytes, c->len), 0);
	close(fd);
}

static void
check_family(const struct datagram_case *c, const struct ip *ip)
{
	static struct frame_batch batch;
	union sock_addr from[2];
	struct ip source;
	uint16_t port;
	int fd = open_receiver(ip, &port);

	if (fd == -EADDRNOTAVAIL && ip->family == IPV6)
		skip(); /* this machine has no IPv6 */
	assert_true(fd >= 0);
	send_datagram(c, ip, port);
	assert_int_equal(rawsock_recv_batch(fd, &batch, 2, from), c->want);
	assert_int_equal(udp_sock_dropped(fd), !c->want);
	if (c->want) {
		assert_int_equal(batch.len[0], c->len);
		assert_in_range(batch.age_ms[0], 0, 5000);
		source = sock_addr_ip(&from[0]);
		assert_true(ip_equal(&source, ip));
		assert_int_not_equal(sock_addr_port(&from[0]), 0);
	}
	close(fd);
}

static void
check4(void **state)
{
	check_family(*state, &local4);
}

static void
check6(void **state)
{
	check_family(*state, &local6);
}

static void
test_a_port_in_use_is_an_error(void **state)
{
	uint16_t port;
	int fd = open_receiver(&local4, &port);

	(void)state;
	assert_int_equal(udp_sock_open(&lo, &local4, port), -EADDRINUSE);
	assert_int_equal(udp_sock_open(&lo, &(struct ip){ IPV4, { 192, 0, 2, 1 } }, port),
	    -EADDRNOTAVAIL);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_a_port_in_use_is_an_error) };

	return UNIT_TABLE("datagrams over IPv4", cases, check4) +
	    UNIT_TABLE("datagrams over IPv6", cases, check6) +
	    cmocka_run_group_tests_name("ports", tests, NULL, NULL);
}
