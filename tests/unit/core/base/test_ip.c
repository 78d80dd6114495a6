/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/ip.h"
#include "unit.h"

#include <string.h>

static const struct range_case {
	const char *name, *text;
	const char *first, *last; /* NULL: refused */
	int64_t count;
	const char *message; /* a part of the error message; NULL: the range is valid */
} ranges[] = {
	{ "a CIDR", "10.0.0.0/30", "10.0.0.0", "10.0.0.3", 4 },
	{ "host bits of a CIDR are ignored", "10.0.0.77/24", "10.0.0.0", "10.0.0.255", 256 },
	{ "one address alone", "10.0.0.1/32", "10.0.0.1", "10.0.0.1", 1 },
	{ "/0 is all addresses", "0.0.0.0/0", "0.0.0.0", "255.255.255.255", 1LL << 32 },
	{ "an odd prefix length", "10.1.2.3/13", "10.0.0.0", "10.7.255.255", 1 << 19 },
	{ "an IPv6 CIDR", "2001:db8::/126", "2001:db8::", "2001:db8::3", 4 },
	{ "a /66 has an exact count",
	    "2001:db8::/66", "2001:db8::", "2001:db8::3fff:ffff:ffff:ffff",
	    1LL << 62 },
	{ "the count of a /64 is cut to INT64_MAX",
	    "2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff",
	    INT64_MAX },
	{ "the count of ::/0 is cut to INT64_MAX",
	    "::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", INT64_MAX },
	{ "a range", "10.0.0.5-10.0.1.4", "10.0.0.5", "10.0.1.4", 256 },
	{ "a range with blanks", " 10.0.0.5  - 10.0.0.5 ", "10.0.0.5", "10.0.0.5", 1 },
	{ "an IPv6 range", "fd00::1-fd00::a", "fd00::1", "fd00::a", 10 },
	{ "a bare address", "10.0.0.1", .message = "write \"10.0.0.1/32\"" },
	{ "a bare IPv6 address", "fd00::1", .message = "write \"fd00::1/128\"" },
	{ "a CIDR with blanks", " 10.0.0.0/24", .message = "not a CIDR" },
	{ "a prefix too long", "10.0.0.0/33", .message = "0 to 32" },
	{ "an IPv6 prefix too long", "fd00::/129", .message = "0 to 128" },
	{ "a prefix that overflows", "10.0.0.0/4294967320", .message = "0 to 32" },
	{ "no prefix", "10.0.0.0/", .message = "0 to 32" },
	{ "a prefix with a sign", "10.0.0.0/+8", .message = "0 to 32" },
	{ "a prefix with a leading zero", "10.0.0.0/08", .message = "0 to 32" },
	{ "leading zeros", "10.0.0.010/32", .message = "not a CIDR" },
	{ "a range that ends before it starts",
	    "10.0.0.9-10.0.0.1", .message = "ends before it starts" },
	{ "from one family to another", "10.0.0.1-fd00::1", .message = "different address families" },
	{ "no end", "10.0.0.1-", .message = "the end is not an address" },
	{ "no start", "-10.0.0.1", .message = "the start is not an address" },
	{ "a range with three addresses",
	    "10.0.0.1-10.0.0.2-10.0.0.3", .message = "the end is not an address" },
	{ "nothing", "", .message = "neither a CIDR" },
	{ "a name", "my-pool", .message = "the start is not an address" },
	{ "a zone", "fe80::1%eth0/64", .message = "not a CIDR" },
};

static void
check_range(void **state)
{
	const struct range_case *c = *state;
	struct ip_range r;
	struct err err = { "" };
	char buf[IP_TEXT_MAX];
	int rc = ip_range_parse(c->text, &r, &err);

	if (!c->first) {
		assert_true(rc < 0);
		if (!strstr(err.text, c->message))
			fail_msg("the message is: %s", err.text);
		return;
	}
	assert_int_equal(rc, 0);
	assert_string_equal(ip_format(&r.first, buf), c->first);
	assert_string_equal(ip_format(&r.last, buf), c->last);
	assert_true(ip_range_count(&r) == c->count);
	assert_true(ip_range_contains(&r, &r.first) && ip_range_contains(&r, &r.last));
}

