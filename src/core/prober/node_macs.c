/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/node_macs.h"

/* Finds or adds an address; a new address replaces the one without an answer for the longest time. */
static struct node_mac *
get(struct node_macs *node_macs, const struct ip *ip, int64_t now_ms)
{
	struct node_mac *place = &node_macs->v[0];

	for (size_t i = 0; i < node_macs->n; i++) {
		struct node_mac *node_mac = &node_macs->v[i];

		if (ip_equal(&node_mac->ip, ip) && now_ms - node_mac->last_ms < NODE_MAC_MS)
			return node_mac;
		if (ip_equal(&node_mac->ip, ip)) {
			*node_mac = (struct node_mac){ .ip = *ip };
			return node_mac;
		}
		if (node_mac->last_ms < place->last_ms)
			place = node_mac;
	}
	if (node_macs->n < NODE_MACS_MAX)
		place = &node_macs->v[node_macs->n++];
	*place = (struct node_mac){ .ip = *ip };
	return place;
}

bool
node_macs_answer(struct node_macs *node_macs, const struct ip *ip, const struct mac *mac,
    int64_t now_ms)
{
	struct node_mac *node_mac = get(node_macs, ip, now_ms);

	node_mac->last_ms = now_ms;
	if (node_mac->answers && !mac_equal(&node_mac->mac, mac))
		node_mac->ambiguous = true;
	node_mac->mac = *mac;
	node_mac->answers += node_mac->answers < NODE_MAC_ANSWERS;
	return node_mac->answers == NODE_MAC_ANSWERS && !node_mac->ambiguous;
}
