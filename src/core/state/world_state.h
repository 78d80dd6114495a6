/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_WORLD_STATE_H
#define CORE_STATE_WORLD_STATE_H

#include "arplet/link.h"
#include "arplet/world_opts.h"
#include "core/state/svc.h"

/*
 * The state of the world, for the folders of src/core that decide.  State that one subject alone reads
 * is behind a pointer; its struct is in the header of its module.
 */
struct cooldowns;
struct hello_links;
struct link_vips;
struct node_gateways;
struct orphans;
struct pools;
struct probe_results;

struct world {
	struct world_opts opts;
	struct store store[KINDS];
	struct dependents slices, l2statuses;
	bool listed[KINDS]; /* the first list of the kind has ended */
	bool allocator, stopping;
	bool key_requested; /* a create of the Secret for hellos was sent and not seen yet */
	int64_t now_ms;
	struct link *links; /* of this node */
	size_t n_links;
	char **names; /* world_name(): sorted */
	size_t n_names;

	struct addrs addrs;
	struct svcs marked;  /* to be decided again */
	struct svcs waiting; /* for an address */
	struct svcs recheck; /* to be reported again, in the order of time */
	struct svc **batch;  /* the work list of one turn, reused */
	size_t batch_room;

	/* what the next world_decide() must decide again */
	bool freed;               /* the waiting Services: an address or a port was released */
	bool config_changed;      /* the errors of pools and advertisements */
	bool probes_changed;      /* the probe plan */
	bool hello_links_changed; /* the links with hellos */

	struct cooldowns *cooldowns;
	struct hello_links *hello_links;
	struct link_vips *link_vips;
	struct node_gateways *node_gateways;
	struct orphans *orphans;
	struct pools *pools;
	struct probe_results *probe_results;
};

#endif
