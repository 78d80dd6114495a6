/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_WORLD_STATE_H
#define CORE_STATE_WORLD_STATE_H

#include "arplet/link.h"
#include "arplet/world_opts.h"
#include "core/state/svc.h"

/*
 * The state of the world, which the folders of src/core share.  State that only one module reads is
 * behind a pointer; the header of that module declares its struct.
 */
struct batches;
struct cooldowns;
struct hello_links;
struct link_vips;
struct node_events;
struct node_gateways;
struct orphans;
struct pools;
struct probe_results;
struct proxy_arp;

struct world {
	struct world_opts opts;
	struct store store[KINDS];
	struct dependents slices, l2statuses;
	bool listed[KINDS]; /* the first list of the kind is complete */
	bool allocator, stopping;
	bool key_decided; /* key_secret_decide() has decided about this version of the Secret */
	int64_t now_ms;
	struct link *links; /* the links of this node */
	size_t n_links;
	uint64_t node_addresses_version; /* see world_node_addresses_version() */
	struct node_events *node_events; /* Events to post about this node */
	uint32_t nodes_version; /* grows when a Node is added, deleted or replaced */
	char **names; /* world_name(): sorted */
	size_t n_names;

	struct addrs addrs;
	RB_HEAD(shared_addrs, shared_addr) shared_addrs; /* shared_addrs.h */
	struct addr_list touched; /* shared addresses whose eligible nodes may have changed */
	struct svcs marked;  /* Services that must be decided again */
	struct svcs waiting; /* Services that wait for an address */
	struct svcs deferred; /* Services that must be reported again, sorted by time */
	struct batches *batches; /* the Services that world_decide() is deciding */
	size_t *work; /* world_work() */

	/* when all Events about conflicts would have been due at one per EVENT_MS (conflicts.c) */
	int64_t conflict_events_ms;

	/* what the next world_decide() must decide again */
	bool freed;               /* the waiting Services: an address or a port was released */
	int64_t wake_after_ms;    /* the waiting Services are not decided again before this time */
	bool config_changed;      /* the Events about errors of pools and advertisements */
	bool probes_changed;      /* the probe plan */
	bool hello_links_changed; /* the links with hellos */

	struct cooldowns *cooldowns;
	struct hello_links *hello_links;
	struct link_vips *link_vips;
	struct node_gateways *node_gateways;
	struct orphans *orphans;
	struct pools *pools;
	struct probe_results *probe_results;
	struct proxy_arp *proxy_arp;
};

/*
 * world_work - count @n steps of a loop whose length a tenant can influence, about 50 ns each, so
 * that world_decide_some() stops in time.
 */
static inline void
world_work(const struct world *world, size_t n)
{
	*world->work += n;
}

#endif
