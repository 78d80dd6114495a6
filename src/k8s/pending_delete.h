/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_PENDING_DELETE_H
#define K8S_PENDING_DELETE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Deletions that count only after a later list has confirmed them.  Pure.
 *
 * A deletion of a pool takes addresses from Services.  When a CRD is deleted, the API server first
 * deletes the objects of this CRD.  For a moment, it then serves an empty list, before it answers
 * 404.  Until a list has confirmed the deletion, the objects stay in force, and the watch
 * continues.
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
	/* the CRD was just installed; probably its objects will be created soon */
	PENDING_RETURNED,
};

struct pending_delete {
	bool enabled;     /* reflector_opts.confirm_deletes; if false, deletions count at once */
	bool has_objects; /* true if at least one object is known */
	enum pending_reason reason;
	/* when a list is due, to confirm a deletion, monotonic ms; 0: never */
	int64_t relist_ms;
};

/*
 * Time from a deletion to the list that confirms it: in this time, the API server deletes all
 * objects of a deleted CRD.
 */
#define CONFIRM_DELETED_MS 2000
#define CONFIRM_EMPTY_MS 5000      /* after this time, a list returns 404 if the CRD is deleted */
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

/* pending_delete_on_missing - note that the API server answered 404: the CRD is not installed. */
void pending_delete_on_missing(struct pending_delete *pending);

/*
 * pending_delete_on_list - note that a list of @n objects is complete.  True if the list confirms
 * all pending deletions.
 */
bool pending_delete_on_list(struct pending_delete *pending, size_t n, int64_t now_ms);

/*
 * pending_delete_text - return a text for the log about the pending deletion; NULL: none is
 * pending.
 */
const char *pending_delete_text(const struct pending_delete *pending);

#endif
