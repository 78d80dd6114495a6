/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_IPS_H
#define CORE_BASE_IPS_H

#include "arplet/arena.h"
#include "arplet/ip.h"

/* The addresses of a Service: at most two, IPv4 first. */
struct ips {
	struct ip v[2];
	uint8_t n;
};

bool ips_equal(const struct ips *a, const struct ips *b);
bool ips_contain(const struct ips *ips, const struct ip *ip);
bool ips_have_family(const struct ips *ips, uint8_t family);
void ips_add(struct ips *ips, const struct ip *ip); /* no effect if @ips has two addresses */
void ips_remove(struct ips *ips, const struct ip *ip);
/* ips_text - format the addresses as "A, B", allocated in @mem; "" if there are none. */
const char *ips_text(const struct ips *ips, struct arena *mem);

#endif
