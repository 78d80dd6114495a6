/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_DECODE_CONFIG_H
#define K8S_DECODE_CONFIG_H

#include "json_fields.h"

int read_pool(const struct json_reader *rd, const struct json_field *root, struct object *obj);
int read_l2adv(const struct json_reader *rd, const struct json_field *root, struct object *obj);

#endif
