/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_FILES_H
#define DAEMON_FILES_H

#include "options.h"

#include "arplet/world.h"

/*
 * Manifests in place of a cluster: YAML or JSON files, folders (their *.yaml, *.yml and *.json, in
 * order of name; not deeper), and "-" for standard input.  What is wrong with them, and what was
 * made up to complete them, is written to a stream as sentences, one a line.
 */
struct files;

/*
 * files_read - read them all, and go on after an error.  A Service without a namespace is in
 * "default", a pool or advertisement in @pool_ns.  Of objects of the same name the last counts.
 */
struct files *files_read(const struct option_list *names, const char *pool_ns, FILE *notes);
void files_free(struct files *files); /* NULL is fine */

/* files_errors - how many complaints there were; objects with one are not put into a world. */
size_t files_errors(const struct files *files);

/*
 * files_put - give all objects to @world, as complete lists of every kind.  What a cluster would
 * add is added: a Namespace for each Service, and one Node if there is none: its name is returned,
 * else NULL.
 */
const char *files_put(struct files *files, struct world *world);

/*
 * files_complain - that the world found a pool wrong: "FILE: document N, line L (Kind
 * NAMESPACE/NAME): @why".  Counts as an error.
 */
void files_complain(struct files *files, const struct object *obj, const char *why);

#endif
