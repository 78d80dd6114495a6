/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_STANDIN_H
#define DAEMON_STANDIN_H

#include "arplet/world.h"

/* What every cluster has, and a folder of manifests may not. */

/* placeholder_label - gives a Namespace the label by which namespaceSelectors find it by its name. */
void placeholder_label(struct object *ns);

/*
 * placeholders_put - after all else: a Namespace for each Service, and one Node if there is none; its
 * name is returned, else NULL.
 */
const char *placeholders_put(struct world *world);

#endif
