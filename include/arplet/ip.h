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

/* An IP address in network byte order.  Unused bytes are zero, so memcmp() can compare it. */
struct ip {
	uint8_t family; /* IPV4, IPV6; 0: no address */
	uint8_t b[16];  /* an IPv4 address uses only b[0..3] */
};

#define IP_TEXT_MAX 46 /* with the final NUL */

/* ip_len - bytes in an address of @family: 4 or 16. */
static inline size_t
ip_len(uint8_t family)
{
	return family == IPV4 ? 4 : 16;
}

/*
 * ip_parse - read an IPv4 address as a dotted quad without leading zeros, or an IPv6 address in the
 * form of RFC 4291.  -EINVAL: @text is no address, or has a zone, a prefix length or blanks.
 */
int ip_parse(const char *text, struct ip *ret_ip) __attribute__((warn_unused_result));

/* ip_format - write @ip in the form of RFC 5952 to @buf (IP_TEXT_MAX bytes); returns @buf. */
const char *ip_format(const struct ip *ip, char *buf);

/* ip_cmp - compare two addresses for sorting: IPv4 before IPv6, then by number. */
int ip_cmp(const struct ip *a, const struct ip *b);

static inline bool
ip_equal(const struct ip *a, const struct ip *b)
{
	return ip_cmp(a, b) == 0;
}

/* ip_next - increment @ip.  -ERANGE: @ip is the last address of its family, and is unchanged. */
int ip_next(struct ip *ip) __attribute__((warn_unused_result));

/* ip_in_prefix - true if the subnet @net/@len contains @ip; false if the families differ. */
bool ip_in_prefix(const struct ip *ip, const struct ip *net, unsigned int len);

/* The addresses of one family from first to last, both included; first <= last. */
struct ip_range {
	struct ip first, last;
};

/*
 * ip_range_parse - read an entry of an IPAddressPool's spec.addresses.  The entry is a CIDR without
 * blanks, whose host bits are ignored, or "START-END" with optional blanks around each address.
 * -EINVAL: @err says what is wrong.
 */
int ip_range_parse(const char *text, struct ip_range *ret_range, struct err *err)
	__attribute__((warn_unused_result));

/* ip_prefix_range - the range of all addresses that have the first @len bits of @ip. */
void ip_prefix_range(const struct ip *ip, unsigned int len, struct ip_range *ret_range);

bool ip_range_contains(const struct ip_range *range, const struct ip *ip);
bool ip_range_overlaps(const struct ip_range *a, const struct ip_range *b);

/* ip_range_count - the number of addresses in @range, INT64_MAX at most. */
int64_t ip_range_count(const struct ip_range *range);

/* The address and port of a listening socket. */
struct ip_port {
	struct ip ip; /* family 0: no socket */
	uint16_t port;
};

#endif
