/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_H
#define CHECK_H

/* Which addresses are known to be free on their LAN, and which somebody else uses. */

#include "world_impl.h"

struct check {
	RB_ENTRY(check) link;
	struct ip ip;
	bool used, told, told_service, wanted;
	struct mac mac;
	int64_t until_ms; /* a holder has found it, and so long that counts; 0: it is asked for here */
};
int check_cmp(const struct check *a, const struct check *b);
RB_PROTOTYPE(checks, check, link, check_cmp)
struct check *check_find(const struct world *world, const struct ip *ip); /* or NULL */
void check_forget(struct world *world, struct check *check);

/* Where the addresses of a pool are asked for. */
struct place {
	struct arena mem;
	bool here;             /* they are announced from this node, too */
	struct strings ifaces; /* on these; none: any */
	const struct link **found; /* room for all links */
};
/* place_init - of @pool; arena_done(&place->mem) ends it. */
void place_init(struct place *place, const struct world *world, const struct pool_entry *pool);
/*
 * place_links - the links of this node on which @ip lives: those that would announce it; or, where
 * it is announced from other nodes alone, those whose prefix contains it, for then that is the same
 * LAN.  False: none.
 */
bool place_links(const struct world *world, const struct place *place, const struct ip *ip,
    struct probe_wish *ret_wish);

enum check_state { CHECK_FREE, CHECK_USED, CHECK_UNKNOWN };

/*
 * check_state - of @ip, which nobody has been given; without a prober all are free, and so is what
 * lives on no link of this node, where its holder asks.
 */
enum check_state check_state(const struct world *world, const struct ip *ip);

/* check_unasked - can nobody on this node ask for @ip, and nobody else is known to use it? */
bool check_unasked(const struct world *world, const struct ip *ip);
/* check_report - its holder has found that @mac uses @ip: that counts for five minutes. */
void check_report(struct world *world, const struct ip *ip, const struct mac *mac);
/* check_update - what was reported longer ago counts no more. */
void check_update(struct world *world);
int64_t check_next_ms(const struct world *world); /* when the next does; INT64_MAX: none */

/* check_refuses - is @ip known to be used? */
bool check_refuses(const struct world *world, const struct ip *ip);

/* check_text - for people, of a used one: "is used by 02:...". */
const char *check_text(const struct world *world, const struct ip *ip, struct arena *mem);

/* check_tell - Events on pools about addresses that turned out to be used. */
void check_tell(struct world *world, struct arena *mem, struct plan *plan);

/* check_tell_passed - an Event on @svc, which got @ip: a lower one of its pool is used. */
void check_tell_passed(struct world *world, const struct svc *svc, const struct ip *ip,
    struct arena *mem, struct plan *plan);

/* check_used - how many addresses of @pool are used by others. */
size_t check_used(const struct world *world, const struct pool_entry *pool);
void check_free(struct world *world);

#endif
