/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_API_NODES_H
#define CORE_ELECTION_API_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the API says about the nodes from which no hello arrives (election_ops.api_runs).  The daemon
 * reads the pod and the Lease of a node only while the election asks about the node, so a cluster in
 * which all hellos arrive costs nothing.  The functions are pure.
 *
 * Clocks of hosts differ, so the age of a Lease in kube-node-lease is the time since this daemon saw
 * a new resourceVersion of the Lease.  A kubelet renews its Lease every 10 s.
 */
#define API_NODES_MAX 32 /* the node that was asked about least recently gives way */
#define API_NODE_NAME_MAX 254
#define API_NODE_LEASE_MS 20000 /* a node whose Lease is older does not run */
#define API_NODE_READ_MS 5000   /* time between two reads of a node */
#define API_NODE_ASKED_MS 15000 /* a node that was not asked about for longer is not read */

struct api_node {
	char name[API_NODE_NAME_MAX]; /* "": free */
	int64_t asked_ms;     /* when the election asked last */
	int64_t read_ms;      /* when the last read began; 0: never */
	int64_t renewed_ms;   /* when the Lease last had a new resourceVersion; 0: never */
	char version[64];     /* resourceVersion of the Lease */
	bool pod_ready;       /* a pod of arplet on the node is Ready */
	bool reading;         /* a read is under way */
};

struct api_nodes {
	struct api_node v[API_NODES_MAX];
};

/*
 * api_nodes_runs - true if the daemon of the node runs, as far as the reads so far show.
 * @node_ready: the Node is Ready.  The node is read from now on.
 */
bool api_nodes_runs(struct api_nodes *nodes, const char *name, bool node_ready, int64_t now_ms);

/*
 * api_nodes_due - return a node that must be read now, or NULL.  The caller reads its pod and its
 * Lease, and then calls api_nodes_answer().  The name is valid until the next api_nodes_runs().
 */
const char *api_nodes_due(struct api_nodes *nodes, int64_t now_ms);
/* api_nodes_next_ms - when api_nodes_due() has a node; INT64_MAX: never. */
int64_t api_nodes_next_ms(const struct api_nodes *nodes, int64_t now_ms);

/*
 * api_nodes_answer - note the result of a read.  @pod_ready: a pod of arplet on the node is Ready.
 * @version: resourceVersion of the Lease; "": the Lease does not exist, or could not be read.
 */
void api_nodes_answer(struct api_nodes *nodes, const char *name, bool pod_ready,
    const char *version, int64_t now_ms);

#endif
