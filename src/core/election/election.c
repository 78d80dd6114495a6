/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/election.h"
#include "arplet/arena.h"
#include "election_rules.h"
#include "hello_rx.h"
#include "hello_tx.h"
#include "hello_udp.h"
#include "last_resort.h"
#include "peer.h"
#include "peer_timers.h"
#include "startup_wait.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const holder_change_label[HOLDER_CHANGES] = {
	[CHANGE_FREE] = "free",
	[CHANGE_DEATH] = "death",
	[CHANGE_LEFT] = "left",
	[CHANGE_CONTEST] = "contest",
	[CHANGE_LINK] = "link",
	[CHANGE_OVER] = "over",
};

const char *const hello_carrier_label[HELLO_CARRIERS] = {
	[HELLO_MULTICAST] = "multicast",
	[HELLO_UDP] = "udp",
};

static struct election_link *
link_get(struct election *election, int ifindex)
{
	struct election_link *link = election_link_find(election, ifindex);

	if (link)
		return link;
	link = xcalloc(1, sizeof(*link));
	link->election = election;
	link->ifindex = ifindex;
	link->last_sent_ms = link->proof_ms = link->unproven_ms = NEVER_MS;
	link->udp_read_ms = link->unheard_read_ms = link->ask_from_ms = NEVER_MS;
	link->next_page = IP_FIRST;
	TAILQ_INIT(&link->vacant_vips);
	TAILQ_INIT(&link->unsent_vips);
	RB_INSERT(election_links, &election->links, link);
	return link;
}

static void
link_free(struct election_link *link)
{
	struct election_vip *vip, *next;
	struct peer *peer;

	while ((peer = RB_ROOT(&link->peers)))
		peer_free(peer);
	RB_FOREACH_SAFE(vip, election_vips, &link->vips, next) {
		vip->wanted = vip->held = false;
		election_vip_set_unsent(vip, false);
		election_vip_free_if_unused(vip);
	}
	RB_REMOVE(election_links, &link->election->links, link);
	free(link);
}

static void
link_free_if_unused(struct election_link *link)
{
	if (!link->open && RB_EMPTY(&link->vips))
		link_free(link);
}

struct election *
election_new(const struct election_ops *ops, void *arg, const struct election_opts *opts)
{
	struct election *election = xcalloc(1, sizeof(*election));

	assert(opts->interval_ms > 0 && opts->dead_ms > 2 * opts->interval_ms);
	assert(strlen(opts->node) < HELLO_NODE_MAX);
	election->ops = ops;
	election->arg = arg;
	election->opts = *opts;
	election->node = xstrdup(opts->node);
	election->last_run_ms = NEVER_MS;
	return election;
}

void
election_free(struct election *election)
{
	struct election_link *link;

	if (!election)
		return;
	while ((link = RB_ROOT(&election->links)))
		link_free(link);
	hello_keys_done(&election->keys);
	free(election->node);
	free(election);
}

void
election_set_key(struct election *election, const struct hello_key *key, int64_t now_ms)
{
	struct election_link *link;

	election_check_stopped(election, now_ms);
	if (!hello_keys_set(&election->keys, key, now_ms))
		return;
	RB_FOREACH(link, election_links, &election->links) {
		link->cold_until_ms = now_ms + election->opts.cold_ms;
		startup_wait_listen(link, now_ms);
	}
}

void
election_open(struct election *election, int ifindex, const struct mac *mac, bool up,
    int64_t now_ms)
{
	struct election_link *link = link_get(election, ifindex);
	bool comes_up = up && (!link->open || !link->up || !mac_equal(mac, &link->mac));
	bool goes_down = !up && link->up;

	election_check_stopped(election, now_ms);
	link->open = true;
	link->up = up;
	link->mac = *mac;
	if (comes_up) {
		election_link_renew_nonce(link); /* perhaps the link leads to another LAN now */
		hello_udp_restart(link, now_ms);
	}
	if (comes_up && !link->started)
		link->cold_until_ms = now_ms + election->opts.cold_ms;
	if (comes_up || goes_down)
		startup_wait_listen(link, now_ms);
}

void
election_close(struct election *election, int ifindex, int64_t now_ms)
{
	struct election_link *link = election_link_find(election, ifindex);
	struct election_vip *vip, *next;
	struct peer *peer;

	if (!link || !link->open)
		return;
	link->open = link->up = link->started = false;
	startup_wait_listen(link, now_ms);
	RB_FOREACH(peer, peers, &link->peers)
		peer_end_claims(peer, CHANGE_LINK, now_ms);
	RB_FOREACH_SAFE(vip, election_vips, &link->vips, next) {
		election_vip_report(vip, -1);
		election_vip_free_if_unused(vip);
	}
	while ((peer = RB_ROOT(&link->peers)))
		peer_free(peer);
	link_free_if_unused(link);
}

void
election_want_holder(struct election *election, int ifindex, const struct ip *ip,
    const struct ip *rank_key, int64_t now_ms)
{
	struct election_vip *vip = election_vip_get(link_get(election, ifindex), ip);

	if (!vip->wanted)
		vip->reported_holder = NULL;
	vip->wanted = true;
	vip->rank_key = *rank_key;
	election_vip_recheck(vip, now_ms);
}

