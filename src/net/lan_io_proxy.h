/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_PROXY_H
#define NET_LAN_IO_PROXY_H

#include "arplet/ip.h"
#include "arplet/mac.h"

#include <stdbool.h>
#include <stdint.h>

/* Connects proxy_hosts and host_checks to the sockets, announcer, prober and owner's callback. */

struct lan_io;

/* lan_io_proxy_new - set io->proxy_hosts and io->host_checks.  lan_io_proxy_free() frees them. */
void lan_io_proxy_new(struct lan_io *io);
void lan_io_proxy_free(struct lan_io *io);

/*
 * lan_io_proxy_claim - note that the host @mac claims @ip, which this node announces, probes or
 * checks.  Returns true if the host is a proxy host.  Returns false for nodes of the cluster.
 */
bool lan_io_proxy_claim(struct lan_io *io, int ifindex, const struct ip *ip, const struct mac *mac,
    int64_t now_ms);

/*
 * lan_io_proxy_node - note that the host @mac claims @ip, which a check probes.  If @ip is an address
 * of another node and only this host claims it, its MAC belongs to the node: announcer_set_peer().
 */
void lan_io_proxy_node(struct lan_io *io, int ifindex, const struct ip *ip, const struct mac *mac,
    int64_t now_ms);

/*
 * lan_io_proxy_check - find out by probes whether the host that claims @ip on a link is a proxy
 * host, or a node.
 */
void lan_io_proxy_check(struct lan_io *io, int ifindex, const struct ip *ip, int64_t now_ms);

/* lan_io_proxy_tick - call host_checks_tick() and proxy_hosts_tick(). */
void lan_io_proxy_tick(struct lan_io *io, int64_t now_ms);

#endif
