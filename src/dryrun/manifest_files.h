/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_MANIFEST_FILES_H
#define DRYRUN_MANIFEST_FILES_H

#include "options/options.h"

#include "arplet/world.h"

/*
 * Kubernetes objects from YAML and JSON files.  A dry run can use these objects instead of the
 * objects of a cluster.  Each error in a file, and each note about a file, is one line on a stream.
 */
struct manifest_files;

/*
 * manifest_files_read - read the files and folders @names, all of them even if one has an error.  A
 * Service or EndpointSlice without a namespace belongs to "default"; a pool or advertisement
 * without a namespace belongs to @pool_ns.  A later object replaces an earlier object that has the
 * same kind, namespace and name.
 */
struct manifest_files *manifest_files_read(
    const struct option_list *names, const char *pool_ns, FILE *notes);
void manifest_files_free(struct manifest_files *files); /* NULL is fine */

/*
 * manifest_files_errors - return the number of errors in the files.  manifest_files_put() ignores
 * objects that have an error.
 */
size_t manifest_files_errors(const struct manifest_files *files);

/*
 * manifest_files_put - put all objects of the files into @world, as a complete list of each kind.
 * Then call assumed_objects_put().  Returns the name of the Node that this call adds; NULL if the
 * files contain a Node.
 */
const char *manifest_files_put(struct manifest_files *files, struct world *world);

/*
 * manifest_files_report - report and count @why, an error that the world found in a pool of the
 * files.  Writes "FILE: document N, line L (Kind NAMESPACE/NAME): @why".
 */
void manifest_files_report(struct manifest_files *files, const struct object *obj, const char *why);

#endif
