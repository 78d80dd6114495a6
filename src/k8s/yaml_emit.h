/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAML_EMIT_H
#define YAML_EMIT_H

#include <stdio.h>

struct json_object;

/*
 * yaml_emit - @value as one YAML document, as kubectl writes it: block style, keys as they come,
 * strings quoted where YAML 1.1 or 1.2 would read anything else, lines of a text as lines.
 */
void yaml_emit(struct json_object *value, FILE *out);

#endif
