/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_MANIFEST_H
#define ARPLET_MANIFEST_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Prints objects as kubectl does.  The keys of each object are sorted, so that equal objects print
 * equally.  managedFields are left out.
 */
struct manifest;

struct manifest *manifest_new(void);
void manifest_free(struct manifest *manifest); /* NULL is fine */

/*
 * manifest_add - append the object @json, changed by @patch: the merge patch (RFC 7386) that the
 * daemon would send to the API; NULL: none.  An object without a namespace or name gets @ns or
 * @name ("": none).  @json and @patch must be valid JSON objects; other text aborts.
 */
void manifest_add(struct manifest *manifest, const char *json, const char *ns, const char *name,
    const char *patch);

enum manifest_format { MANIFEST_JSON, MANIFEST_YAML };

/* manifest_print - all objects as one v1 List. */
void manifest_print(const struct manifest *manifest, enum manifest_format format, FILE *out);

/* manifest_print_each - each object as a line of JSON, or as a YAML document. */
void manifest_print_each(const struct manifest *manifest, enum manifest_format format, FILE *out);

#endif
