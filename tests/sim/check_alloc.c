/* SPDX-License-Identifier: Apache-2.0 */
#include "check_alloc.h"
#include "core/scenario/object_text.h"
#include "core/world/invariants.h"
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
check_one_leader(struct sim *sim)
{
	const struct sim_node *leader = NULL;

	for (size_t i = 0; i < sim->n_nodes; i++) {
		const struct sim_node *node = &sim->nodes[i];

		if (!node->running || !lease_leads(&node->elector, node_now(node)))
			continue;
		if (leader)
			sim_fail(sim, "%s and %s both lead at the same time", leader->name,
			    node->name);
		leader = node;
	}
}

/*
 * After an edit of a Service, the addresses of this Service may change.  After an edit of a pool,
 * the addresses of all Services may change.
 */
void
check_alloc_edit(struct sim *sim, const char *line)
{
	const char *svc = strstr(line, "svc d/s");

	if (svc)
		sim->alloc_checks.may_move[svc[7] - '0'] = true;
	else if (strstr(line, "pool "))
		memset(sim->alloc_checks.may_move, true, sizeof(sim->alloc_checks.may_move));
}

static bool
is_allocation(const struct action *act)
{
	return act->kind == ACT_SERVICE_STATUS || act->kind == ACT_POOL_STATUS ||
	    act->kind == ACT_SERVICE_CONDITIONS;
}

void
check_alloc_before_write(struct sim *sim, const struct sim_node *node, const struct action *act)
{
	char key[OBJECT_TEXT_MAX];
	const struct stored *obj;

	(void)node;
	free(sim->alloc_checks.old_status);
	sim->alloc_checks.old_status = NULL;
	if (act->kind != ACT_SERVICE_STATUS)
		return;
	snprintf(key, sizeof(key), "svc %s/%s", act->on.ns, act->on.name);
	obj = fake_api_find(&sim->api_server.api, key);
	sim->alloc_checks.old_status = xstrdup(obj ? obj->status : "");
}

/*
 * Fails if a Service loses an address, although no user edit could cause that.  One exception: a
 * Service that requests an address or a pool gets another address when its request can be served.
 */
static void
check_address_stays(struct sim *sim, const struct stored *svc, const struct action *act)
{
	char buf[OBJECT_TEXT_MAX], ip[IP_TEXT_MAX], *save;

	if (sim->alloc_checks.may_move[act->on.name[1] - '0'] ||
	    strlen(sim->alloc_checks.old_status) < 8 || strstr(svc->spec, "ann-ips=") ||
	    strstr(svc->spec, "pool="))
		return;
	snprintf(buf, sizeof(buf), "%s", sim->alloc_checks.old_status + strlen("status="));
	for (char *s = strtok_r(buf, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		bool stays = false;

		for (size_t i = 0; i < act->u.service_status.n; i++)
			stays |= strcmp(s, ip_format(&act->u.service_status.ips[i], ip)) == 0;
		if (!stays)
			sim_fail(sim, "Service %s lost %s, but no user edit explains that",
			    act->on.name, s);
	}
}

void
check_alloc_after_write(struct sim *sim, const struct sim_node *node, const struct action *act)
{
	const struct lease_state *lease = &sim->api_server.lease;
	struct arena mem = { 0 };
	char key[OBJECT_TEXT_MAX];
	const char *twice;

	if (!is_allocation(act))
		return;
	if (lease->exists && *lease->holder &&
	    sim->now_ms > sim->api_server.lease_deleted_ms + SIM_LEASE_MS &&
	    strncmp(lease->holder, node->name, strlen(node->name)) != 0)
		sim_fail(sim, "%s wrote the status of %s while %s held the Lease", node->name,
		    act->on.name, lease->holder);
	if (act->kind != ACT_SERVICE_STATUS)
		return;
	snprintf(key, sizeof(key), "svc %s/%s", act->on.ns, act->on.name);
	check_address_stays(sim, fake_api_find(&sim->api_server.api, key), act);
	twice = check_no_address_twice(&sim->api_server.api, &mem);
	if (twice)
		sim_fail(sim, "%s", twice);
	arena_done(&mem);
}

/* True if a leader exists, reaches the API server, and receives its watch events without delay. */
static bool
can_allocate(const struct sim *sim)
{
	for (size_t i = 0; i < sim->n_nodes; i++) {
		const struct sim_node *node = &sim->nodes[i];

		if (node->running && !node->leaving && !node->frozen && !node->api_cut &&
		    !sim->api_server.down && world_synced(node->world) == NULL) {
			bool delayed = false;

			for (int kind = 0; kind < KINDS; kind++)
				delayed |= node->watches[kind].delayed;
			if (!delayed && node->is_leader)
				return true;
		}
	}
	return false;
}

static void
check_allocator(struct sim *sim)
{
	int able = 0, lead = 0;

	for (size_t i = 0; i < sim->n_nodes; i++) {
		const struct sim_node *node = &sim->nodes[i];

		lead += node->running && node->is_leader &&
		    lease_leads(&node->elector, node_now(node));
		able += node->running && !node->leaving && !node->frozen && !node->api_cut &&
		    !node->watches[KIND_LEASE].delayed;
	}
	if (lead > 1)
		sim_fail(sim, "in the steady state, %d daemons lead", lead);
	if (lead == 0 && able && !sim->api_server.down)
		sim_fail(sim, "in the steady state, no daemon leads, but %d could", able);
}

void
check_steady_alloc(struct sim *sim)
{
	struct arena mem = { 0 };
	const char *failure = NULL;

	sim_trace(sim, "--- steady state");
	check_allocator(sim);
	if (can_allocate(sim)) {
		failure = check_all_served(&sim->api_server.api, &mem);
		if (!failure)
			failure = check_pool_counts(&sim->api_server.api, &mem);
		memset(sim->alloc_checks.may_move, false, sizeof(sim->alloc_checks.may_move));
	}
	if (failure)
		sim_fail(sim, "in the steady state, %s", failure);
	arena_done(&mem);
}

void
check_alloc_done(struct sim *sim)
{
	free(sim->alloc_checks.old_status);
}
