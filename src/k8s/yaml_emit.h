/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAML_EMIT_H
#define YAML_EMIT_H

#include <stdio.h>

struct json_object;

/*
 * yaml_emit - write @value as one YAML document, as kubectl does: block style, keys in their
 * present order, quotes around strings that YAML 1.1 or 1.2 would read as another type, and strings
 * of several lines as block scalars.
 */
void yaml_emit(struct json_object *value, FILE *out);

#endif
