/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LINKS_H
#define ARPLET_LINKS_H

#include "arplet/link.h"

/* The network interfaces of this node and their addresses, kept up to date by rtnetlink. */
struct ev_loop;
struct links;

struct link_watch_ops {
	/* The result of link_watch_get() has changed, by one change or by many. */
	void (*on_change)(void *arg);
	/* @what failed with an errno; link_watch_get() stays as it is until a retry succeeds. */
	void (*on_error)(void *arg, const char *what, int error);
};

/*
 * link_watch_new - read all interfaces (blocks for milliseconds), then follow their changes in @loop.
 * 0 or a negative errno.  on_change is not called for the first dump.
 */
int link_watch_new(struct ev_loop *loop, const struct link_watch_ops *ops, void *arg,
    struct links **ret_links) __attribute__((warn_unused_result));
void link_watch_free(struct links *links); /* NULL is fine; not from its own callback */

/* link_watch_get - all interfaces, sorted by ifindex; valid until the loop runs again. */
const struct link *link_watch_get(const struct links *links, size_t *ret_n);

#endif
