/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

/* Who allocates: the daemon's elector, joined as src/daemon/leader.c and app.c join it. */

bool
node_may_allocate(const struct host *node)
{
	return !node->leaving && node->leads && lease_leads(&node->elector, node_now(node));
}

/* The Lease is ours: Services and pools are listed anew before anything is given. */
static void
on_lead(struct host *node)
{
	sim_tell(node->sim, "%s leads, and lists anew", node->name);
	node->unlisted[KIND_SERVICE] = node->unlisted[KIND_POOL] = true;
	node_list(node, KIND_SERVICE);
	node_list(node, KIND_POOL);
}

static void
on_loss(struct host *node)
{
	sim_tell(node->sim, "%s does not lead any more", node->name);
	node->unlisted[KIND_SERVICE] = node->unlisted[KIND_POOL] = false;
	exec_forget_allocations(&node->exec);
	world_set_allocator(node->world, false);
}

static void
alloc_ctx(struct host *node, enum alloc_ctx what, const struct lease_write *write)
{
	struct request *req = xcalloc(1, sizeof(*req));

	req->alloc_ctx = what;
	req->timeout_ms = SIM_LEASE_MS / 5;
	if (write) {
		req->write = *write;
		req->write.version = arena_strdup(&req->mem, write->version);
		req->write.holder = arena_strdup(&req->mem, write->holder);
	}
	node->lease_serial = req->serial = ++node->serial;
	node->lease_refused = what == ASK_LEASE_READ;
	node_ask(node, req);
}

void
node_lead(struct host *node)
{
	int64_t now_ms = node_now(node);
	struct lease_write write;
	bool leads;

	if (node->leaving && !node->elector.resigned && !exec_allocating(&node->exec))
		lease_resign(&node->elector);
	if (lease_due(&node->elector, now_ms, &write))
		alloc_ctx(node, ASK_LEASE_WRITE, &write);
	leads = lease_leads(&node->elector, now_ms);
	if (leads == node->leads)
		return;
	node->leads = leads;
	(leads ? on_lead : on_loss)(node);
}

static void
seen(struct host *node, const struct lease_state *lease)
{
	struct object *obj = kube_lease_object(lease);

	lease_seen(&node->elector, obj, node_now(node));
	object_free(obj);
}

void
node_on_lease_reply(struct host *node, struct request *req)
{
	struct object *obj;

	if (req->serial != node->lease_serial)
		return;
	node->lease_serial = 0;
	if (node->lease_refused) {
		lease_replied(&node->elector, NULL, node_now(node));
		if (req->rc == 0)
			seen(node, &req->lease);
		return;
	}
	if (req->rc < 0) {
		alloc_ctx(node, ASK_LEASE_READ, NULL);
		return;
	}
	obj = kube_lease_object(&req->lease);
	lease_replied(&node->elector, obj, node_now(node));
	object_free(obj);
}
