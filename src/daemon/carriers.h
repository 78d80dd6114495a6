/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_CARRIERS_H
#define DAEMON_CARRIERS_H

#include "arplet/election.h"

/* The carriers of hellos: what they need from the world, and what the user sees of them. */
struct lan_io;
struct lan_nodes;
struct metrics;
struct world;

/* carriers_add_nodes - add the addresses of all Nodes. */
void carriers_add_nodes(const struct world *world, struct lan_nodes *nodes);

/*
 * carriers_report - report that hellos between this node and @node get through by @carrier: as an
 * Event, which is logged too, if the multicast frames do not get through; else in the log.
 */
void carriers_report(struct world *world, const char *interface, const char *node,
    enum hello_carrier carrier);

/* carriers_report_error - log that the UDP socket of hellos on @ip cannot be opened. */
void carriers_report_error(const struct link *link, const struct ip *ip, uint16_t port, int error);

/* carriers_metrics - add the metrics about peers and hellos. */
void carriers_metrics(const struct lan_io *lan_io, struct metrics *m);

#endif
