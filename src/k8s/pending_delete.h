/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_PENDING_DELETE_H
#define K8S_PENDING_DELETE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Deletions that count only after a later list has confirmed them.  Pure.
 *
 * A deletion of a pool takes addresses from Services.  When a CRD is deleted, the API server
 * deletes its objects first, and for a moment still serves an empty list.  Until a list has
 * confirmed the deletion, the objects stay in force, and the watch continues.
 *
 * event DELETED -> DELETED --2 s--> list --has objects--> confirmed
 *                                    +---empty---> EMPTY --5 s--> list --empty--> confirmed
 * 404 -----------> MISSING -------> list -------> RETURNED --60 s--> list, as above
 *                                   (5 s if no object was known before the 404)
 */
enum pending_reason {
	PENDING_NONE,
	PENDING_DELETED,  /* the watch reported the deletion of an object */
	PENDING_EMPTY,    /* a list was empty */
	PENDING_MISSING,  /* the CRD is not installed */
	PENDING_RETURNED, /* the CRD was installed a moment ago; its objects may follow */
};

struct pending_delete {
	bool enabled;     /* reflector_opts.confirm_deletes; if false, deletions count at once */
	bool has_objects; /* true if at least one object is known */
	enum pending_reason reason;
	/* when the list is due that confirms a deletion, monotonic ms; 0: never */
	int64_t relist_ms;
};

/* A list is due this long after a deletion: by then, all objects of a deleted CRD are deleted. */
#define CONFIRM_DELETED_MS 2000
#define CONFIRM_EMPTY_MS 5000      /* if a CRD is deleted, its lists return 404 after this time */
#define CONFIRM_RETURNED_MS 60000  /* time for a user to recreate objects of a reinstalled CRD */
#define CONFIRM_INSTALLED_MS 5000  /* time for a user to create objects of a newly installed CRD */

/* pending_delete_on_put - note that the watch reported a new or changed object. */
static inline void
pending_delete_on_put(struct pending_delete *pending)
{
	pending->has_objects = true;
}

/*
 * pending_delete_on_deleted - note that the watch reported a deletion.  True if a list must confirm
 * the deletion.
 */
bool pending_delete_on_deleted(struct pending_delete *pending, int64_t now_ms);

/* pending_delete_on_missing - note a 404 of the API server: the CRD is not installed. */
void pending_delete_on_missing(struct pending_delete *pending);

/*
 * pending_delete_on_list - note that a list of @n objects is complete.  True if the list confirms
 * all deletions.
 */
bool pending_delete_on_list(struct pending_delete *pending, size_t n, int64_t now_ms);

/*
 * pending_delete_text - return a text for the log about the pending deletion; NULL: none is
 * pending.
 */
const char *pending_delete_text(const struct pending_delete *pending);

#endif
