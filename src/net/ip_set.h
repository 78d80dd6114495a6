/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HEARD_H
#define HEARD_H

#include "arplet/ip.h"

/* The addresses that a filter lets in, in runs: a list that is short for most pools. */
struct ip_set {
	struct ip_range *v; /* sorted, none next to another */
	size_t n;
};

/* ip_set_assign - from now on the @n of @ips, which are sorted and of one family. */
void ip_set_assign(struct ip_set *ip_set, const struct ip *ips, size_t n);

bool ip_set_has(const struct ip_set *ip_set, const struct ip *ip);

void ip_set_done(struct ip_set *ip_set);

#endif
