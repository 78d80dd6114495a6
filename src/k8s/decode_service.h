/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_SERVICE_H
#define ARPLET_SERVICE_H

#include "json_fields.h"

/* read_condition_hash - the type of a condition, and the mark of what it says. */
int read_condition_hash(const struct reading *rd, const struct at *one, const char **ret_type,
    uint64_t *ret_mark);

int read_service(const struct reading *rd, const struct at *root, struct object *obj);

#endif
