/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/proxy_hosts.h"
#include "unit.h"

static struct {
	unsigned int found, gone;
	struct proxy_host last;
} seen;

static void
on_proxy_host(void *arg, const struct proxy_host *host, bool found)
{
	(void)arg;
	seen.found += found;
	seen.gone += !found;
	seen.last = *host;
}

static struct proxy_hosts *
start(void)
{
	static const struct proxy_hosts_ops ops = { on_proxy_host };

	memset(&seen, 0, sizeof(seen));
	return proxy_hosts_new(&ops, NULL);
}

/* The host @mac claims 10.0.0.@n on the link 1; true: it is a proxy host. */
static bool
claim(struct proxy_hosts *hosts, unsigned int mac, unsigned int n, int64_t now_ms)
{
	const struct mac m = { { 2, [3] = (uint8_t)(mac >> 16), (uint8_t)(mac >> 8), (uint8_t)mac } };

	return proxy_hosts_claim(hosts, 1, &(struct ip){ IPV4, { 10, 0, (uint8_t)(n >> 8),
	    (uint8_t)n } }, &m, now_ms);
}

static void
test_a_host_that_claims_nine_addresses_in_ten_seconds_is_a_proxy_host(void **state)
{
	struct proxy_hosts *hosts = start();

	(void)state;
	for (unsigned int n = 0; n < 8; n++)
		assert_false(claim(hosts, 7, n, n * 1250));
	assert_false(claim(hosts, 7, 3, 9000)); /* again */
	assert_true(proxy_hosts_next_ms(hosts) == INT64_MAX);
	assert_true(claim(hosts, 7, 8, 10000));
	assert_true(claim(hosts, 7, 8, 10000));
	assert_false(claim(hosts, 8, 8, 10000));
	assert_int_equal(seen.found, 0); /* only a tick reports the host */
	assert_true(proxy_hosts_next_ms(hosts) <= 10000);
	proxy_hosts_tick(hosts, 10001);
	assert_int_equal(seen.found, 1);
	assert_int_equal(seen.last.ifindex, 1);
	assert_int_equal(seen.last.family, IPV4);
	assert_int_equal(seen.last.mac.b[5], 7);
	assert_int_equal(seen.last.ip.b[3], 0);
	assert_true(proxy_hosts_has(hosts, 1, IPV4));
	assert_false(proxy_hosts_has(hosts, 1, IPV6));
	assert_false(proxy_hosts_has(hosts, 2, IPV4));
	proxy_hosts_tick(hosts, 10002);
	assert_int_equal(seen.found, 1);
	proxy_hosts_free(hosts);
}

static void
test_a_host_that_claims_nine_addresses_slowly_is_no_proxy_host(void **state)
{
	struct proxy_hosts *hosts = start();

	(void)state;
	for (unsigned int n = 0; n < 100; n++)
		assert_false(claim(hosts, 7, n % 20, n * 1251));
	for (unsigned int n = 0; n < 100; n++)
		assert_false(claim(hosts, 9, n % 8, 200000 + n));
	proxy_hosts_free(hosts);
}

static void
test_a_silent_proxy_host_is_forgotten(void **state)
{
	struct proxy_hosts *hosts = start();

	(void)state;
	for (unsigned int n = 0; n < 9; n++)
		claim(hosts, 7, n, 0);
	proxy_hosts_tick(hosts, 0);
	claim(hosts, 7, 200, 15000);
	assert_int_equal(proxy_hosts_next_ms(hosts), 15000 + PROXY_SILENT_MS);
	proxy_hosts_tick(hosts, 15000 + PROXY_SILENT_MS - 1);
	assert_int_equal(seen.gone, 0);
	proxy_hosts_tick(hosts, 15000 + PROXY_SILENT_MS);
	assert_int_equal(seen.gone, 1);
	assert_false(proxy_hosts_has(hosts, 1, IPV4));
	assert_false(claim(hosts, 7, 1, 100000));
	proxy_hosts_free(hosts);
}

static void
test_hosts_with_a_new_mac_in_each_frame_are_one_proxy_host(void **state)
{
	struct proxy_hosts *hosts = start();
	unsigned int mac = 1000;

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		for (unsigned int n = 0; n < 9; n++)
			assert_int_equal(claim(hosts, mac++, n, i * 100), i == 2 && n == 8);
	}
	assert_true(claim(hosts, mac, 77, 300)); /* any host now */
	proxy_hosts_tick(hosts, 300);
	assert_int_equal(seen.found, 1);
	assert_false(mac_is_host(&seen.last.mac));
	for (unsigned int i = 0; i < 100; i++)
		claim(hosts, mac++, 5, 400 + i * 1000);
	proxy_hosts_tick(hosts, 100000);
	assert_int_equal(seen.gone, 0);
	proxy_hosts_free(hosts);
}

static void
test_addresses_that_two_hosts_claim_are_not_spoofed(void **state)
{
	struct proxy_hosts *hosts = start();

	(void)state;
	for (unsigned int i = 0; i < 600; i++)
		assert_false(claim(hosts, 1000 + i % 60, i % 30, i * 10));
	proxy_hosts_free(hosts);
}

static void
test_a_flood_of_macs_does_not_hide_a_proxy_host(void **state)
{
	struct proxy_hosts *hosts = start();
	unsigned int mac = 1000;
	bool found = false;

	(void)state;
	for (unsigned int n = 0; n < 9; n++) {
		for (unsigned int i = 0; i < 40; i++, mac++)
			claim(hosts, mac, 5000 + mac, n); /* each address once */
		found = claim(hosts, 7, n, n);
	}
	assert_true(found);
	for (unsigned int i = 0; i < 1000; i++, mac++)
		claim(hosts, mac, 5000 + mac, 20);
	assert_true(claim(hosts, 7, 99, 21));
	proxy_hosts_free(hosts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_a_host_that_claims_nine_addresses_in_ten_seconds_is_a_proxy_host),
		cmocka_unit_test(test_a_host_that_claims_nine_addresses_slowly_is_no_proxy_host),
		cmocka_unit_test(test_a_silent_proxy_host_is_forgotten),
		cmocka_unit_test(test_hosts_with_a_new_mac_in_each_frame_are_one_proxy_host),
		cmocka_unit_test(test_addresses_that_two_hosts_claim_are_not_spoofed),
		cmocka_unit_test(test_a_flood_of_macs_does_not_hide_a_proxy_host),
	};

	return cmocka_run_group_tests_name("proxy hosts", tests, NULL, NULL);
}
