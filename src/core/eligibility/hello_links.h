/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELIGIBILITY_HELLO_LINKS_H
#define CORE_ELIGIBILITY_HELLO_LINKS_H

#include <stdbool.h>
#include <stddef.h>

/* The links on which this node exchanges hellos with its peers. */

struct plan;
struct world;

/* The links of a world with hellos, by ifindex. */
struct hello_links {
	int *v;
	size_t n;
};

struct hello_links *hello_links_new(void);
void hello_links_free(struct world *world);
bool hello_links_have(const struct world *world, int ifindex);
void hello_links_settle(struct world *world, struct plan *plan);

#endif
