/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
ip_parse(const char *text, struct ip *ret_ip)
{
	struct ip ip = { 0 };

	ip.family = strchr(text, ':') ? IPV6 : IPV4;
	if (inet_pton(ip.family == IPV4 ? AF_INET : AF_INET6, text, ip.b) != 1)
		return -EINVAL;
	*ret_ip = ip;
	return 0;
}

const char *
ip_format(const struct ip *ip, char *buf)
{
	if (!ip->family)
		strcpy(buf, "none");
	else
		inet_ntop(ip->family == IPV4 ? AF_INET : AF_INET6, ip->b, buf, IP_TEXT_MAX);
	return buf;
}

int
ip_cmp(const struct ip *a, const struct ip *b)
{
	return memcmp(a, b, sizeof(*a));
}

int
ip_next(struct ip *ip)
{
	struct ip next = *ip;

	for (size_t i = ip_len(ip->family); i-- > 0;) {
		if (++next.b[i]) {
			*ip = next;
			return 0;
		}
	}
	return -ERANGE;
}

/* Sets all bits of @ip after the first @len bits to the value @bit. */
static void
fill_host_bits(struct ip *ip, unsigned int len, bool bit)
{
	for (size_t i = 0; i < ip_len(ip->family); i++) {
		unsigned int kept = len > i * 8 ? len - (unsigned int)i * 8 : 0;
		uint8_t host = kept >= 8 ? 0 : (uint8_t)(0xff >> kept);

		ip->b[i] = bit ? ip->b[i] | host : ip->b[i] & (uint8_t)~host;
	}
}

bool
ip_in_prefix(const struct ip *ip, const struct ip *net, unsigned int len)
{
	struct ip a = *ip, b = *net;

	if (a.family != b.family || !a.family)
		return false;
	fill_host_bits(&a, len, false);
	fill_host_bits(&b, len, false);
	return ip_equal(&a, &b);
}

void
ip_prefix_range(const struct ip *ip, unsigned int len, struct ip_range *ret_range)
{
	ret_range->first = ret_range->last = *ip;
	fill_host_bits(&ret_range->first, len, false);
	fill_host_bits(&ret_range->last, len, true);
}

/* Reads the @n bytes at @text as an address; @blanks: allow blanks around the address. */
static int
parse_part(const char *text, size_t n, bool blanks, struct ip *ret_ip)
{
	char buf[IP_TEXT_MAX];

	while (blanks && n && *text == ' ')
		text++, n--;
	while (blanks && n && text[n - 1] == ' ')
		n--;
	if (n >= sizeof(buf))
		return -EINVAL;
	memcpy(buf, text, n);
	buf[n] = '\0';
	return ip_parse(buf, ret_ip);
}

static int
parse_cidr(const char *text, const char *slash, struct ip_range *ret_range, struct err *err)
{
	unsigned long len = 0, max;
	struct ip ip;
	const char *p = slash + 1;

	if (parse_part(text, (size_t)(slash - text), false, &ip) < 0)
		return err_set(err, -EINVAL, "\"%.100s\" is not a CIDR", text);
	max = ip_len(ip.family) * 8;
	for (; *p >= '0' && *p <= '9' && len <= max; p++)
		len = len * 10 + (unsigned long)(*p - '0');
	if (p == slash + 1 || *p || len > max || (slash[1] == '0' && slash[2]))
		return err_set(err, -EINVAL, "\"%.100s\": the prefix length must be 0 to %lu", text,
		    max);
	ip_prefix_range(&ip, (unsigned int)len, ret_range);
	return 0;
}

int
ip_range_parse(const char *text, struct ip_range *ret_range, struct err *err)
{
	const char *slash = strchr(text, '/'), *dash = strchr(text, '-');
	struct ip_range r;

	if (slash)
		return parse_cidr(text, slash, ret_range, err);
	if (!dash) {
		if (ip_parse(text, &r.first) == 0)
			return err_set(err, -EINVAL,
			    "\"%s\" is not a range: write \"%s/%d\" for one address", text, text,
			    r.first.family == IPV4 ? 32 : 128);
		return err_set(err, -EINVAL,
		    "\"%.100s\" is neither a CIDR (10.0.0.0/24) nor a range (10.0.0.1-10.0.0.9)",
		    text);
	}
	if (parse_part(text, (size_t)(dash - text), true, &r.first) < 0)
		return err_set(err, -EINVAL, "\"%.100s\": the start is not an address", text);
	if (parse_part(dash + 1, strlen(dash + 1), true, &r.last) < 0)
		return err_set(err, -EINVAL, "\"%.100s\": the end is not an address", text);
	if (r.first.family != r.last.family)
		return err_set(err, -EINVAL,
		    "\"%.100s\": the start and the end have different address families", text);
	if (ip_cmp(&r.first, &r.last) > 0)
		return err_set(err, -EINVAL, "\"%.100s\" ends before it starts", text);
	*ret_range = r;
	return 0;
}

bool
ip_range_contains(const struct ip_range *range, const struct ip *ip)
{
	return ip->family == range->first.family && ip_cmp(&range->first, ip) <= 0 &&
	    ip_cmp(ip, &range->last) <= 0;
}

bool
ip_range_overlaps(const struct ip_range *a, const struct ip_range *b)
{
	return ip_range_contains(a, &b->first) || ip_range_contains(b, &a->first);
}

int64_t
ip_range_count(const struct ip_range *range)
{
	size_t n = ip_len(range->first.family);
	uint64_t high = 0, low = 0; /* last - first */
	int borrow = 0;

	for (size_t i = 0; i < n; i++) {
		int digit = range->last.b[n - 1 - i] - range->first.b[n - 1 - i] - borrow;

		borrow = digit < 0;
		if (i < 8)
			low |= (uint64_t)(uint8_t)digit << 8 * i;
		else
			high |= (uint8_t)digit;
	}
	return high || low >= INT64_MAX ? INT64_MAX : (int64_t)low + 1;
}
