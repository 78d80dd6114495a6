/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_STANDIN_H
#define DAEMON_STANDIN_H

#include "arplet/world.h"

/* What every cluster has, and a folder of manifests may not. */

/* standin_label - gives a Namespace the label by which namespaceSelectors find it by its name. */
void standin_label(struct object *ns);

/*
 * standin_put - after all else: a Namespace for each Service, and one Node if there is none; its
 * name is returned, else NULL.
 */
const char *standin_put(struct world *world);

#endif
