/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_NODE_READER_H
#define DAEMON_NODE_READER_H

#include <stdbool.h>

/*
 * Reads from the API whether the daemon of a node runs, for a node from which no hello arrives
 * (core/election/api_nodes.h).  The node_reader sends no request while nobody asks about a node.
 */
struct client;
struct ev_loop;
struct node_reader;
struct world;

/* node_reader_new - @ns: the namespace of arplet's pods. */
struct node_reader *node_reader_new(struct ev_loop *loop, struct client *client,
    const struct world *world, const char *ns);
void node_reader_free(struct node_reader *reader); /* NULL is fine */

/*
 * node_reader_runs - true if, by the API, the Node is Ready, its arplet pod is Ready, and its Lease
 * was renewed lately.  Before the first answer of the API server, the result is false.
 */
bool node_reader_runs(struct node_reader *reader, const char *node);

#endif
