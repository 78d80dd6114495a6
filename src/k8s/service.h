/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_SERVICE_H
#define ARPLET_SERVICE_H

#include "fields.h"

/* read_condition_mark - the type of a condition, and the mark of what it says. */
int read_condition_mark(const struct reading *rd, const struct at *one, const char **ret_type,
    uint64_t *ret_mark);

int read_service(const struct reading *rd, const struct at *root, struct object *obj);

#endif
