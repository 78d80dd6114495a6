/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LEASE_H
#define ARPLET_LEASE_H

#include "arplet/object.h"

/*
 * Leader election: of all daemons, only the holder of a Lease (coordination.k8s.io/v1) allocates
 * addresses.  Pure: the Lease as seen and the time come in, the next write comes out.
 *
 * The clocks of hosts are not synchronised, so a daemon never compares a time in the Lease with its
 * own clock.  A candidate waits until it has not seen the Lease change for leaseDurationSeconds.
 * The holder leads for only 7/10 of the duration after it sent its last accepted renewal.  So the
 * holder stops before a candidate can acquire the Lease, and the last writes of the holder have
 * 3/10 of the duration to reach the API server.  All times are milliseconds of CLOCK_BOOTTIME,
 * which includes suspend.
 *
 * The API server accepts a write only if it has the latest resourceVersion.  An accepted write
 * therefore proves that this daemon holds the Lease.  A watch event with another holder proves
 * nothing, because it may be late.
 *
 * A deleted Lease has no resourceVersion to compare.  The daemon that creates the Lease again holds
 * it, but leads only one duration later, because until then the old holder may still lead.  One
 * exception: if the old holder creates the Lease again, it leads at once.  A daemon that finds no
 * Lease at its start assumes that no daemon has led within the last duration.
 */
enum lease_phase {
	LEASE_UNKNOWN, /* the Lease was not read yet */
	LEASE_ABSENT,  /* the Lease does not exist */
	LEASE_OTHERS,  /* another daemon holds the Lease, or none does */
	LEASE_OURS,    /* this daemon holds the Lease */
};

struct elector {
	char me[320];        /* our holderIdentity */
	int64_t duration_ms; /* our leaseDurationSeconds */
	int64_t stagger_ms;  /* how long this daemon waits before it acquires a free Lease */

	enum lease_phase phase;
	char version[64];       /* metadata.resourceVersion as last seen */
	char uid[64];           /* metadata.uid as last seen; "": no Lease was ever seen */
	int32_t transitions;    /* spec.leaseTransitions as last seen */
	bool released;          /* holderIdentity is empty, or our own from an unanswered write */
	int64_t holder_ms;      /* spec.leaseDurationSeconds of the holder, in ms */
	int64_t changed_ms;     /* when this daemon saw the Lease change */
	int64_t trusted_ms;     /* when the last accepted write was sent */
	int64_t leads_from_ms;  /* earliest time at which this daemon leads */
	bool contested;         /* LEASE_OURS, but a watch reported another holder: write next */
	bool in_flight;         /* a write was sent; lease_replied() is due */
	bool resigned;          /* lease_resign() was called */
	bool must_read;         /* a write has ended: the next lease_seen() replaces our state */
	int64_t sent_ms;        /* when the last write was sent */
	int64_t retry_after_ms; /* no write before this, because the last one failed */
};

/*
 * lease_init - @me is our holderIdentity: it must differ in each process, also on the same node.
 * @seed is a random number, so that candidates write at different times.
 */
void lease_init(struct elector *el, const char *me, int64_t duration_ms, uint32_t seed);

/* lease_seen - a watch, list or get has returned @lease; NULL: the Lease does not exist. */
void lease_seen(struct elector *el, const struct object *lease, int64_t now_ms);

/* A write of the Lease; the field names are those of its spec. */
struct lease_write {
	const char *version; /* the resourceVersion to replace; "": create the Lease */
	const char *holder;  /* holderIdentity; "": release the Lease */
	int32_t duration_s, transitions;
	bool acquire; /* set acquireTime; otherwise keep it */
};

/*
 * lease_due - true if a write is due, which the caller then sends at once.  After a write, the
 * caller must call lease_replied(), even if no answer arrives.  The strings in @ret_write are valid
 * until the next call that changes @el.
 */
bool lease_due(struct elector *el, int64_t now_ms, struct lease_write *ret_write);

/*
 * lease_replied - the API server has accepted the write and answered @lease.  @lease is NULL if the
 * API server refused the write or did not answer.  Then the caller must get the Lease and call
 * lease_seen(), because a watch may have no newer event to report.
 */
void lease_replied(struct elector *el, const struct object *lease, int64_t now_ms);

/* lease_leads - true if this daemon leads at @now_ms: it may allocate addresses. */
bool lease_leads(const struct elector *el, int64_t now_ms);

/* lease_next_ms - when lease_due() or lease_leads() next changes by time; INT64_MAX: never. */
int64_t lease_next_ms(const struct elector *el, int64_t now_ms);

/* lease_resign - release the Lease with the next write, and never acquire it again. */
void lease_resign(struct elector *el);

#endif
