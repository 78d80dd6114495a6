/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LAN_IO_OPS_H
#define ARPLET_LAN_IO_OPS_H

#include "arplet/announcer.h"
#include "arplet/election.h"
#include "arplet/link.h"
#include "arplet/proxy_hosts.h"

struct lan_nodes; /* lan_nodes.h */

/* The callbacks of the owner of a lan_io. */
struct lan_io_ops {
	/* Links or their addresses have changed: read lan_io_links() and decide again. */
	void (*on_links)(void *arg);
	/* See announcer_ops. */
	void (*on_conflict)(void *arg, const struct link *link, const struct ip *ip,
	    enum ann_conflict conflict, const struct mac *other);
	/* Return the policy for conflicts about @ip.  NULL: use lan_io_opts.announcer.policy. */
	enum ann_policy (*policy)(void *arg, const struct ip *ip);
	/*
	 * The next four callbacks are described in election_ops.  If lan_io runs no election, it
	 * does not call them.
	 */
	bool (*may_hold)(void *arg, const struct ip *ip, const char *node);
	bool (*may_keep)(void *arg, const struct ip *ip);
	void (*each_candidate)(void *arg, const struct ip *ip,
	    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg);
	void (*on_holder)(void *arg, int ifindex, const struct ip *ip, const char *node,
	    enum holder_change change, int64_t gap_ms);
	/* See election_ops.  Each of these callbacks can be NULL. */
	void (*on_carrier)(void *arg, int ifindex, const char *node, enum hello_carrier carrier);
	bool (*api_runs)(void *arg, const char *node);
	bool (*api_holds)(void *arg, const struct ip *ip, const char *node);
	void (*on_last_resort)(void *arg, int ifindex, const struct ip *ip, const char *node);
	/*
	 * Add all addresses of all Nodes, including this node's (Node.status.addresses).  NULL: no
	 * hello is sent or received as UDP.
	 */
	void (*each_node_address)(void *arg, struct lan_nodes *nodes);
	/*
	 * The UDP socket of hellos on @link cannot be opened; lan_io retries it.  A failure is
	 * reported once.  NULL: ignore.
	 */
	void (*on_udp_error)(void *arg, const struct link *link, const struct ip *ip,
	    uint16_t port, int error);
	/* After lan_io_leave(): this node holds no VIP now, and its hellos list no VIP. */
	void (*on_left)(void *arg);
	/* Report a probe result: see prober_ops.  NULL: lan_io probes no addresses. */
	void (*on_probe_result)(void *arg, const struct ip *ip, const struct mac *used_by);
	/* See proxy_hosts_ops.  NULL: not reported. */
	void (*on_proxy_host)(void *arg, const struct proxy_host *host, bool found);
	/* The action @what, such as "listen for ARP on eth0", failed; lan_io retries it later. */
	void (*on_error)(void *arg, const char *what, int error);
};

#endif
