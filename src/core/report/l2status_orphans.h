/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_L2STATUS_ORPHANS_H
#define CORE_REPORT_L2STATUS_ORPHANS_H

/* Deletes the ServiceL2Statuses whose Service or node is deleted. */

struct plan;
struct world;

struct orphans *orphans_new(void);
/* orphans_check_all - let the next orphans_delete() check all ServiceL2Statuses. */
void orphans_check_all(struct world *world);
/* orphans_service_deleted - let orphans_delete() check the ServiceL2Statuses of a deleted Service. */
void orphans_service_deleted(struct world *world, const char *ns, const char *name);
/* orphans_delete - add a delete for each ServiceL2Status whose Service or node is gone. */
void orphans_delete(struct world *world, struct plan *plan);
void orphans_free(struct world *world);

#endif
