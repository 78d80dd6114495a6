/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_WANTED_H
#define DAEMON_WANTED_H

#include "arplet/world.h"

#include <bsd/sys/tree.h>

/*
 * What passes want written to Services, of a world that assumes that it is written: a wish holds
 * until a later one, or until it is not what the world decides any more.  Zeroed, it is empty.
 */
RB_HEAD(status_patches, status_patch);

void status_patches_note(struct status_patches *all, const struct action *act); /* an ACT_SERVICE_STATUS */
/* status_patches_settle - a pass was made, and all it wants has been noted. */
void status_patches_settle(struct status_patches *all, const struct world *world);
/* status_patches_get - what the status of the Service becomes, malloc'd; NULL: it stays. */
char *status_patches_get(struct status_patches *all, const struct object *service);
void status_patches_done(struct status_patches *all);

#endif
