/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_ADDRS_H
#define CORE_STATE_ADDRS_H

#include "arplet/ip.h"
#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/* The addresses of the pools that Services use or are about to use, and the Services on each. */

struct svc;
struct world;

/* An address of the pools in use, or meant to be: one claim for each Service on it. */
struct addr {
	RB_ENTRY(addr) link;
	struct ip ip;
	SLIST_HEAD(, addr_use) uses;
};
RB_HEAD(addrs, addr);
int addr_cmp(const struct addr *a, const struct addr *b);
RB_PROTOTYPE(addrs, addr, link, addr_cmp)

struct addr_use {
	SLIST_ENTRY(addr_use) of_addr, of_svc;
	struct addr *addr;
	struct svc *svc;
	/*
	 * It has gone out in a write, which may still be accepted whatever is decided by now: the
	 * address is taken until the Service is seen at another version, which that write, bound
	 * to the version it was decided from, either made or can no longer change.
	 */
	bool sent;
	bool had; /* it is, or may have been, in the Service's status */
};

/* addrs_find - the entry of @ip, or NULL: no Service uses it. */
struct addr *addrs_find(const struct world *world, const struct ip *ip);
/* addrs_from - the entry of @ip, or else of the next higher address; NULL: there is none. */
struct addr *addrs_from(const struct world *world, const struct ip *ip);
struct addr *addrs_next(const struct addr *addr);

#endif
