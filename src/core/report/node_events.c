/* SPDX-License-Identifier: Apache-2.0 */
#include "node_events.h"
#include "arplet/action_plan.h"
#include "core/state/world_state.h"

#include <stdlib.h>

struct node_events {
	struct node_event {
		const char *reason, *message;
	} v[NODE_EVENTS_MAX];
	size_t n;
	struct arena mem; /* the texts */
};

struct node_events *
node_events_new(void)
{
	return xcalloc(1, sizeof(struct node_events));
}

void
node_events_free(struct world *world)
{
	arena_done(&world->node_events->mem);
	free(world->node_events);
}

void
node_events_only_udp(struct world *world, const char *interface, const char *node)
{
	struct node_events *events = world->node_events;

	if (events->n == NODE_EVENTS_MAX)
		return;
	events->v[events->n++] = (struct node_event){ "HellosOnlyAsUDP", arena_printf(&events->mem,
	    "hellos between node \"%s\" and node \"%s\" get through only as UDP on %s: does the "
	    "switch drop EtherType 0x88b5, or multicast?", world->opts.node_name, node,
	    interface) };
}

void
node_events_not_heard(struct world *world, const char *interface, const char *node,
    const struct ip *ip)
{
	struct node_events *events = world->node_events;
	char text[IP_TEXT_MAX];

	if (events->n == NODE_EVENTS_MAX)
		return;
	events->v[events->n++] = (struct node_event){ "PeerNotHeard", arena_printf(&events->mem,
	    "no hello of node \"%s\" arrives at node \"%s\" on %s, but by the API arplet runs "
	    "there, so node \"%s\" takes no address from it, and leaves it free addresses such as "
	    "%s for some seconds: let the switch and firewalls pass EtherType 0x88b5, or the UDP "
	    "port of hellos", node, world->opts.node_name, interface, world->opts.node_name,
	    ip_format(ip, text)) };
}

void
node_events_plan(struct world *world, struct plan *plan)
{
	struct node_events *events = world->node_events;
	struct entry *node = world_find(world, KIND_NODE, "", world->opts.node_name);

	for (size_t i = 0; node && i < events->n; i++)
		plan_event(plan, node->obj, true, events->v[i].reason, "%s", events->v[i].message);
	events->n = 0;
	arena_done(&events->mem);
}
