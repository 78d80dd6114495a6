/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_PLACEHOLDERS_H
#define DRYRUN_PLACEHOLDERS_H

#include "arplet/world.h"

/* Objects that every cluster has, and that manifests often lack. */

/*
 * assumed_namespace_label - add the label kubernetes.io/metadata.name to a Namespace, as the API server
 * does.
 */
void assumed_namespace_label(struct object *ns);

/*
 * assumed_objects_put - put a Namespace for each Service into @world, and a Ready Node if it has no
 * Node.  Call it after all other objects are in @world.  Returns the Node's name, or NULL if @world
 * has one.
 */
const char *assumed_objects_put(struct world *world);

#endif
