/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_ADDRS_H
#define CORE_STATE_ADDRS_H

#include "arplet/ip.h"
#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/* The addresses in use, each with the Services that use it or are about to use it. */

struct shared_addr;
struct svc;
struct world;

/* An address, with a struct addr_use for each Service that uses it. */
struct addr {
	RB_ENTRY(addr) link;
	struct ip ip;
	SLIST_HEAD(, addr_use) uses;
	TAILQ_ENTRY(addr) of_touched;
	bool touched; /* the address is in world.touched (shared_nodes.h) */
};
TAILQ_HEAD(addr_list, addr);
RB_HEAD(addrs, addr);
int addr_cmp(const struct addr *a, const struct addr *b);
RB_PROTOTYPE(addrs, addr, link, addr_cmp)

/* The use of one address by one Service. */
struct addr_use {
	SLIST_ENTRY(addr_use) of_addr, of_svc;
	struct addr *addr;
	struct svc *svc;
	struct shared_addr *shared_addr; /* entry of the sharing key (shared_addrs.h); NULL: none */
	/*
	 * A write with this address was sent, and the API server may still accept the write, even
	 * after the decision has changed.  Every write carries the resourceVersion of the object
	 * from which it was decided.  Once the Service has another resourceVersion, the API server
	 * refuses older writes, so addr_uses_seen() clears the member sent.
	 */
	bool sent;
	bool had; /* the status of the Service has, had or may have had the address */
	/* no node is eligible for this Service and for those that had the address first */
	bool shut_out;
	bool was_out; /* private to shared_nodes.c */
};

/* addrs_find - the entry of @ip, or NULL if no Service uses @ip. */
struct addr *addrs_find(const struct world *world, const struct ip *ip);
/* addrs_from - the entry of @ip, or else of the next higher address in use; or NULL. */
struct addr *addrs_from(const struct world *world, const struct ip *ip);
struct addr *addrs_next(const struct addr *addr);

#endif
