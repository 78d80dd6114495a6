/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_COST_OBJECTS_H
#define FUZZ_COST_OBJECTS_H

#include "arplet/object.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Large objects of a tenant, from a short recipe: an input of a fuzzer is too short to contain an
 * object of thousands of labels.  A recipe names the kind of the objects, the number of objects,
 * and the number of each part (labels, ports, ...) that they have.
 */
#define RECIPE_PARTS 4

struct recipe {
	enum kind kind;
	unsigned int copies; /* number of objects */
	size_t n_parts;
	struct {
		uint8_t part;   /* index in the table of parts of this kind, modulo its length */
		unsigned int n; /* number of labels, ports, ... */
	} parts[RECIPE_PARTS];
};

/* recipe_read - the recipe of a fuzzer's input; false: the input is too short. */
bool recipe_read(const uint8_t *data, size_t size, struct recipe *ret_recipe);
void recipe_print(const struct recipe *recipe);

struct cost_text {
	char *text; /* the lines of a watch; the caller frees it */
	size_t len;
};
/* cost_objects - the objects of a recipe.  Their version @version differs in all parts. */
struct cost_text cost_objects(const struct recipe *recipe, unsigned int version);

/* The objects that a world has before: a pool, nodes, Services of other tenants. */
struct cost_fixed {
	enum kind kind;
	const char *text;
};
const struct cost_fixed *cost_fixed_objects(size_t *ret_n);

#endif
