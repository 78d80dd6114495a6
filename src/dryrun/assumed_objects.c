/* SPDX-License-Identifier: Apache-2.0 */
#include "assumed_objects.h"

#define NODE_NAME "this-node"
#define NS_LABEL "kubernetes.io/metadata.name"

static struct object *
new_placeholder(enum kind kind, const char *name)
{
	struct object *obj = object_new(kind, 0);

	obj->meta.name = arena_strdup(&obj->mem, name);
	return obj;
}

void
assumed_namespace_label(struct object *ns)
{
	struct labels *labels = &ns->meta.labels;
	struct label *all;

	if (labels_get(labels, NS_LABEL) || labels_are_unknown(labels))
		return;
	all = arena_calloc(&ns->mem, labels->n + 1, sizeof(*all));
	for (size_t i = 0; i < labels->n; i++)
		all[i] = labels->v[i];
	all[labels->n] = (struct label){ NS_LABEL, ns->meta.name };
	*labels = (struct labels){ all, labels->n + 1 };
}

static void
put_namespace(void *arg, const struct object *svc)
{
	struct world *world = arg;
	struct object *ns;

	if (world_get(world, KIND_NAMESPACE, "", svc->meta.ns))
		return;
	ns = new_placeholder(KIND_NAMESPACE, svc->meta.ns);
	assumed_namespace_label(ns);
	world_put(world, ns);
}

static void
note_node(void *arg, const struct object *node)
{
	(void)node;
	*(bool *)arg = true;
}

const char *
assumed_objects_put(struct world *world)
{
	bool any_node = false;
	struct object *node;

	world_each(world, KIND_SERVICE, put_namespace, world);
	world_each(world, KIND_NODE, note_node, &any_node);
	if (any_node)
		return NULL;
	node = new_placeholder(KIND_NODE, NODE_NAME);
	node->u.node.ready = true;
	world_put(world, node);
	return NODE_NAME;
}
