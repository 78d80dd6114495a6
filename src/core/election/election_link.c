/* SPDX-License-Identifier: Apache-2.0 */
#include "election_link.h"

int
election_link_cmp(const struct election_link *a, const struct election_link *b)
{
	return a->ifindex < b->ifindex ? -1 : a->ifindex > b->ifindex;
}

RB_GENERATE(election_links, election_link, by_ifindex, election_link_cmp)

struct election_link *
election_link_find(const struct election *election, int ifindex)
{
	struct election_link key = { .ifindex = ifindex };

	return RB_FIND(election_links, (struct election_links *)&election->links, &key);
}

void
election_link_renew_nonce(struct election_link *link)
{
	struct election *election = link->election;

	link->nonce = hello_link_nonce(election->opts.nonce, ++election->n_link_nonces);
	link->proof_seq[0] = link->proof_seq[1] = link->seq;
}

bool
election_link_ready(const struct election_link *link)
{
	return link->open && link->up && link->election->keys.has_current;
}

static int64_t
scaled_ms(const struct election_link *link, int64_t ms)
{
	int64_t n = (int64_t)link->n_alive + 1;

	ms = n > MANY_NODES ? ms * n / MANY_NODES : ms;
	return ms < UINT16_MAX ? ms : UINT16_MAX; /* a hello's field for this time has 16 bits */
}

int64_t
election_link_interval_ms(const struct election_link *link)
{
	return scaled_ms(link, link->election->opts.interval_ms);
}

int64_t
election_link_dead_ms(const struct election_link *link)
{
	return scaled_ms(link, link->election->opts.dead_ms);
}

void
election_link_hello_by(struct election_link *link, int64_t at_ms)
{
	if (at_ms < link->next_hello_ms)
		link->next_hello_ms = at_ms;
}

/*
 * Schedules all pages of the list of held VIPs.  If some pages have been sent already, the
 * remaining pages are sent first, and then all pages again.  If sending began again with page one
 * whenever a peer appears, the last pages might never be sent.
 */
void
election_link_hello_all_by(struct election_link *link, int64_t at_ms)
{
	link->full_rounds = ip_cmp(&link->next_page, &IP_FIRST) == 0 ? 1 : 2;
	election_link_hello_by(link, at_ms);
}
