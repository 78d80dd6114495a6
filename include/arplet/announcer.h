/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ANNOUNCER_H
#define ARPLET_ANNOUNCER_H

#include "arplet/announcer_ops.h"
#include "arplet/arp.h"
#include "arplet/link.h"
#include "arplet/ndp.h"

/*
 * The announcer answers requests for the addresses that this node holds, and announces and defends
 * these addresses.  The announcer has a state machine (ann_fsm.c) for each address on each link.
 *
 * The announcer does no I/O.  The caller passes received frames and the time to the announcer, and
 * calls announcer_tick() at the time that announcer_next_ms() returns.  The announcer sends frames
 * through announcer_ops.  All times are milliseconds of a monotonic clock.
 */
struct announcer;

/*
 * announcer_new - create an announcer.  @ops and @arg must outlive the announcer, which copies
 * @opts.
 */
struct announcer *announcer_new(const struct announcer_ops *ops, void *arg,
    const struct announcer_opts *opts);
void announcer_free(struct announcer *a); /* NULL is fine */

/*
 * announcer_set_link - add or update a link.  If the link comes up, or its MAC changes, the
 * announcer claims the addresses of the link again.
 */
void announcer_set_link(struct announcer *a, const struct link *link, int64_t now_ms);

/*
 * announcer_set_no_socket - note that this node has no socket for frames of @family on the link, or
 * (@no_socket false) has one.  Until the link has a socket, the announcer treats the link as down
 * for addresses of @family.
 */
void announcer_set_no_socket(struct announcer *a, int ifindex, uint8_t family, bool no_socket,
    int64_t now_ms);

/*
 * announcer_del_link - remove a link.  If the link returns, the announcer claims the addresses of
 * the link again.
 */
void announcer_del_link(struct announcer *a, int ifindex, int64_t now_ms);

/*
 * announcer_add - start to announce @ip on a link: announcer_tick() is due at once, to send the
 * first frame.  No effect if the announcer already announces @ip on the link.
 */
void announcer_add(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms);

/* announcer_remove - stop to announce @ip on a link; no effect if @ip is unknown. */
void announcer_remove(struct announcer *a, const struct ip *ip, int ifindex);

/*
 * announcer_on_arp, announcer_on_ndp - process a frame that was received on a link.  The announcer
 * answers requests.  If a frame of another host claims an address that this node holds, the
 * announcer defends or yields the address.
 */
void announcer_on_arp(struct announcer *a, int ifindex, const struct arp *arp, int64_t now_ms);
void announcer_on_ndp(struct announcer *a, int ifindex, const struct ndp *ndp, int64_t now_ms);

/*
 * announcer_set_peer - note whether @mac belongs to a peer (another node that runs arplet).
 *
 * The claims of a peer are no conflict, because the election decides which node holds an address.
 * One exception: if a peer keeps answering probes for an address that this node holds, the
 * announcer reports a conflict, because the peer's kernel has the address configured.
 *
 * An isolated peer receives no hellos and keeps announcing its addresses, so clients wrongly send
 * packets to this peer.  Therefore, 300 ms after a peer has announced an address that this node
 * holds, this node announces the address again.
 */
void announcer_set_peer(struct announcer *a, const struct mac *mac, bool is_peer);

/*
 * announcer_reannounce - announce @ip again in 300 ms, if this node still holds @ip then.  This is
 * needed when a partition of the LAN ends: clients on the other side possibly still send packets to
 * the former holder.
 */
void announcer_reannounce(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms);

/*
 * announcer_end_conflicts - end all conflicts with the host @mac (NULL: with any host outside the
 * cluster) about addresses of @family on a link, because the host is a proxy host (proxy_hosts.h).
 * This node claims again the addresses that it has yielded to the host.
 */
void announcer_end_conflicts(struct announcer *a, int ifindex, uint8_t family,
    const struct mac *mac, int64_t now_ms);

/* announcer_is_cluster_mac - true if @mac belongs to a link of this node, or to a peer. */
bool announcer_is_cluster_mac(const struct announcer *a, const struct mac *mac);

/* announcer_next_ms - when announcer_tick() is due; INT64_MAX: only after another call. */
int64_t announcer_next_ms(const struct announcer *a);
void announcer_tick(struct announcer *a, int64_t now_ms);

/* announcer_each - call @fn for every address of the announcer, sorted by link, then by address. */
void announcer_each(const struct announcer *a,
    void (*fn)(void *arg, const struct ann_status *status), void *arg);

/* announcer_serves - true if the announcer has at least one address of @family on the link. */
bool announcer_serves(const struct announcer *a, int ifindex, uint8_t family);

/*
 * announcer_addresses - write the announcer's addresses of one family on a link to @ret_ips, in
 * ascending order, but at most @max.  Returns the number of the announcer's addresses of this
 * family on the link, which can be more than @max.
 */
size_t announcer_addresses(const struct announcer *a, int ifindex, uint8_t family,
    struct ip *ret_ips, size_t max);

#endif
