/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ANNOUNCER_H
#define ARPLET_ANNOUNCER_H

#include "arplet/announcer_ops.h"
#include "arplet/arp.h"
#include "arplet/link.h"
#include "arplet/ndp.h"

/*
 * The announcer answers requests for the addresses that this node holds, announces and defends
 * them: one state machine (ann_fsm.c) for each address on each link.  The announcer does no I/O:
 * the caller passes received frames and the time to it, and runs announcer_tick() at
 * announcer_next_ms().  Frames are sent through announcer_ops.  All times are monotonic
 * milliseconds.
 */
struct announcer;

/* announcer_new - make an announcer.  @ops and @arg are kept, @opts is copied. */
struct announcer *announcer_new(const struct announcer_ops *ops, void *arg,
    const struct announcer_opts *opts);
void announcer_free(struct announcer *a); /* NULL is fine */

/*
 * announcer_set_link - add a link, or update it.  A link that comes up, or whose MAC changes,
 * restarts the claims of its addresses.
 */
void announcer_set_link(struct announcer *a, const struct link *link, int64_t now_ms);

/*
 * announcer_set_no_socket - note whether the link has no socket for frames of @family.  Without a
 * socket the addresses of the link wait, as if the link were down.
 */
void announcer_set_no_socket(struct announcer *a, int ifindex, uint8_t family, bool no_socket,
    int64_t now_ms);

/* announcer_del_link - remove a link.  Its addresses wait until the link returns. */
void announcer_del_link(struct announcer *a, int ifindex, int64_t now_ms);

/*
 * announcer_add - announce @ip on a link, from the next announcer_tick() on, which is due at once.
 * Does nothing if @ip is announced there already.
 */
void announcer_add(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms);

/* announcer_remove - send no more frames about @ip on a link; an unknown @ip is fine. */
void announcer_remove(struct announcer *a, const struct ip *ip, int ifindex);

/*
 * announcer_on_arp, announcer_on_ndp - process a frame that was received on a link.  The announcer
 * answers requests, and defends or yields an address that the frame claims.
 */
void announcer_on_arp(struct announcer *a, int ifindex, const struct arp *arp, int64_t now_ms);
void announcer_on_ndp(struct announcer *a, int ifindex, const struct ndp *ndp, int64_t now_ms);

/*
 * announcer_set_peer - note whether @mac belongs to another node that runs arplet.
 *
 * The claims of a peer are no conflict, because the election decides which node holds an address.
 * One exception: a peer that keeps answering our probes for an address that we hold has the address
 * in its kernel.  After a peer announced an address that we hold, we announce it once more 300 ms
 * later: an isolated peer keeps announcing its old addresses, and attracts clients.
 */
void announcer_set_peer(struct announcer *a, const struct mac *mac, bool is_peer);

/*
 * announcer_reannounce - announce @ip once more 300 ms later, if this node still holds it.  Called
 * when a partition ends, because clients on the other side may still use the former holder.
 */
void announcer_reannounce(struct announcer *a, const struct ip *ip, int ifindex, int64_t now_ms);

/* announcer_is_cluster_mac - true if @mac belongs to a link of this node, or to a peer. */
bool announcer_is_cluster_mac(const struct announcer *a, const struct mac *mac);

/* announcer_next_ms - when announcer_tick() is due; INT64_MAX: not before something changes. */
int64_t announcer_next_ms(const struct announcer *a);
void announcer_tick(struct announcer *a, int64_t now_ms);

/* announcer_each - call @fn for every address, by link, then by address. */
void announcer_each(const struct announcer *a,
    void (*fn)(void *arg, const struct ann_status *status), void *arg);

/* announcer_serves - true if the link has an address of this family. */
bool announcer_serves(const struct announcer *a, int ifindex, uint8_t family);

/*
 * announcer_addresses - write the addresses of one family on a link, sorted, to @ret_ips, which has
 * room for @max.  Returns how many there are, which may be more than @max.
 */
size_t announcer_addresses(const struct announcer *a, int ifindex, uint8_t family,
    struct ip *ret_ips, size_t max);

#endif
