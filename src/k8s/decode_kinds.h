/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_KINDS_H
#define ARPLET_KINDS_H

#include "json_fields.h"

/* read_kind - fill @obj->u from the object at @root, by obj->kind.  -EBADMSG with a sentence. */
int read_kind(const struct reading *rd, const struct at *root, struct object *obj);

/*
 * read_whole - a new object from its JSON.  The identity must be right (-EBADMSG); anything else
 * that is wrong makes an object with @bad set.  @flags are DECODE_*.
 */
int read_whole(enum kind kind, struct json_object *json, unsigned int flags,
    struct object **ret_obj, struct err *err);

#endif
