/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LINKS_H
#define ARPLET_LINKS_H

#include "arplet/link.h"

/* The network interfaces of this node and their addresses, kept up to date by rtnetlink. */
struct ev_loop;
struct links;

struct links_ops {
	/* The result of links_get() has changed, by one change or by many. */
	void (*on_change)(void *arg);
	/* @what failed with an errno; links_get() stays as it is until a retry succeeds. */
	void (*on_error)(void *arg, const char *what, int error);
};

/*
 * links_new - read all interfaces (blocks for milliseconds), then follow their changes in @loop.
 * 0 or a negative errno.  on_change is not called for the first dump.
 */
int links_new(struct ev_loop *loop, const struct links_ops *ops, void *arg,
    struct links **ret_links) __attribute__((warn_unused_result));
void links_free(struct links *links); /* NULL is fine; not from its own callback */

/* links_get - all interfaces, sorted by ifindex; valid until the loop runs again. */
const struct link *links_get(const struct links *links, size_t *ret_n);

#endif
