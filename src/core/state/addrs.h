/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_ADDRS_H
#define CORE_STATE_ADDRS_H

#include "arplet/ip.h"
#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

/* The addresses in use: each with the Services that use it, or are about to. */

struct svc;
struct world;

/* An address with one use for each Service on it. */
struct addr {
	RB_ENTRY(addr) link;
	struct ip ip;
	SLIST_HEAD(, addr_use) uses;
};
RB_HEAD(addrs, addr);
int addr_cmp(const struct addr *a, const struct addr *b);
RB_PROTOTYPE(addrs, addr, link, addr_cmp)

/* One Service uses one address. */
struct addr_use {
	SLIST_ENTRY(addr_use) of_addr, of_svc;
	struct addr *addr;
	struct svc *svc;
	/*
	 * A write with this address was sent and may still be accepted, even after the decision has
	 * changed.  The use ends when the Service is seen at another resourceVersion: the API server
	 * then either has accepted that write or refuses it, because every write carries the version
	 * that it was decided from.
	 */
	bool sent;
	bool had; /* the address is in the status of the Service, or may have been */
};

/* addrs_find - the entry of @ip, or NULL: no Service uses it. */
struct addr *addrs_find(const struct world *world, const struct ip *ip);
/* addrs_from - the entry of @ip, or else of the next higher address; NULL: there is none. */
struct addr *addrs_from(const struct world *world, const struct ip *ip);
struct addr *addrs_next(const struct addr *addr);

#endif
