/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_DECODE_SERVICE_H
#define K8S_DECODE_SERVICE_H

#include "json_fields.h"

/* read_condition_hash - read the type of a condition, and the condition_hash() of its content. */
int read_condition_hash(const struct json_reader *rd, const struct json_field *one,
    const char **ret_type, uint64_t *ret_hash);

/* read_sharing - read the ports and the selector of a Service that may share an address. */
int read_sharing(const struct json_reader *rd, const struct json_field *spec, struct service *svc);

int read_service(const struct json_reader *rd, const struct json_field *root, struct object *obj);

#endif
