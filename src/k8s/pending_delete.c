/* SPDX-License-Identifier: Apache-2.0 */
#include "pending_delete.h"

static void
set_pending(struct pending_delete *pending, enum pending_reason reason, int64_t relist_ms)
{
	pending->reason = reason;
	pending->relist_ms = relist_ms;
}

bool
pending_delete_on_deleted(struct pending_delete *pending, int64_t now_ms)
{
	if (!pending->enabled || !pending->has_objects)
		return false;
	if (pending->reason != PENDING_RETURNED || pending->relist_ms < now_ms + CONFIRM_DELETED_MS)
		set_pending(pending, PENDING_DELETED, now_ms + CONFIRM_DELETED_MS);
	return true;
}

void
pending_delete_on_missing(struct pending_delete *pending)
{
	if (pending->enabled)
		set_pending(pending, PENDING_MISSING, 0);
}

bool
pending_delete_on_list(struct pending_delete *pending, size_t n, int64_t now_ms)
{
	if (pending->reason == PENDING_MISSING)
		set_pending(pending, PENDING_RETURNED,
		    now_ms + (pending->has_objects ? CONFIRM_RETURNED_MS : CONFIRM_INSTALLED_MS));
	if (pending->relist_ms > now_ms)
		return false;
	if (pending->enabled && pending->has_objects && n == 0 &&
	    pending->reason != PENDING_EMPTY) {
		set_pending(pending, PENDING_EMPTY, now_ms + CONFIRM_EMPTY_MS);
		return false;
	}
	set_pending(pending, PENDING_NONE, 0);
	pending->has_objects = n > 0;
	return true;
}

const char *
pending_delete_text(const struct pending_delete *pending)
{
	static const char *const texts[] = {
		[PENDING_DELETED] = "an object was deleted; it stays in force until a list in 2 s "
				    "confirms the deletion",
		[PENDING_EMPTY] = "the list is empty; known objects stay in force until a list in "
				  "5 s is empty, too",
		[PENDING_MISSING] = "the CRD is not installed; known objects stay in force",
		[PENDING_RETURNED] =
		    "the CRD was just installed; known objects stay in force until "
				     "its objects are created",
	};

	if (pending->reason == PENDING_MISSING && !pending->has_objects)
		return NULL;
	return texts[pending->reason];
}
