/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LEASE_H
#define ARPLET_LEASE_H

#include "arplet/object.h"

/*
 * Who allocates: one holder of a Lease among the daemons (coordination.k8s.io/v1).  Pure: what
 * was seen and the time come in, the next write comes out.
 *
 * Times of other hosts are never compared with our own.  A holder counts as alive for the length
 * of its Lease since this daemon last saw the Lease change; a holder trusts itself for seven
 * tenths of that length since it last sent a renewal that was accepted, so it stops before
 * anyone can have taken over, and what it sent last has three tenths to arrive.  All times are
 * milliseconds of a clock that goes on while the machine sleeps.
 *
 * The API lets a write through only if it names the latest version, so an accepted one proves
 * who holds the Lease, and what a watch tells, perhaps late, proves nothing against it.  Where
 * the Lease was deleted there is no version to go by: who makes it anew holds it, but leads only
 * after the length of a Lease, when nobody who held the old one can trust itself any more.  Its
 * holder alone goes on at once.  A daemon that finds no Lease at its start takes it that nobody
 * has held one within that time.
 */
enum lease_phase {
	LEASE_UNKNOWN, /* not seen yet */
	LEASE_ABSENT,  /* there is no such object */
	LEASE_OTHERS,  /* held by somebody else, or by nobody */
	LEASE_OURS,
};

struct elector {
	char me[320];
	int64_t duration_ms;
	int64_t stagger_ms; /* candidates try one after another, not all at once */

	enum lease_phase phase;
	char version[64]; /* of the object as last seen */
	char uid[64];     /* of the object as last seen; "": there never was one */
	int32_t transitions;
	bool released;           /* given up by its holder */
	int64_t holder_ms;   /* how long the holder's Lease is */
	int64_t changed_ms;  /* when we saw it change */
	int64_t trusted_ms;  /* when our last renewal was sent that the API accepted */
	int64_t leads_from_ms;
	bool contested; /* ours, but a watch told otherwise: the next write settles it */
	bool in_flight, resigned;
	bool must_read; /* our last write was: what the Lease is now has to be read */
	int64_t sent_ms;
	int64_t retry_after_ms; /* not before this, after a failure */
};

/*
 * lease_init - @me must be unique for each process, not only for each node; @seed, any number,
 * spreads the candidates.
 */
void lease_init(struct elector *el, const char *me, int64_t duration_ms, uint32_t seed);

/* lease_seen - the Lease as a watch, a list or a reading has it; NULL: it does not exist. */
void lease_seen(struct elector *el, const struct object *lease, int64_t now_ms);

struct lease_write {
	const char *version; /* "": create it */
	const char *holder;  /* "": give it up */
	int32_t duration_s, transitions;
	bool acquire; /* acquireTime is now; else it stays */
};

/*
 * lease_due - is a write due?  Then it counts as sent at @now_ms, and lease_replied() must
 * follow, also when no answer came.  Strings hold until the elector is next changed.
 */
bool lease_due(struct elector *el, int64_t now_ms, struct lease_write *ret_write);

/*
 * lease_replied - @lease is what the API answered; NULL: refused, or no answer.  After that the
 * caller reads the Lease and calls lease_seen(), for a watch may have told all it knows.
 */
void lease_replied(struct elector *el, const struct object *lease, int64_t now_ms);

/* lease_leads - may this daemon allocate at @now_ms? */
bool lease_leads(const struct elector *el, int64_t now_ms);

/* lease_next_ms - when lease_due() or lease_leads() can next change; INT64_MAX: not by itself. */
int64_t lease_next_ms(const struct elector *el, int64_t now_ms);

/* lease_resign - give it up at the next lease_due(), and take it no more. */
void lease_resign(struct elector *el);

#endif
