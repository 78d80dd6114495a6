/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_IP_H
#define ARPLET_IP_H

#include "arplet/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	IPV4 = 4,
	IPV6 = 6,
};

/* An address: bytes in network order, the unused ones zero, so that values compare as memory. */
struct ip {
	uint8_t family; /* IPV4, IPV6, or 0 for "none" */
	uint8_t b[16];  /* an IPv4 address is b[0..3] */
};

#define IP_TEXT_MAX 46 /* with the final NUL */

/* ip_len - bytes in an address of @family: 4 or 16. */
static inline size_t
ip_len(uint8_t family)
{
	return family == IPV4 ? 4 : 16;
}

/*
 * ip_parse - read an address as Kubernetes writes it: dotted quad without leading zeros, or
 * RFC 4291; no zone, no prefix length, no blanks.  -EINVAL otherwise.
 */
int ip_parse(const char *text, struct ip *ret_ip) __attribute__((warn_unused_result));

/* ip_format - RFC 5952 text in @buf (IP_TEXT_MAX bytes); returns @buf. */
const char *ip_format(const struct ip *ip, char *buf);

/* ip_cmp - order: IPv4 before IPv6, then numerical. */
int ip_cmp(const struct ip *a, const struct ip *b);

static inline bool
ip_equal(const struct ip *a, const struct ip *b)
{
	return ip_cmp(a, b) == 0;
}

/* ip_next - the following address; -ERANGE at the last one of the family (@ip untouched). */
int ip_next(struct ip *ip) __attribute__((warn_unused_result));

/* ip_in_prefix - does @ip lie in @net/@len?  False across families. */
bool ip_in_prefix(const struct ip *ip, const struct ip *net, unsigned int len);

/* A block of addresses of one family, both ends included, first <= last. */
struct ip_range {
	struct ip first, last;
};

/*
 * ip_range_parse - one entry of IPAddressPool spec.addresses: a CIDR (no blanks; host bits are
 * masked off) or "START-END" (blanks around either end allowed).  -EINVAL with a sentence.
 */
int ip_range_parse(const char *text, struct ip_range *ret_range, struct err *err)
	__attribute__((warn_unused_result));

/* ip_prefix_range - all addresses of the prefix that @ip lies in. */
void ip_prefix_range(const struct ip *ip, unsigned int len, struct ip_range *ret_range);

bool ip_range_contains(const struct ip_range *range, const struct ip *ip);
bool ip_range_overlaps(const struct ip_range *a, const struct ip_range *b);

/* ip_range_count - how many addresses; INT64_MAX from 2^63-1 on. */
int64_t ip_range_count(const struct ip_range *range);

/* Where a server listens. */
struct ip_port {
	struct ip ip; /* family 0: nowhere */
	uint16_t port;
};

#endif
