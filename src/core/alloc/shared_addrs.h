/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ALLOC_SHARED_ADDRS_H
#define CORE_ALLOC_SHARED_ADDRS_H

#include "arplet/ip.h"
#include <bsd/sys/tree.h>

/*
 * The addresses in use by Services with a sharing key, by key, namespace and address.  A Service
 * that could share an address finds the candidates here, because a search over all addresses in use
 * would take n steps for each of n Services.
 */
struct addr_use;
struct svc;
struct world;

struct shared_addr {
	RB_ENTRY(shared_addr) link;
	struct ip ip;
	size_t users; /* number of Services with this key, namespace and address */
	const char *key, *ns;
};

/* shared_addrs_update - note the sharing key of the Service of @addr_use, which may have changed. */
void shared_addrs_update(struct world *world, struct addr_use *addr_use);
/* shared_addrs_remove - note that @addr_use ends. */
void shared_addrs_remove(struct world *world, struct addr_use *addr_use);
/*
 * shared_addrs_from - the first address with the key @key in the namespace @ns that is @ip or higher,
 * or else the first after it in the order by key, namespace and address; NULL: none.
 */
const struct shared_addr *shared_addrs_from(const struct world *world, const char *key,
    const char *ns, const struct ip *ip);
const struct shared_addr *shared_addrs_next(const struct shared_addr *shared_addr);

#endif
