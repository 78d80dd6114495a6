/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_MANIFEST_FILES_H
#define DRYRUN_MANIFEST_FILES_H

#include "options/options.h"

#include "arplet/world.h"

/*
 * The objects of YAML and JSON files, in place of those of a cluster.  Writes each
 * error in the files, and each note about the files, as one line to a stream.
 */
struct manifest_files;

/*
 * manifest_files_read - read all files, folders and "-" of @names, as find_manifests() does, even after
 * an error.  A Service or EndpointSlice without a namespace is in "default", a pool or
 * advertisement in @pool_ns.  Of two objects of one kind and name, the later one replaces the
 * earlier one.
 */
struct manifest_files *manifest_files_read(
    const struct option_list *names, const char *pool_ns, FILE *notes);
void manifest_files_free(struct manifest_files *files); /* NULL is fine */

/*
 * manifest_files_errors - the number of errors.  manifest_files_put() leaves out objects that have
 * an error.
 */
size_t manifest_files_errors(const struct manifest_files *files);

/*
 * manifest_files_put - put all objects into @world, as complete lists of every kind, with
 * placeholders.  Returns the name of the placeholder Node, or NULL if the files contain a Node.
 */
const char *manifest_files_put(struct manifest_files *files, struct world *world);

/*
 * manifest_files_report - report and count an error that the world found in a pool of the files:
 * "FILE: document N, line L (Kind NAMESPACE/NAME): @why".
 */
void manifest_files_report(struct manifest_files *files, const struct object *obj, const char *why);

#endif
