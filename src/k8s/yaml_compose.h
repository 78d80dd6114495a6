/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAML_COMPOSE_H
#define YAML_COMPOSE_H

#include "yaml_node.h"

#include <yaml.h>

#define YAML_MERGES_MAX 100000 /* entries that merge keys may copy in one document */

/* Turns libyaml's events into one document after another. */
struct composer {
	yaml_parser_t parser;
	const char *text; /* the caller's, until composer_done */
	struct arena mem; /* of the document */
	SLIST_HEAD(, yaml_anchor) anchors;
	size_t merges;
	/* after an error */
	unsigned int line;
	struct err err;
	bool broken; /* the stream cannot be read any further */
};

/*
 * composer_next - the next document, NULL with a sentence in @c->err when it has an error, or
 * NULL without one at the end.  It holds until the next call.
 */
struct yaml_node *composer_next(struct composer *c);

void composer_init(struct composer *c, const char *text, size_t len);
void composer_done(struct composer *c);

#endif
