/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_YAML_H
#define ARPLET_YAML_H

#include <stddef.h>

/*
 * Converts a manifest to Kubernetes objects as JSON texts.  A manifest is a stream of YAML
 * documents; JSON is valid YAML too.
 *
 * Values have the same meaning as in kubectl: the unquoted words "yes", "no", "on" and "off" are
 * booleans, 010 is octal, and keys are strings.  Duplicate keys are errors.  YAML aliases and merge
 * keys are expanded, up to a limit.
 */
struct yaml_doc {
	unsigned int number; /* number of the document, from 1; empty documents count */
	unsigned int item;   /* number of the object in its List, from 1; 0: not in a List */
	unsigned int line;   /* line where the object begins, or where the error is; from 1 */
	const char *json;    /* JSON text of the object; NULL if there is an error */
	const char *error;   /* a sentence; NULL: no error */
	struct yaml_node *root;
};

/*
 * yaml_read - call @on_doc for every object of the stream, in order.  Each item of a List is an
 * object.  The items of a ServiceList get the kind Service, and so on.  After an error, yaml_read()
 * skips the rest of the document; after a syntax error, the rest of the stream.  The strings of
 * @doc are valid until @on_doc returns.
 */
void yaml_read(const char *text, size_t len, void (*on_doc)(void *arg, const struct yaml_doc *doc),
    void *arg);

/*
 * yaml_line_of - return the line of a field.  @path: a text that begins with the path of the field,
 * such as "spec.addresses[1]: is not a CIDR".  If the field does not exist, returns the line of its
 * nearest parent that exists.
 */
unsigned int yaml_line_of(const struct yaml_doc *doc, const char *path);

#endif
