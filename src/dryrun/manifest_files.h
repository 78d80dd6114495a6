/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_FILES_H
#define DAEMON_FILES_H

#include "options/options.h"

#include "arplet/world.h"

/*
 * Manifests in place of a cluster: YAML or JSON files, folders (their *.yaml, *.yml and *.json, in
 * order of name; not deeper), and "-" for standard input.  What is wrong with them, and what was
 * made up to complete them, is written to a stream as sentences, one a line.
 */
struct manifest_files;

/*
 * manifest_files_read - read them all, and go on after an error.  A Service without a namespace is in
 * "default", a pool or advertisement in @pool_ns.  Of objects of the same name the last counts.
 */
struct manifest_files *manifest_files_read(const struct option_list *names, const char *pool_ns, FILE *notes);
void manifest_files_free(struct manifest_files *manifest_files); /* NULL is fine */

/* manifest_files_errors - how many complaints there were; objects with one are not put into a world. */
size_t manifest_files_errors(const struct manifest_files *manifest_files);

/*
 * manifest_files_put - give all objects to @world, as complete lists of every kind.  What a cluster would
 * add is added: a Namespace for each Service, and one Node if there is none: its name is returned,
 * else NULL.
 */
const char *manifest_files_put(struct manifest_files *manifest_files, struct world *world);

/*
 * manifest_files_complain - that the world found a pool wrong: "FILE: document N, line L (Kind
 * NAMESPACE/NAME): @why".  Counts as an error.
 */
void manifest_files_complain(struct manifest_files *manifest_files, const struct object *obj, const char *why);

#endif
