/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_NODE_EVENTS_H
#define CORE_REPORT_NODE_EVENTS_H

/* Events about the Node of this daemon: see world_report_only_udp(). */

struct ip;
struct plan;
struct world;

#define NODE_EVENTS_MAX 32 /* waiting Events; further Events are dropped */

struct node_events *node_events_new(void);
void node_events_free(struct world *world);
void node_events_only_udp(struct world *world, const char *interface, const char *node);
void node_events_not_heard(struct world *world, const char *interface, const char *node,
    const struct ip *ip);
/* node_events_plan - add the Events to a plan. */
void node_events_plan(struct world *world, struct plan *plan);

#endif
