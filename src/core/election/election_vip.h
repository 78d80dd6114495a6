/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_ELECTION_VIP_H
#define CORE_ELECTION_ELECTION_VIP_H

#include "election_link.h"

struct peer_claim;
struct rank;

/*
 * A VIP on a link: the VIP needs a holder, or has one, or a hello must still report its release.
 */
struct election_vip {
	RB_ENTRY(election_vip) by_ip, by_due;
	TAILQ_ENTRY(election_vip) in_vacant, in_unsent;
	struct election_link *link;
	struct ip ip;
	struct ip rank_key;     /* the address from which the ranks of nodes are computed */
	bool wanted;            /* the VIP needs a holder: see election_want_holder() */
	bool held;              /* this node holds the VIP */
	bool vacant;            /* this node may claim the VIP, and no eligible peer holds it */
	bool unsent;            /* no hello has reported the last change of held or own_term */
	bool scheduled;         /* the VIP is in link->schedule, which is sorted by due_ms */
	uint32_t term;          /* highest term of all claims, ours and the peers' */
	uint32_t own_term;      /* term of our own claim; valid while held */
	int64_t due_ms;         /* when this node decides about the VIP again */
	int64_t vacant_ms;      /* when vacant last changed */
	int64_t lost_ms;        /* time of the holder's last hello or of our drop; or NEVER_MS */
	int64_t ineligible_ms;  /* since when we hold the VIP while ineligible, or INT64_MAX */
	int64_t held_since_ms;  /* when this node last claimed the VIP */
	int64_t takeover_ms;    /* when this node last claimed the VIP while a peer held it */
	int64_t backoff_ms;     /* length of the last backoff: see back_off() */
	int64_t claim_after_ms; /* end of the last backoff */
	enum holder_change change;   /* reason to report for the next change of holder */
	const char *reported_holder; /* holder in the last call of on_holder; NULL: none */
	SLIST_HEAD(, peer_claim) peer_claims;
};

int election_vip_cmp(const struct election_vip *a, const struct election_vip *b);
RB_PROTOTYPE(election_vips, election_vip, by_ip, election_vip_cmp)
int election_vip_cmp_due(const struct election_vip *a, const struct election_vip *b);
RB_PROTOTYPE(vip_schedule, election_vip, by_due, election_vip_cmp_due)

struct election_vip *election_vip_find(const struct election_link *link, const struct ip *ip);
/* election_vip_at_or_after - the VIP with the lowest address that is not below @ip, or NULL. */
struct election_vip *election_vip_at_or_after(const struct election_link *link,
    const struct ip *ip);
/* election_vip_get - find the VIP, or make it. */
struct election_vip *election_vip_get(struct election_link *link, const struct ip *ip);
/*
 * election_vip_free_if_unused - free a VIP that needs no holder and has none, once a hello has
 * reported the release.
 */
void election_vip_free_if_unused(struct election_vip *vip);

/* election_vip_is_eligible - true if @node may hold the VIP, by this node's view of the API. */
bool election_vip_is_eligible(const struct election_vip *vip, const char *node);
/* election_vip_rank - compute the rank of @node for the VIP. */
void election_vip_rank(const struct election_vip *vip, const char *node, struct rank *ret_rank);

/* election_vip_schedule - decide about the VIP at @due_ms; INT64_MAX: only after a change. */
void election_vip_schedule(struct election_vip *vip, int64_t due_ms);
/* election_vip_recheck - decide about the VIP in the next tick, because facts may have changed. */
void election_vip_recheck(struct election_vip *vip, int64_t now_ms);
void election_vips_recheck(struct election_link *link, int64_t now_ms);
void election_vips_recheck_vacant(struct election_link *link, int64_t now_ms);

void election_vip_set_vacant(struct election_vip *vip, bool vacant, int64_t now_ms);
void election_vip_set_unsent(struct election_vip *vip, bool unsent);

#endif