void
election_withdraw(struct election *election, int ifindex, const struct ip *ip, int64_t now_ms)
{
	struct election_link *link = election_link_find(election, ifindex);
	struct election_vip *vip = link ? election_vip_find(link, ip) : NULL;

	if (!vip || !vip->wanted)
		return;
	vip->wanted = false;
	if (vip->held)
		election_vip_drop(vip, CHANGE_OVER, now_ms);
	election_vip_recheck(vip, now_ms);
	election_vip_free_if_unused(vip);
	link_free_if_unused(link);
}

void
election_leave(struct election *election, int64_t now_ms)
{
	struct election_link *link;

	election->leaving = true;
	RB_FOREACH(link, election_links, &election->links) {
		election_vips_recheck(link, now_ms);
		election_link_hello_by(link, now_ms);
	}
}

bool
election_left(const struct election *election)
{
	struct election_link *link;

	RB_FOREACH(link, election_links, (struct election_links *)&election->links) {
		if (link->n_held || (election_link_ready(link) && link->goodbyes == 0))
			return false;
	}
	return election->leaving;
}

/* After a stop of this process, sockets may have unread hellos, so no peer counts as silent. */
void
election_check_stopped(struct election *election, int64_t now_ms)
{
	int64_t stop_ms = election->last_run_ms == NEVER_MS ? 0 : now_ms - election->last_run_ms;
	bool stopped = false;
	struct election_link *link;
	struct peer *peer;

	election->last_run_ms = now_ms;
	RB_FOREACH(link, election_links, &election->links) {
		if (!election_link_ready(link) || stop_ms < election_link_dead_ms(link))
			continue;
		stopped = true;
		RB_FOREACH(peer, peers, &link->peers) {
			if (peer_is_alive(peer))
				peer->last_hello_ms = now_ms;
		}
		startup_wait_listen(link, now_ms);
	}
	election->stats.stalls += stopped;
}

static void
count_refused(struct election_stats *stats, int error)
{
	if (error == -ENOKEY || error == -EPROTONOSUPPORT)
		stats->foreign++;
	else if (error == -EACCES)
		stats->forged++;
	else if (error == -EALREADY)
		stats->replayed++;
	else if (error == -EXDEV)
		stats->other_link++;
	else if (error == -EADDRNOTAVAIL)
		stats->wrong_mac++;
	else
		stats->bad++;
}

/* is_from - true if the frame's Ethernet source is @mac. */
static bool
is_from(const uint8_t *frame, const struct mac *mac)
{
	return memcmp(frame + sizeof(mac->b), mac->b, sizeof(mac->b)) == 0;
}

int
election_on_hello(struct election *election, int ifindex, enum hello_carrier carrier,
    const uint8_t *frame, size_t len, int64_t rx_ms, int64_t now_ms)
{
	struct election_link *link = election_link_find(election, ifindex);
	struct hello hello;
	int rc;

	election_check_stopped(election, now_ms);
	if (!link || !election_link_ready(link))
		return 0;
	rc = hello_keys_parse(&election->keys, carrier, frame, len, &hello);
	if (rc < 0) {
		count_refused(&election->stats, rc);
		return rc;
	}
	if (carrier == HELLO_MULTICAST && !is_from(frame, &hello.src))
		rc = -EADDRNOTAVAIL;
	else
		rc = hello_rx(link, &hello, carrier, rx_ms, now_ms);
	if (rc < 0)
		count_refused(&election->stats, rc);
	else
		election->stats.received++;
	return rc;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
link_next_ms(const struct election_link *link)
{
	struct vip_schedule *schedule = (struct vip_schedule *)&link->schedule;
	const struct election_vip *vip = RB_MIN(vip_schedule, schedule);
	int64_t next_ms = earlier(peers_next_ms(link), hello_tx_next_ms(link));

	if (vip)
		next_ms = earlier(next_ms, vip->due_ms);
	next_ms = earlier(next_ms, startup_wait_next_ms(link));
	return next_ms;
}

int64_t
election_next_ms(const struct election *election)
{
	int64_t next_ms = hello_keys_next_ms(&election->keys);
	struct election_link *link;

	RB_FOREACH(link, election_links, (struct election_links *)&election->links)
		next_ms = earlier(next_ms, link_next_ms(link));
	return next_ms;
}

void
election_tick(struct election *election, int64_t now_ms)
{
	struct election_link *link;

	election_check_stopped(election, now_ms);
	hello_keys_tick(&election->keys, now_ms);
	RB_FOREACH(link, election_links, &election->links) {
		startup_wait_tick(link, now_ms);
		last_resort_tick(link, now_ms);
		peers_tick(link, now_ms);
		election_vips_tick(link, now_ms);
		if (hello_tx_is_due(link, now_ms)) {
			peers_update_stable(link, now_ms);
			hello_udp_update_carriers(link, now_ms);
		}
		hello_tx_tick(link, now_ms);
	}
}

const struct election_stats *
election_stats(const struct election *election)
{
	return &election->stats;
}
