/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_CONFIG_KINDS_H
#define ARPLET_CONFIG_KINDS_H

#include "json_fields.h"

int read_pool(const struct reading *rd, const struct at *root, struct object *obj);
int read_l2adv(const struct reading *rd, const struct at *root, struct object *obj);

#endif
