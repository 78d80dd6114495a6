/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_ASSUMED_OBJECTS_H
#define DRYRUN_ASSUMED_OBJECTS_H

#include "arplet/world.h"

/* Adds objects that exist in every cluster, but that manifests often lack. */

/*
 * assumed_namespace_label - add the label kubernetes.io/metadata.name to Namespace @ns, as the API
 * server does.
 */
void assumed_namespace_label(struct object *ns);

/*
 * assumed_objects_put - put the missing Namespaces of all Services into @world, and one Ready Node
 * if @world has no Node.  Call it after all other objects are in @world.  Returns the name of the
 * added Node, or NULL if it added none.
 */
const char *assumed_objects_put(struct world *world);

#endif
