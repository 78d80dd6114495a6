/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_DECODE_KINDS_H
#define K8S_DECODE_KINDS_H

#include "json_fields.h"

/* read_kind - fill @obj->u from @root by obj->kind.  -EBADMSG: rd->err has the reason. */
int read_kind(const struct json_reader *rd, const struct json_field *root, struct object *obj);

/*
 * object_from_json - create an object of @kind from its JSON.  -EBADMSG if its identity is wrong.
 * Any other error returns 0 and an object with @bad set.  @flags are DECODE_*.
 */
int object_from_json(enum kind kind, struct json_object *json, unsigned int flags,
    struct object **ret_obj, struct err *err);

#endif
