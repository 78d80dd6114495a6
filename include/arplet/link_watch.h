/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LINK_WATCH_H
#define ARPLET_LINK_WATCH_H

#include "arplet/link.h"

/* The network interfaces of this node and their addresses, kept up to date by rtnetlink. */
struct ev_loop;
struct links;

struct link_watch_ops {
	/*
	 * The result of link_watch_get() has changed.  One call of on_change can report several
	 * changes.
	 */
	void (*on_change)(void *arg);
	/* The action @what failed.  Until a retry succeeds, link_watch_get() is out of date. */
	void (*on_error)(void *arg, const char *what, int error);
};

/*
 * link_watch_new - read all interfaces (blocks for milliseconds), then watch their changes in
 * @loop.  Returns 0 or a negative errno.  on_change reports only changes after link_watch_new() has
 * returned.
 */
int link_watch_new(struct ev_loop *loop, const struct link_watch_ops *ops, void *arg,
    struct links **ret_links) __attribute__((warn_unused_result));
/* NULL is fine; callbacks must not call link_watch_free() */
void link_watch_free(struct links *links);

/* link_watch_get - all interfaces, sorted by ifindex; valid until the loop runs again. */
const struct link *link_watch_get(const struct links *links, size_t *ret_n);

#endif
