/* SPDX-License-Identifier: Apache-2.0 */
#include "startup_wait.h"
#include "election_rules.h"
#include "hello_tx.h"

void
startup_wait_listen(struct election_link *link, int64_t now_ms)
{
	struct election_vip *vip;

	RB_FOREACH(vip, election_vips, &link->vips) {
		if (vip->held)
			election_vip_drop(vip, CHANGE_LINK, now_ms);
	}
	link->listening = true;
	link->listen_until_ms = now_ms + election_link_dead_ms(link);
	link->next_hello_ms = now_ms;
	election_vips_recheck(link, now_ms);
}

void
startup_wait_tick(struct election_link *link, int64_t now_ms)
{
	if (!election_link_ready(link))
		return;
	if (!link->started && now_ms >= link->cold_until_ms) {
		link->started = true;
		link->claims_from_ms = now_ms;
		election_vips_recheck(link, now_ms);
	}
	if (link->listening && now_ms >= link->listen_until_ms) {
		link->listening = false;
		link->claims_from_ms = now_ms;
		election_vips_recheck(link, now_ms);
	}
}

int64_t
startup_wait_next_ms(const struct election_link *link)
{
	int64_t next_ms = INT64_MAX;

	if (!election_link_ready(link))
		return next_ms;
	if (link->listening)
		next_ms = link->listen_until_ms;
	if (!link->started && link->cold_until_ms < next_ms)
		next_ms = link->cold_until_ms;
	return next_ms;
}
