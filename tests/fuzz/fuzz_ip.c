/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/ip.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Aborts unless the first address of the range is at most the last, and the text of the range is
 * parsed to the same range.
 */
static void
check_range(const struct ip_range *r)
{
	char text[2 * IP_TEXT_MAX], first[IP_TEXT_MAX], last[IP_TEXT_MAX];
	struct ip_range again;

	if (ip_cmp(&r->first, &r->last) > 0 || ip_range_count(r) < 1 ||
	    !ip_range_contains(r, &r->first) || !ip_range_contains(r, &r->last))
		abort();
	ip_format(&r->first, first);
	ip_format(&r->last, last);
	strcpy(text, first);
	strcat(text, "-");
	strcat(text, last);
	if (ip_range_parse(text, &again, NULL) < 0 || memcmp(&again, r, sizeof(again)) != 0)
		abort();
}

/* The input is parsed twice: as an entry of spec.addresses, and as an address. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), buf[IP_TEXT_MAX];
	struct ip_range range;
	struct ip ip, again;
	struct err err;

	memcpy(text, data, size);
	text[size] = '\0';
	if (ip_range_parse(text, &range, &err) == 0)
		check_range(&range);
	if (ip_parse(text, &ip) == 0 &&
	    (ip_parse(ip_format(&ip, buf), &again) < 0 || !ip_equal(&ip, &again)))
		abort();
	free(text);
	return 0;
}
