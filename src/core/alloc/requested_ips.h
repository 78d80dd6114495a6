/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_REQUESTED_IPS_H
#define CORE_ALLOC_REQUESTED_IPS_H

#include "core/base/ips.h"

struct arena;
struct service;

/* The addresses and the pool that a Service requests in its spec or in annotations of MetalLB. */
struct requested_ips {
	/* requested by spec.loadBalancerIP or metallb.io/loadBalancerIPs; empty: any address */
	struct ips ips;
	const char *pool;  /* requested by metallb.io/address-pool; NULL: any pool */
	const char *error; /* why the request is invalid; NULL: it is valid */
};
/*
 * requested_ips_parse - parse the request in @spec.  The error text is allocated in @mem or is a
 * constant string.
 */
void requested_ips_parse(const struct service *spec, struct arena *mem,
    struct requested_ips *ret_requested);

#endif
