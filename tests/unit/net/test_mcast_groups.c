/* SPDX-License-Identifier: Apache-2.0 */
#include "net/mcast_groups.h"
#include "unit.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Lists the groups ff02::1:ff7e:XX that the kernel has joined on lo, each in the form "XX ". */
static const char *
joined(void)
{
	static char text[256];
	char name[IF_NAMESIZE], group[33];
	FILE *f = fopen("/proc/net/igmp6", "re");
	int ifindex;

	text[0] = '\0';
	while (f && fscanf(f, "%d %15s %32s%*[^\n]", &ifindex, name, group) == 3) {
		if (strcmp(name, "lo") == 0 && strncmp(group + 16, "00000001ff7e00", 14) == 0)
			strcat(strcat(text, group + 30), " ");
	}
	if (f)
		fclose(f);
	return text;
}

static const struct set_case {
	const char *name;
	const char *before, *then; /* "XX" stands for fd00::7e:00XX, and "+XX" for fd01::7e:00XX */
	const char *want;          /* joined groups in the order of the kernel: newest first */
	int n_socks;                  /* number of open sockets at the end */
} sets[] = {
	{ "without addresses no group is joined", "", "", "", 0 },
	{ "the group of an address is joined", "", "01", "01 ", 1 },
	{ "the groups of added addresses are joined", "02", "01 02 03", "03 01 02 ", 1 },
	{ "the groups of removed addresses are left", "01 02 03", "02", "02 ", 1 },
	{ "the groups of kept addresses stay joined", "01 02", "01 02", "02 01 ", 1 },
	{ "a group that two addresses share is joined once", "", "01 +01", "01 ", 1 },
	{ "a shared group is left with its last address", "01 +01", "+01", "01 ", 1 },
	{ "all groups are left with the last address", "01 02", "", "", 1 },
};

static int
set_to(struct mcast_groups *mcast_groups, const char *text)
{
	struct ip ips[8];
	unsigned int last;
	size_t n = 0;

	for (int used; sscanf(text, " %*[+]%x%n", &last, &used) == 1 ||
	     sscanf(text, " %x%n", &last, &used) == 1; text += used) {
		ips[n] = (struct ip){ IPV6, { 0xfd, [13] = 0x7e, [15] = (uint8_t)last } };
		ips[n++].b[1] = memchr(text, '+', (size_t)used) != NULL;
	}
	return mcast_groups_set(mcast_groups, (int)if_nametoindex("lo"), ips, n);
}

static void
check_set(void **state)
{
	const struct set_case *c = *state;
	struct mcast_groups mcast_groups = { 0 };

	assert_int_equal(set_to(&mcast_groups, c->before), 0);
	assert_int_equal(set_to(&mcast_groups, c->then), 0);
	assert_string_equal(joined(), c->want);
	assert_int_equal(mcast_groups.n_socks, c->n_socks);
	mcast_groups_done(&mcast_groups);
	assert_string_equal(joined(), "");
	assert_int_equal(mcast_groups.n_socks, 0);
}

static void
test_joining_on_a_missing_link_fails(void **state)
{
	const struct ip ip = { IPV6, { 0xfd, [13] = 0x7e } };
	struct mcast_groups mcast_groups = { 0 };

	(void)state;
	assert_true(mcast_groups_set(&mcast_groups, 0x7fffffff, &ip, 1) < 0);
	assert_int_equal(mcast_groups.n, 0);
	mcast_groups_done(&mcast_groups);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_joining_on_a_missing_link_fails),
	};

	if (access("/proc/net/igmp6", R_OK) < 0)
		return 77; /* a kernel without IPv6 */
	return UNIT_TABLE("groups", sets, check_set) +
	    cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
