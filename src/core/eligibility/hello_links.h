/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_HELLO_LINKS_H
#define CORE_ELIGIBILITY_HELLO_LINKS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The links on which this node exchanges hellos with its peers: links on which this node announces
 * an address, or may have to announce one later.  Hellos start before the first address is
 * announced, so that the election of the address's holder already knows the peers.
 */

struct plan;
struct world;

/* The links with hellos, as ifindexes. */
struct hello_links {
	int *v;
	size_t n;
};

struct hello_links *hello_links_new(void);
void hello_links_free(struct world *world);
/* hello_links_have - true if this node exchanges hellos on the link. */
bool hello_links_have(const struct world *world, int ifindex);
/* hello_links_plan - add an action for each link on which hellos start or stop. */
void hello_links_plan(struct world *world, struct plan *plan);

#endif
