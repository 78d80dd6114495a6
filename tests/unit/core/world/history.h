/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_H
#define HISTORY_H

#include "core/scenario/digest.h"
#include "core/scenario/fake_api.h"

/*
 * A random history of two daemons.  Watches are late, and API writes take time.  Each daemon has
 * two worlds with the same input.  The first world decides incrementally, as in production.  The
 * second world decides everything again in each decide turn.  Both worlds must make the same
 * decisions.
 */
#define DAEMONS 2
#define QUEUE_MAX 1024
#define PROBES_MAX 256
#define HOSTS      7 /* number of addresses that hosts outside the cluster may use */
/* Services for which the pools a and b reserve an address. */
#define RESERVED_A "e/s2"
#define RESERVED_B "d/s1"

/* A write that has not reached the API yet. */
struct request {
	struct arena mem;
	struct action act;
	int seen_version; /* daemon.seen_version when the daemon decided this write */
};

struct probe_result {
	struct ip ip;
	bool used;
};

struct daemon {
	struct world *world, *full_world;
	const char *node;
	bool allocator, listed[KINDS];
	bool knows_config;      /* the daemon has not restarted since the stable period began */
	int seen_version;       /* resourceVersion of the last Service that the daemon received */
	const char *last_wrote; /* status_writes() for the last decision; @mem owns this text */
	struct arena mem;
	char *events[KINDS][QUEUE_MAX]; /* events of each watch that the daemon has not received */
	size_t n_events[KINDS];
	struct request requests[QUEUE_MAX];
	size_t n_requests;
	struct ip probes[PROBES_MAX]; /* the probe plan */
	struct probe_result results[PROBES_MAX];
	/* addresses that Services had during this run of the daemon: they need no probe */
	struct ip allocated[PROBES_MAX];
	size_t n_probes, n_results, n_allocated;
	struct earlier_ips {
		struct ip ips[32];
		size_t n;
	} earlier[10]; /* [number of a Service]: its addresses during this run of the daemon */
};

struct history {
	uint32_t seed, random;
	int step;
	bool trace;
	bool stable;  /* see history_set_stable() */
	bool edits;   /* edits by users also change how Services share addresses */
	bool probing; /* the daemons probe an address before they allocate it */
	bool off_lan; /* the daemons have no link for probes, so only holders find conflicts */
	unsigned int hosts; /* bit set: indexes of the hosts that now use their address */
	int64_t now_ms;
	struct world *restarted; /* the world that check_restart_decides_same() uses; NULL: none */
	struct fake_api api;
	struct daemon daemons[DAEMONS];
	uint64_t digest; /* hash of all decisions: core/scenario/digest.h */
};
extern struct history hist;

/*
 * history_probes.c.  daemon_probe - probes the addresses of the probe plan.  Some probes get their
 * results at once.  Returns the number of addresses whose result is missing or has changed.
 */
size_t daemon_probe(struct daemon *d);
/* daemon_check_probed - fails if @plan allocates an address without a probe that found it free. */
void daemon_check_probed(struct daemon *d, const struct plan *plan);
/* history_change_hosts - a random host outside the cluster starts to use its address, or stops. */
void history_change_hosts(void);

/* history_edits.c: random edits of a Service, of a pool, and of objects that decide candidates. */
void history_edit_service(void);
void history_edit_pool(void);
void history_edit_candidates(void);
/* history_change_conflict - a holder reports a conflict, or that a conflict has ended. */
void history_change_conflict(void);

/* history_random - returns a random number below @n. */
uint32_t history_random(uint32_t n);

/* history_require - unless @wrong is NULL, prints @wrong, @what and the seed, and exits. */
void history_require(const char *wrong, const char *what);

/* history_on_change - callback for fake_api_init(): queues @event for the watch of each daemon. */
void history_on_change(void *arg, const char *event);

/*
 * history_stable.c.  history_set_stable - starts or ends a stable period.  In a stable period,
 * pools and namespaces do not change, and all daemons know them.  So every write must obey the
 * rules of pools.
 */
void history_set_stable(bool stable);
/* history_track_releases - notes the addresses that the last API write released. */
void history_track_releases(void);
/* daemon_note_addresses - adds the addresses of Services in the daemon's world to d->earlier. */
void daemon_note_addresses(struct daemon *d);
/*
 * daemon_check_allocation - checks @act with the objects that the daemon has received.  Fails if a
 * Service of another class gets an address, or if a node's address is allocated without a request.
 */
void daemon_check_allocation(struct daemon *d, const struct action *act);
/* history_check_write - in a stable period, fails if a write violates a rule of a pool. */
void history_check_write(const struct daemon *d, const struct request *req);

/* event_order.c: fails if the order of events matters when no Services compete for an address. */
void check_event_order(void);

/* new_world - returns the world of a daemon that starts on @node. */
struct world *new_world(const char *node);

/* status_writes - returns the writes of Services' statuses in @plan, as sorted text in @mem. */
const char *status_writes(const struct plan *plan, struct arena *mem);

/* daemon_start - starts or restarts a daemon.  If @listed, the daemon lists all objects at once. */
void daemon_start(struct daemon *d, bool listed);
void daemon_stop(struct daemon *d);
/* daemon_receive - passes the next @n events of the watch of @kind to the daemon. */
void daemon_receive(struct daemon *d, int kind, size_t n);
/* daemon_list - drops the queued events of the watch of @kind, and lists all objects of @kind. */
void daemon_list(struct daemon *d, int kind);
/* daemon_request_arrives - the oldest API write is lost, or reaches the API once or twice. */
void daemon_request_arrives(struct daemon *d, bool lost);
/* daemon_set_allocator - the daemon gets or loses the Lease. */
void daemon_set_allocator(struct daemon *d, bool allocator);
/* daemon_decide - runs a decide turn in both worlds.  Returns 0 if nothing is left to do. */
size_t daemon_decide(struct daemon *d);

#endif
