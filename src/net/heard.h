/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HEARD_H
#define HEARD_H

#include "arplet/ip.h"

/* The addresses that a filter lets in, in runs: a list that is short for most pools. */
struct heard {
	struct ip_range *v; /* sorted, none next to another */
	size_t n;
};

/* heard_set - from now on the @n of @ips, which are sorted and of one family. */
void heard_set(struct heard *heard, const struct ip *ips, size_t n);

bool heard_has(const struct heard *heard, const struct ip *ip);

void heard_done(struct heard *heard);

#endif
