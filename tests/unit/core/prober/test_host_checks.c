/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/host_checks.h"
#include "arplet/arp.h"
#include "arplet/ndp.h"
#include "unit.h"

static const struct link link1 = { .ifindex = 1, .mac = { { 2, [5] = 1 } } };
static const struct link link2 = { .ifindex = 2, .mac = { { 2, [5] = 2 } } };

static struct {
	unsigned int probes; /* probes sent since the last count */
	uint8_t last;        /* last byte of the address of the last probe */
	bool goes_on;
} seen;

static int
on_send(void *arg, int ifindex, uint8_t family, const uint8_t *frame, size_t len)
{
	struct arp arp;
	struct ndp ndp;

	(void)arg;
	assert_in_range(ifindex, 1, 2);
	if (family == IPV4) {
		assert_int_equal(arp_parse(frame, len, &arp), 0);
		assert_int_equal(arp.sender_ip.b[0], 0);
		assert_int_equal(arp.sender_mac.b[5], ifindex);
		seen.last = arp.target_ip.b[3];
	} else {
		assert_int_equal(ndp_parse(frame, len, &ndp), 0);
		seen.last = ndp.target.b[15];
	}
	seen.probes++;
	return 0;
}

static bool
on_goes_on(void *arg, int ifindex, uint8_t family)
{
	(void)arg;
	assert_int_equal(ifindex, 1);
	assert_int_equal(family, IPV4);
	return seen.goes_on;
}

static struct host_checks *
start(void)
{
	static const struct host_checks_ops ops = { on_send, on_goes_on };

	memset(&seen, 0, sizeof(seen));
	return host_checks_new(&ops, NULL);
}

static unsigned int
probes_at(struct host_checks *checks, int64_t now_ms)
{
	unsigned int n;

	seen.probes = 0;
	host_checks_tick(checks, now_ms);
	n = seen.probes;
	return n;
}

static void
test_a_check_probes_the_15_neighbours_three_times(void **state)
{
	const struct ip ip = { IPV4, { 10, 0, 0, 37 } }, near = { IPV4, { 10, 0, 0, 47 } };
	struct ip ips[HOST_CHECKS_ROOM];
	struct host_checks *checks = start();

	(void)state;
	assert_true(host_checks_next_ms(checks) == INT64_MAX);
	assert_true(host_checks_start(checks, &link1, &ip, NULL, 0, 1000));
	assert_int_equal(host_checks_next_ms(checks), 1000);
	assert_int_equal(host_checks_addresses(checks, 1, IPV4, ips), 15);
	for (uint8_t i = 0; i < 15; i++)
		assert_int_equal(ips[i].b[3], 32 + i + (i >= 5));
	assert_int_equal(host_checks_addresses(checks, 2, IPV4, ips), 0);
	assert_int_equal(host_checks_addresses(checks, 1, IPV6, ips), 0);
	assert_true(host_checks_has(checks, 1, &near));
	assert_false(host_checks_has(checks, 1, &ip));
	assert_false(host_checks_has(checks, 2, &near));
	assert_int_equal(probes_at(checks, 999), 0);
	assert_int_equal(probes_at(checks, 1000), 15);
	assert_int_equal(seen.last, 47);
	assert_int_equal(host_checks_next_ms(checks), 1100);
	assert_int_equal(probes_at(checks, 1100), 15);
	assert_int_equal(probes_at(checks, 1200), 15);
	assert_int_equal(host_checks_next_ms(checks), 6200);
	assert_int_equal(probes_at(checks, 6200), 0);
	assert_true(host_checks_next_ms(checks) == INT64_MAX);
	host_checks_free(checks);
}

static void
test_a_check_goes_on_while_the_link_has_a_proxy_host(void **state)
{
	const struct ip ip = { IPV4, { 10, 0, 0, 37 } };
	struct host_checks *checks = start();

	(void)state;
	seen.goes_on = true;
	assert_true(host_checks_start(checks, &link1, &ip, NULL, 0, 0));
	for (int64_t ms = 0; ms < 300; ms += 100)
		assert_int_equal(probes_at(checks, ms), 15);
	for (int64_t ms = 5200; ms < 60000; ms += 5000)
		assert_int_equal(probes_at(checks, ms), 15);
	seen.goes_on = false;
	assert_int_equal(probes_at(checks, 60200), 0);
	assert_true(host_checks_next_ms(checks) == INT64_MAX);
	host_checks_free(checks);
}

static void
test_neighbours_share_a_check_and_the_number_of_checks_is_limited(void **state)
{
	struct ip ip = { IPV4, { 10, 0, 0, 37 } }, ip6 = { IPV6, { 0xfd, [15] = 37 } };
	struct ip ips[HOST_CHECKS_ROOM];
	struct host_checks *checks = start();

	(void)state;
	assert_true(host_checks_start(checks, &link1, &ip, NULL, 0, 0));
	ip.b[3] = 40;
	assert_false(host_checks_start(checks, &link1, &ip, NULL, 0, 0));
	assert_true(host_checks_start(checks, &link2, &ip, NULL, 0, 0));
	assert_true(host_checks_start(checks, &link1, &ip6, NULL, 0, 0));
	assert_int_equal(host_checks_addresses(checks, 1, IPV6, ips), 15);
	for (uint8_t i = 3; i < HOST_CHECKS_MAX; i++) {
		ip.b[2] = (uint8_t)(16 - i);
		assert_true(host_checks_start(checks, &link1, &ip, NULL, 0, 0));
	}
	ip.b[2] = 100;
	assert_false(host_checks_start(checks, &link1, &ip, NULL, 0, 0));
	assert_int_equal(probes_at(checks, 0), HOST_CHECKS_MAX * 15);
	assert_int_equal(host_checks_addresses(checks, 1, IPV4, ips), 6 * 15);
	for (size_t i = 1; i < (size_t)6 * 15; i++)
		assert_true(ip_cmp(&ips[i - 1], &ips[i]) < 0);
	host_checks_free(checks);
}

static void
test_a_check_probes_the_addresses_of_nodes_in_its_first_three_series(void **state)
{
	const struct ip ip = { IPV4, { 10, 0, 0, 37 } };
	const struct ip nodes[] = { { IPV4, { 10, 0, 0, 2 } }, { IPV4, { 10, 0, 0, 1 } } };
	struct ip ips[HOST_CHECKS_ROOM];
	struct host_checks *checks = start();

	(void)state;
	seen.goes_on = true;
	assert_true(host_checks_start(checks, &link1, &ip, nodes, 2, 0));
	assert_true(host_checks_has(checks, 1, &nodes[1]));
	assert_false(host_checks_has(checks, 2, &nodes[1]));
	assert_int_equal(host_checks_addresses(checks, 1, IPV4, ips), 17);
	assert_int_equal(ips[0].b[3], 1);
	for (int64_t ms = 0; ms < 300; ms += 100)
		assert_int_equal(probes_at(checks, ms), 17);
	assert_int_equal(probes_at(checks, 5200), 15);
	assert_false(host_checks_has(checks, 1, &nodes[1]));
	host_checks_free(checks);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_check_probes_the_15_neighbours_three_times),
		cmocka_unit_test(
		    test_a_check_probes_the_addresses_of_nodes_in_its_first_three_series),
		cmocka_unit_test(test_a_check_goes_on_while_the_link_has_a_proxy_host),
		cmocka_unit_test(test_neighbours_share_a_check_and_the_number_of_checks_is_limited),
	};

	return cmocka_run_group_tests_name("host checks", tests, NULL, NULL);
}
