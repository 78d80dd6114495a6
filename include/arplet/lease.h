/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_LEASE_H
#define ARPLET_LEASE_H

#include "arplet/object.h"

/*
 * Leader election: of all daemons, only the holder of a Lease (coordination.k8s.io/v1) allocates
 * addresses.  The functions are pure: from the Lease and the time, they compute the next write.
 *
 * The clocks of hosts are not synchronised, so a daemon never compares a time in the Lease with its
 * own clock.  A candidate acquires the Lease after it has seen no change of the Lease for
 * leaseDurationSeconds.  The holder leads for only 7/10 of leaseDurationSeconds after it sent its
 * latest renewal that the API server accepted.  So the holder stops before a candidate can acquire
 * the Lease, and the last writes of the holder have 3/10 of the duration to reach the API server.
 * All times are milliseconds of CLOCK_BOOTTIME, which includes the time in suspend.
 *
 * The API server accepts a write of the Lease only if the write contains the latest
 * resourceVersion.  An accepted write therefore proves that this daemon holds the Lease.  A watch
 * event that names another holder does not prove that this daemon has lost the Lease, because the
 * event can be outdated.
 *
 * After the Lease was deleted, the API server has no resourceVersion with which it could compare a
 * write.  A daemon that creates the Lease again leads only after one lease duration, because until
 * then the old holder possibly still leads.  One exception: if the old holder creates the Lease
 * again, it leads at once.
 *
 * A daemon that finds no Lease at its start does not know whether somebody has just deleted the
 * Lease, so it leads only after one lease duration.  One exception: if it proves that no daemon has
 * ever led, it leads at once, so that a new installation does not wait.  The proof is a write that
 * the API server accepts only once, and whose effect outlives the Lease: the first daemon that leads
 * writes the key for hellos into its Secret before it leads.  A daemon that leads without this proof,
 * for example after the first daemon died, writes the key as soon as it leads.
 */
enum lease_phase {
	LEASE_UNKNOWN, /* the Lease was not read yet */
	LEASE_ABSENT,  /* the Lease does not exist */
	LEASE_OTHERS,  /* another daemon or no daemon holds the Lease */
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
	/* holderIdentity is empty, or is ours after a write without an answer */
	bool released;
	int64_t holder_ms;      /* spec.leaseDurationSeconds of the holder, in ms */
	int64_t changed_ms;     /* when this daemon last saw the Lease change */
	int64_t trusted_ms;     /* when the last accepted write was sent */
	int64_t leads_from_ms;  /* earliest time at which this daemon leads */
	/* a watch reported another holder; only an accepted write disproves this */
	bool contested;
	bool in_flight;         /* a write was sent, and lease_replied() was not called yet */
	bool resigned;          /* lease_resign() was called */
	bool found_none;        /* no Lease existed at the start, and lease_proved() was not called */
	/* set by lease_replied(): the next lease_seen() replaces our state */
	bool must_read;
	int64_t sent_ms;        /* when the last write was sent */
	int64_t retry_after_ms; /* no write is sent before this time, because a write failed */
};

/*
 * lease_init - initialise @el without a Lease.  @me: our holderIdentity, which must be unique for
 * each process, even on the same node.  @seed: a random number, so that candidates write at
 * different times.
 */
void lease_init(struct elector *el, const char *me, int64_t duration_ms, uint32_t seed);

/* lease_seen - note @lease, which a watch, list or get returned; NULL: no Lease exists. */
void lease_seen(struct elector *el, const struct object *lease, int64_t now_ms);

/* A write of the Lease.  The members are named after fields of the Lease's spec. */
struct lease_write {
	const char *version; /* the resourceVersion to replace; "": create the Lease */
	const char *holder;  /* holderIdentity; "": release the Lease */
	int32_t duration_s, transitions;
	bool acquire; /* set acquireTime; otherwise keep it */
};

/*
 * lease_due - true if a write of the Lease is due; the caller must send the write at once.  After a
 * write, the caller must call lease_replied(), even if no answer arrives.  The strings in
 * @ret_write are valid until the next call that changes @el.
 */
bool lease_due(struct elector *el, int64_t now_ms, struct lease_write *ret_write);

/*
 * lease_replied - note the answer to a write.  @lease: the Lease that the API server returned when
 * it accepted the write; NULL: it refused the write, or did not answer.  If @lease is NULL, the
 * caller must get the Lease and call lease_seen(), because the watch possibly has no newer event to
 * report.
 */
void lease_replied(struct elector *el, const struct object *lease, int64_t now_ms);

/*
 * lease_needs_proof - true if this daemon holds the Lease, which it has created after it found none
 * at its start.  The caller then tries once the write that proves that no daemon has ever
 * led, and calls lease_proved().
 */
bool lease_needs_proof(const struct elector *el);
/*
 * lease_proved - note the answer to the write of the proof.  @first: the API server has accepted
 * the write, so no daemon has led before.
 */
void lease_proved(struct elector *el, bool first);

/* lease_leads - true if this daemon leads at @now_ms: it may allocate addresses. */
bool lease_leads(const struct elector *el, int64_t now_ms);

/*
 * lease_next_ms - when the result of lease_due() or lease_leads() next changes without a call of
 * these functions; INT64_MAX: never.
 */
int64_t lease_next_ms(const struct elector *el, int64_t now_ms);

/*
 * lease_resign - release the Lease with the next write, and never acquire it again.  One exception:
 * a daemon that still waits before it leads does not release the Lease, so that the next holder
 * waits too.
 */
void lease_resign(struct elector *el);

#endif
