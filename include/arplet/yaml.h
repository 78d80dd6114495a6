/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_YAML_H
#define ARPLET_YAML_H

#include <stddef.h>

/*
 * Manifests: a stream of YAML documents (JSON is YAML) becomes Kubernetes objects as JSON text,
 * with the meaning that kubectl gives them: unquoted yes, no, on, off are booleans, 010 is eight,
 * keys are strings.  Duplicate keys are refused; aliases and merge keys are expanded, and what
 * they expand to is bounded.
 */
struct yaml_doc {
	unsigned int number; /* of the document in its stream, from 1; empty ones count */
	unsigned int item;   /* of the object in its List, from 1; 0: not from a List */
	unsigned int line;   /* where it begins, or where the error is; from 1 */
	const char *json;    /* NULL when there is an error */
	const char *error;   /* a sentence, or NULL */
	struct yaml_node *root;
};

/*
 * yaml_read - call @on_doc for every object of the stream at @text, in order, Lists unrolled
 * (a List of Services gives its items their kind).  An error ends its document; one of syntax
 * ends the stream too.  What @doc points to holds until @on_doc returns.
 */
void yaml_read(const char *text, size_t len, void (*on_doc)(void *arg, const struct yaml_doc *doc),
    void *arg);

/*
 * yaml_line_of - the line of the field that @path begins with, such as "spec.addresses[1]" in
 * "spec.addresses[1]: is not a CIDR"; of the innermost that is found.
 */
unsigned int yaml_line_of(const struct yaml_doc *doc, const char *path);

#endif
