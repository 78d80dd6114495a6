/* SPDX-License-Identifier: Apache-2.0 */
#include "serving_nodes.h"
#include "core/base/lower_bound.h"
#include "core/state/world_state.h"

#include <stdlib.h>
#include <string.h>

/* the highest number of endpoints and EndpointSlices for which nothing is kept */
#define FEW 32

struct serving_node {
	const char *name; /* the name of the Node; valid as long as world.nodes_version is the same */
	struct serving serving;
};

/* What is kept about a Service with many endpoints. */
struct serving_nodes {
	uint32_t nodes_version; /* world.nodes_version when the nodes were collected */
	struct serving all;
	size_t n;
	struct serving_node v[]; /* all Nodes, sorted by name */
};

static void
add(struct serving *serving, const struct endpoint *endpoint)
{
	serving->serves |= endpoint->serves;
	serving->ready |= endpoint->ready;
	serving->ending |= endpoint->serves && !endpoint->ready;
}

static int
name_cmp(const void *element, const void *key)
{
	return strcmp(((const struct serving_node *)element)->name, key);
}

static struct serving_node *
find(struct serving_nodes *nodes, const char *name)
{
	size_t i = lower_bound(name, nodes->v, nodes->n, sizeof(*nodes->v), name_cmp);

	return i < nodes->n && strcmp(nodes->v[i].name, name) == 0 ? &nodes->v[i] : NULL;
}

/* False if the EndpointSlice belongs to a deleted Service of the same name. */
static bool
is_of(const struct slice *slice, const struct meta *svc)
{
	return !*slice->owner || !*svc->uid || strcmp(slice->owner, svc->uid) == 0;
}

static struct dependent *
first_slice(const struct world *world, const struct svc *svc)
{
	const struct meta *meta = &svc->e.obj->meta;

	return dependents_of((struct dependents *)&world->slices, meta->ns, meta->name);
}

static bool
has_few(const struct world *world, const struct svc *svc)
{
	struct dependent *dependent = first_slice(world, svc);
	size_t n = 0;

	for (; dependent && n <= FEW; dependent = dependents_next(dependent))
		n += 1 + dependent->e.obj->u.slice.n;
	return n <= FEW;
}

/* Looks at each endpoint of a Service with few endpoints. */
static struct serving
search_few(const struct world *world, const struct svc *svc, const char *node)
{
	struct dependent *dependent = first_slice(world, svc);
	struct serving serving = { 0 };

	for (; dependent; dependent = dependents_next(dependent)) {
		const struct slice *slice = &dependent->e.obj->u.slice;

		for (size_t i = 0; is_of(slice, &svc->e.obj->meta) && i < slice->n; i++) {
			if (!node || (slice->v[i].node && strcmp(slice->v[i].node, node) == 0))
				add(&serving, &slice->v[i]);
		}
	}
	return serving;
}

static struct serving_nodes *
collect(const struct world *world, const struct svc *svc)
{
	struct store *store = (struct store *)&world->store[KIND_NODE];
	struct dependent *dependent = first_slice(world, svc);
	struct serving_nodes *nodes;
	struct serving_node *at;
	struct entry *e;
	size_t n = 0;

	RB_FOREACH(e, store, store)
		n++;
	nodes = xcalloc(1, sizeof(*nodes) + n * sizeof(*nodes->v));
	nodes->nodes_version = world->nodes_version;
	RB_FOREACH(e, store, store)
		nodes->v[nodes->n++].name = e->obj->meta.name;
	for (; dependent; dependent = dependents_next(dependent)) {
		const struct slice *slice = &dependent->e.obj->u.slice;

		world_work(world, 4 + slice->n * 4);
		for (size_t i = 0; is_of(slice, &svc->e.obj->meta) && i < slice->n; i++) {
			add(&nodes->all, &slice->v[i]);
			at = slice->v[i].node ? find(nodes, slice->v[i].node) : NULL;
			if (at)
				add(&at->serving, &slice->v[i]);
		}
	}
	return nodes;
}

struct serving
serving_on(const struct world *world, const struct svc *svc, const char *node)
{
	static const struct serving none;
	struct svc *keeper = (struct svc *)svc; /* what is kept changes no decision */
	const struct serving_node *at;

	if (svc->serving && svc->serving->nodes_version != world->nodes_version)
		serving_forget(keeper);
	if (!svc->serving && has_few(world, svc))
		return search_few(world, svc, node);
	if (!svc->serving)
		keeper->serving = collect(world, svc);
	if (!node)
		return svc->serving->all;
	at = find(svc->serving, node);
	return at ? at->serving : none;
}

void
serving_forget(struct svc *svc)
{
	free(svc->serving);
	svc->serving = NULL;
}