static const struct text_case {
	const char *name, *text, *canonical; /* NULL: refused */
} texts[] = {
	{ "IPv4", "192.168.0.1", "192.168.0.1" },
	{ "IPv6 is shortened as RFC 5952 says", "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "an IPv4-mapped address stays IPv6", "::ffff:1.2.3.4", "::ffff:1.2.3.4" },
	{ "short IPv4", "10.1", NULL },
	{ "hexadecimal IPv4", "0x0a.0.0.1", NULL },
	{ "trailing blank", "10.0.0.1 ", NULL },
	{ "a prefix length", "10.0.0.1/8", NULL },
	{ "empty", "", NULL },
};

static void
check_text(void **state)
{
	const struct text_case *c = *state;
	char buf[IP_TEXT_MAX];
	struct ip ip;

	if (!c->canonical) {
		assert_true(ip_parse(c->text, &ip) < 0);
		return;
	}
	assert_int_equal(ip_parse(c->text, &ip), 0);
	assert_string_equal(ip_format(&ip, buf), c->canonical);
}

static const struct next_case {
	const char *name, *ip, *next;
} nexts[] = {
	{ "the next one", "10.0.0.1", "10.0.0.2" },
	{ "the last byte wraps to the next", "10.0.0.255", "10.0.1.0" },
	{ "the last address has no next one", "255.255.255.255", NULL },
	{ "IPv6 over many bytes", "fd00::ffff:ffff", "fd00::1:0:0" },
};

static void
check_next(void **state)
{
	const struct next_case *c = *state;
	struct ip ip, want;

	assert_int_equal(ip_parse(c->ip, &ip), 0);
	if (!c->next) {
		assert_int_equal(ip_next(&ip), -34 /* ERANGE */);
		return;
	}
	assert_int_equal(ip_parse(c->next, &want), 0);
	assert_int_equal(ip_next(&ip), 0);
	assert_true(ip_equal(&ip, &want));
}

static const struct prefix_case {
	const char *name, *ip, *net;
	unsigned int len;
	bool want;
} prefixes[] = {
	{ "inside", "10.1.2.3", "10.1.2.99", 24, true },
	{ "outside", "10.1.3.3", "10.1.2.0", 24, false },
	{ "inside an odd prefix", "10.1.3.3", "10.1.2.0", 23, true },
	{ "everything is in /0", "1.2.3.4", "9.9.9.9", 0, true },
	{ "/32 is itself", "1.2.3.4", "1.2.3.5", 32, false },
	{ "IPv6", "fd00::1:2", "fd00::", 64, true },
	{ "a prefix of another family", "0.0.0.1", "::", 0, false },
};

static void
check_prefix(void **state)
{
	const struct prefix_case *c = *state;
	struct ip ip, net;

	assert_int_equal(ip_parse(c->ip, &ip), 0);
	assert_int_equal(ip_parse(c->net, &net), 0);
	assert_int_equal(ip_in_prefix(&ip, &net, c->len), c->want);
}

static const struct overlap_case {
	const char *name, *a, *b;
	bool want;
} overlaps[] = {
	{ "apart", "10.0.0.0/25", "10.0.0.128/25", false },
	{ "one inside the other", "10.0.0.0/24", "10.0.0.7/32", true },
	{ "a common address at the edge", "10.0.0.1-10.0.0.5", "10.0.0.5-10.0.0.9", true },
	{ "ranges of two families do not overlap", "0.0.0.0/0", "::/0", false },
};

static void
check_overlap(void **state)
{
	const struct overlap_case *c = *state;
	struct ip_range a, b;

	assert_int_equal(ip_range_parse(c->a, &a, NULL), 0);
	assert_int_equal(ip_range_parse(c->b, &b, NULL), 0);
	assert_int_equal(ip_range_overlaps(&a, &b), c->want);
	assert_int_equal(ip_range_overlaps(&b, &a), c->want);
}

int
main(void)
{
	return UNIT_TABLE("ranges", ranges, check_range) + UNIT_TABLE("text", texts, check_text) +
	    UNIT_TABLE("next", nexts, check_next) + UNIT_TABLE("prefix", prefixes, check_prefix) +
	    UNIT_TABLE("overlap", overlaps, check_overlap);
}
