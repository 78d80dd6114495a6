/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_DECODE_KINDS_H
#define K8S_DECODE_KINDS_H

#include "json_fields.h"

/*
 * read_kind - decode @root into @obj->u.  If read_kind() returns -EBADMSG, rd->err has the reason.
 */
int read_kind(const struct json_reader *rd, const struct json_field *root, struct object *obj);

/*
 * object_from_json - create an object of @kind from its JSON.  Returns -EBADMSG if a field that
 * identifies the object is wrong.  If another field is wrong, object_from_json() returns 0, and the
 * member bad of the object has the reason.  @flags are DECODE_*.
 */
int object_from_json(enum kind kind, struct json_object *json, unsigned int flags,
    struct object **ret_obj, struct err *err);

#endif
