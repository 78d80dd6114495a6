/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_YAML_H
#define ARPLET_YAML_H

#include <stddef.h>

/*
 * Converts manifests, a stream of YAML documents (JSON is YAML), to Kubernetes objects as JSON
 * text.
 *
 * Values mean what they mean in kubectl: unquoted yes, no, on, off are booleans, 010 is eight, keys
 * are strings.  Duplicate keys are errors.  Aliases and merge keys are expanded, up to a limit.
 */
struct yaml_doc {
	unsigned int number; /* of the document in its stream, from 1; empty documents count */
	unsigned int item;   /* of the object in its List, from 1; 0: not in a List */
	unsigned int line;   /* where the object begins, or of the error; from 1 */
	const char *json;    /* NULL if there is an error */
	const char *error;   /* a sentence; NULL: no error */
	struct yaml_node *root;
};

/*
 * yaml_read - call @on_doc for every object of the stream, in order; each item of a List is an
 * object.  The items of a ServiceList get the kind Service.  An error ends its document, a syntax
 * error ends the stream.  The strings of @doc are valid until @on_doc returns.
 */
void yaml_read(const char *text, size_t len, void (*on_doc)(void *arg, const struct yaml_doc *doc),
    void *arg);

/*
 * yaml_line_of - return the line of the field at the start of @path, such as
 * "spec.addresses[1]: is not a CIDR".  If the field does not exist: the line of its nearest parent.
 */
unsigned int yaml_line_of(const struct yaml_doc *doc, const char *path);

#endif
