/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_STATUS_PATCHES_H
#define DRYRUN_STATUS_PATCHES_H

#include "arplet/world.h"

#include <bsd/sys/tree.h>

/*
 * The status that the daemon would write to each Service.  The world of a dry run assumes that
 * every write succeeds, so each patch appears in only one plan, and is stored here.  A later
 * patch of the Service replaces an earlier one.  All zeroes: empty.
 */
RB_HEAD(status_patches, status_patch);

/* status_patches_add - add the patch of @act, an ACT_SERVICE_STATUS. */
void status_patches_add(struct status_patches *all, const struct action *act);

/* status_patches_drop_stale - drop patches that the world has revoked.  Call it after each plan. */
void status_patches_drop_stale(struct status_patches *all, const struct world *world);

/* status_patches_get - the patch of the Service, malloc'd; NULL: its status stays. */
char *status_patches_get(struct status_patches *all, const struct object *service);
void status_patches_done(struct status_patches *all);

#endif
