/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_WANTED_H
#define DAEMON_WANTED_H

#include "arplet/world.h"

#include <bsd/sys/tree.h>

/*
 * What passes want written to Services, of a world that assumes that it is written: a wish holds
 * until a later one, or until it is not what the world decides any more.  Zeroed, it is empty.
 */
RB_HEAD(wanteds, wanted);

void wanted_note(struct wanteds *all, const struct action *act); /* an ACT_SERVICE_STATUS */
/* wanted_settle - a pass was made, and all it wants has been noted. */
void wanted_settle(struct wanteds *all, const struct world *world);
/* wanted_patch - what the status of the Service becomes, malloc'd; NULL: it stays. */
char *wanted_patch(struct wanteds *all, const struct object *service);
void wanted_done(struct wanteds *all);

#endif
