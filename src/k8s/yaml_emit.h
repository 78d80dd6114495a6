/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_YAML_EMIT_H
#define K8S_YAML_EMIT_H

#include <stdio.h>

struct json_object;

/*
 * yaml_emit - write @value as one YAML document in kubectl's style: block style, with the keys in
 * their present order.  Strings that YAML 1.1 or 1.2 would read as another type are quoted.
 * Strings of several lines are block scalars.
 */
void yaml_emit(struct json_object *value, FILE *out);

#endif
