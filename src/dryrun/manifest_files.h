/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_MANIFEST_FILES_H
#define DRYRUN_MANIFEST_FILES_H

#include "options/options.h"

#include "arplet/world.h"

/*
 * Kubernetes objects from YAML and JSON files, which a dry run uses instead of a cluster's objects.
 * Each error in the files, and each note about them, is written as one line to a stream.
 */
struct manifest_files;

/*
 * manifest_files_read - call find_manifests() for each of @names, even after an error.  A Service
 * or EndpointSlice without a namespace belongs to "default"; a pool or advertisement without a
 * namespace belongs to @pool_ns.  Of two objects of the same kind and name, the later one replaces
 * the earlier one.
 */
struct manifest_files *manifest_files_read(
    const struct option_list *names, const char *pool_ns, FILE *notes);
void manifest_files_free(struct manifest_files *files); /* NULL is fine */

/*
 * manifest_files_errors - return the number of errors in the files.  manifest_files_put() does not
 * put objects that have an error.
 */
size_t manifest_files_errors(const struct manifest_files *files);

/*
 * manifest_files_put - put all objects into @world, as a complete list of each kind, and add
 * objects that the files lack.  Returns the name of the added Node, or NULL if the files contain a
 * Node.
 */
const char *manifest_files_put(struct manifest_files *files, struct world *world);

/*
 * manifest_files_report - report and count @why, an error that the world found in a pool of the
 * files.  Writes "FILE: document N, line L (Kind NAMESPACE/NAME): @why".
 */
void manifest_files_report(struct manifest_files *files, const struct object *obj, const char *why);

#endif
