/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_MANIFEST_H
#define ARPLET_MANIFEST_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Objects as kubectl prints them.  The keys of each are put in order, so that what is equal
 * prints equal; what only the API server needs (managedFields) is left out.
 */
struct manifest;

struct manifest *manifest_new(void);
void manifest_free(struct manifest *manifest); /* NULL is fine */

/*
 * manifest_add - append the object @json, changed by the merge patch @patch (RFC 7386; NULL:
 * none): the very patch that would be sent to the API.  @ns and @name ("": none) are given to an
 * object that has none itself.  All is JSON that this program wrote or has decoded before:
 * anything else is a bug, and aborts.
 */
void manifest_add(struct manifest *manifest, const char *json, const char *ns, const char *name,
    const char *patch);

enum manifest_format { MANIFEST_JSON, MANIFEST_YAML };

/* manifest_print - all objects as one v1 List. */
void manifest_print(const struct manifest *manifest, enum manifest_format format, FILE *out);

/* manifest_print_each - one by one: a line of JSON each, or a YAML document each. */
void manifest_print_each(const struct manifest *manifest, enum manifest_format format, FILE *out);

#endif
