/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_STATUS_PATCHES_H
#define DRYRUN_STATUS_PATCHES_H

#include "arplet/world.h"

#include <bsd/sys/tree.h>

/*
 * Stores for each Service the patch of its status that the daemon would send.  The world of a dry
 * run assumes that each write succeeds, so the world plans a patch only once.  A later patch of a
 * Service replaces an earlier patch.  All zeroes: empty.
 */
RB_HEAD(status_patches, status_patch);

/* status_patches_add - store the patch of @act, an action of kind ACT_SERVICE_STATUS. */
void status_patches_add(struct status_patches *all, const struct action *act);

/* status_patches_drop_stale - drop patches that differ from the world's present decisions. */
void status_patches_drop_stale(struct status_patches *all, const struct world *world);

/* status_patches_get - return the stored patch of @service, malloc'd; NULL if there is none. */
char *status_patches_get(struct status_patches *all, const struct object *service);
void status_patches_done(struct status_patches *all);

#endif
