/* SPDX-License-Identifier: Apache-2.0 */
#include "ips.h"

bool
ips_contain(const struct ips *ips, const struct ip *ip)
{
	for (size_t i = 0; i < ips->n; i++) {
		if (ip_equal(&ips->v[i], ip))
			return true;
	}
	return false;
}

bool
ips_equal(const struct ips *a, const struct ips *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!ip_equal(&a->v[i], &b->v[i]))
			return false;
	}
	return true;
}

bool
ips_have_family(const struct ips *ips, uint8_t family)
{
	for (size_t i = 0; i < ips->n; i++) {
		if (ips->v[i].family == family)
			return true;
	}
	return false;
}

void
ips_remove(struct ips *ips, const struct ip *ip)
{
	uint8_t n = 0;

	for (size_t i = 0; i < ips->n; i++) {
		if (!ip_equal(&ips->v[i], ip))
			ips->v[n++] = ips->v[i];
	}
	ips->n = n;
}

void
ips_add(struct ips *ips, const struct ip *ip)
{
	if (ips->n == 2)
		return;
	ips->v[ips->n++] = *ip;
	if (ips->n == 2 && ip_cmp(&ips->v[0], &ips->v[1]) > 0) {
		struct ip first = ips->v[1];

		ips->v[1] = ips->v[0];
		ips->v[0] = first;
	}
}

const char *
ips_text(const struct ips *ips, struct arena *mem)
{
	char a[IP_TEXT_MAX], b[IP_TEXT_MAX];

	if (ips->n == 0)
		return "";
	if (ips->n == 1)
		return arena_strdup(mem, ip_format(&ips->v[0], a));
	return arena_printf(mem, "%s, %s", ip_format(&ips->v[0], a), ip_format(&ips->v[1], b));
}
