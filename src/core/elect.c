/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/elect.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

void
rank_of(const char *node, const struct ip *vip, struct rank *ret_rank)
{
	char text[IP_TEXT_MAX], name[512];
	int len;

	/* a Node's name has at most 253 bytes (RFC 1123 subdomain): it always fits */
	len = snprintf(name, sizeof(name), "%s#%s", node, ip_format(vip, text));
	SHA256((const unsigned char *)name,
	    len < (int)sizeof(name) ? (size_t)len : sizeof(name) - 1, ret_rank->sha256);
}

bool
rank_before(const struct rank *a, const struct rank *b)
{
	return memcmp(a->sha256, b->sha256, sizeof(a->sha256)) < 0;
}
