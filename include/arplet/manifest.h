/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_MANIFEST_H
#define ARPLET_MANIFEST_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Prints Kubernetes objects as kubectl does.  The keys of each object are sorted, so that equal
 * objects give equal texts.  The field managedFields is left out.
 */
struct manifest;

struct manifest *manifest_new(void);
void manifest_free(struct manifest *manifest); /* NULL is fine */

/*
 * manifest_add - append the object @json after applying the merge patch @patch (RFC 7386), which
 * the daemon would send to the API.  @patch NULL: apply no patch.  An object without a namespace or
 * name gets @ns or @name ("": none).  If @json or @patch is no valid JSON object, the program
 * aborts.
 */
void manifest_add(struct manifest *manifest, const char *json, const char *ns, const char *name,
    const char *patch);

enum manifest_format { MANIFEST_JSON, MANIFEST_YAML };

/* manifest_print - print all objects as one v1 List. */
void manifest_print(const struct manifest *manifest, enum manifest_format format, FILE *out);

/* manifest_print_each - print each object as a line of JSON, or as a YAML document. */
void manifest_print_each(const struct manifest *manifest, enum manifest_format format, FILE *out);

#endif
