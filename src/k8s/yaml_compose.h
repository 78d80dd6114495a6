/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_YAML_COMPOSE_H
#define K8S_YAML_COMPOSE_H

#include "yaml_node.h"

#include <yaml.h>

/* maximum number of entries that the merge keys (<<) of a document copy */
#define YAML_MERGES_MAX 100000

/* Builds documents from the events of libyaml, one document at a time. */
struct composer {
	yaml_parser_t parser;
	const char *text; /* text of the stream; the caller keeps it until composer_done() */
	struct arena mem; /* memory of the current document */
	SLIST_HEAD(, yaml_anchor) anchors;
	size_t merges;
	unsigned int line; /* of the error, from 1 */
	struct err err;    /* "": no error */
	bool broken; /* true after a syntax error: the rest of the stream cannot be read */
};

/*
 * composer_next - return the next document, which is valid until the next call.  If composer_next()
 * returns NULL, c->err has the error, or is "" at the end of the stream.
 */
struct yaml_node *composer_next(struct composer *c);

void composer_init(struct composer *c, const char *text, size_t len);
void composer_done(struct composer *c);

#endif
