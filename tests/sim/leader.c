/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

/* The Lease decides which daemon is the allocator, as in src/daemon/leader.c and app.c. */

bool
node_may_allocate(const struct sim_node *node)
{
	return !node->leaving && node->is_leader && lease_leads(&node->elector, node_now(node));
}

/* A new leader lists Services and pools before it allocates, because its watches may be late. */
static void
on_lead(struct sim_node *node)
{
	sim_trace(node->sim, "%s has the Lease, and lists Services and pools", node->name);
	node->sim->api_server.proof_exists = true; /* a leader writes the key if it is missing */
	node->relisting[KIND_SERVICE] = node->relisting[KIND_POOL] = true;
	node_list(node, KIND_SERVICE);
	node_list(node, KIND_POOL);
}

static void
on_loss(struct sim_node *node)
{
	sim_trace(node->sim, "%s no longer has the Lease", node->name);
	node->relisting[KIND_SERVICE] = node->relisting[KIND_POOL] = false;
	write_queue_drop_allocations(&node->write_queue);
	world_set_allocator(node->world, false);
}

static void
create_proof(struct sim_node *node)
{
	struct request *req = xcalloc(1, sizeof(*req));

	req->type = REQUEST_PROOF;
	req->timeout_ms = SIM_LEASE_MS / 5;
	node->proof_serial = req->serial = ++node->serial;
	node_request(node, req);
}

void
node_on_proof_reply(struct sim_node *node, const struct request *req)
{
	if (req->serial != node->proof_serial)
		return;
	node->proof_serial = 0;
	lease_proved(&node->elector, req->rc == 0);
}

static void
type(struct sim_node *node, enum request_type what, const struct lease_write *write)
{
	struct request *req = xcalloc(1, sizeof(*req));

	req->type = what;
	req->timeout_ms = SIM_LEASE_MS / 5;
	if (write) {
		req->write = *write;
		req->write.version = arena_strdup(&req->mem, write->version);
		req->write.holder = arena_strdup(&req->mem, write->holder);
	}
	node->lease_serial = req->serial = ++node->serial;
	node->lease_rereads = what == REQUEST_LEASE_READ;
	node_request(node, req);
}

void
node_run_leader(struct sim_node *node)
{
	int64_t now_ms = node_now(node);
	struct lease_write write;
	bool is_leader;

	if (node->leaving && !node->elector.resigned && !write_queue_allocating(&node->write_queue))
		lease_resign(&node->elector);
	if (lease_due(&node->elector, now_ms, &write))
		type(node, REQUEST_LEASE_WRITE, &write);
	if (lease_needs_proof(&node->elector) && !node->proof_serial)
		create_proof(node);
	is_leader = lease_leads(&node->elector, now_ms);
	if (is_leader == node->is_leader)
		return;
	node->is_leader = is_leader;
	(is_leader ? on_lead : on_loss)(node);
}

void
node_on_lease(struct sim_node *node, const struct lease_state *lease)
{
	struct object *obj = lease_object(lease);

	lease_seen(&node->elector, obj, node_now(node));
	object_free(obj);
}

void
node_on_lease_reply(struct sim_node *node, struct request *req)
{
	struct object *obj;

	if (req->serial != node->lease_serial)
		return;
	node->lease_serial = 0;
	if (node->lease_rereads) {
		lease_replied(&node->elector, NULL, node_now(node));
		if (req->rc == 0)
			node_on_lease(node, &req->lease);
		return;
	}
	if (req->rc < 0) {
		type(node, REQUEST_LEASE_READ, NULL);
		return;
	}
	obj = lease_object(&req->lease);
	lease_replied(&node->elector, obj, node_now(node));
	object_free(obj);
}
