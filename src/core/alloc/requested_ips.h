/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_REQUESTED_IPS_H
#define CORE_ALLOC_REQUESTED_IPS_H

#include "core/base/ips.h"

struct arena;
struct service;

struct requested_ips {
	struct ips ips;   /* n is 0: any */
	const char *pool; /* NULL: any */
	const char *error;  /* NULL, or why the request makes no sense (in the arena) */
};
void requested_ips_parse(const struct service *spec, struct arena *mem, struct requested_ips *ret_req);

#endif
