/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_H
#define HISTORY_H

#include "core/scenario/digest.h"
#include "core/scenario/fake_api.h"

/*
 * A random history of two daemons.  Their watches are late, and their requests take time.  Each
 * daemon has two worlds with the same input.  One decides incrementally, as in production.  The
 * other decides everything again in each turn.  Both must make the same decisions.
 */
#define DAEMONS 2
#define QUEUE_MAX 1024
#define PROBES_MAX 256
#define HOSTS      7 /* number of addresses that hosts outside the cluster may use */
/* The Services that the pools a and b reserve an address for. */
#define RESERVED_A "e/s2"
#define RESERVED_B "d/s1"

/* A write that has not reached the API yet. */
struct request {
	struct arena mem;
	struct action act;
	int seen_version; /* resourceVersion of the last Service that the daemon had received */
};

struct probe_result {
	struct ip ip;
	bool used;
};

struct daemon {
	struct world *world, *full_world;
	const char *node;
	bool allocator, listed[KINDS];
	bool knows_config;      /* not restarted since the stable period began */
	int seen_version;       /* resourceVersion of the last Service received */
	const char *last_wrote; /* the writes of statuses of the last decision; in @mem */
	struct arena mem;
	char *events[KINDS][QUEUE_MAX]; /* by watch: not received yet */
	size_t n_events[KINDS];
	struct request requests[QUEUE_MAX];
	size_t n_requests;
	struct ip probes[PROBES_MAX]; /* the probe plan */
	struct probe_result results[PROBES_MAX];
	struct ip allocated[PROBES_MAX]; /* seen in a status since the start: needs no probe */
	size_t n_probes, n_results, n_allocated;
	struct earlier_ips {
		struct ip ips[32];
		size_t n;
	} earlier[10]; /* by the digit of a Service: its addresses since the start of the daemon */
};

struct history {
	uint32_t seed, random;
	int step;
	bool trace;
	bool stable;  /* see history_set_stable() */
	bool edits;   /* users also change how Services share addresses */
	bool probing; /* the daemons probe an address before they allocate it */
	bool off_lan; /* the daemons have no link to probe on, so holders report conflicts */
	unsigned int hosts; /* bit set: indexes of the hosts that use their address */
	int64_t now_ms;
	struct world *restarted; /* of a daemon that has just started; receives events at once */
	struct fake_api api;
	struct daemon daemons[DAEMONS];
	uint64_t digest; /* of all decisions */
};
extern struct history hist;

/*
 * history_probes.c.  daemon_probe - probes the addresses of the probe plan; some probes end.
 * Returns the number of changes.
 */
size_t daemon_probe(struct daemon *d);
/* daemon_check_probed - requires that each new address in @plan was probed and is free. */
void daemon_check_probed(struct daemon *d, const struct plan *plan);
/* history_change_hosts - a host outside the cluster starts or stops to use its address. */
void history_change_hosts(void);

/* history_edits.c: a user edits a Service, a pool, or an object that decides the candidates. */
void history_edit_service(void);
void history_edit_pool(void);
void history_edit_candidates(void);
/* history_change_conflict - a holder reports a conflict, or the end of one. */
void history_change_conflict(void);

/* history_random - returns a random number below @n. */
uint32_t history_random(uint32_t n);

/* history_require - if @wrong is not NULL, prints it with @what and the seed, and exits. */
void history_require(const char *wrong, const char *what);

/* history_on_change - for fake_api_init(): queues the event in the watches of all daemons. */
void history_on_change(void *arg, const char *event);

/*
 * history_stable.c.  history_set_stable - starts or ends a stable period.  In a stable period,
 * pools and namespaces do not change, and all daemons know them, so their rules hold for every
 * write.
 */
void history_set_stable(bool stable);
/* history_track_releases - notes which addresses a change of the API released. */
void history_track_releases(void);
/* daemon_note_addresses - notes the addresses that Services have, in the world of the daemon. */
void daemon_note_addresses(struct daemon *d);
/*
 * daemon_check_allocation - requires, by the objects that the daemon received, that @act gives no
 * address to a Service of another class, and no node address without a request.
 */
void daemon_check_allocation(struct daemon *d, const struct action *act);
/* history_check_write - in a stable period, requires that a write violates no rule of a pool. */
void history_check_write(const struct daemon *d, const struct request *req);

/* event_order.c: requires that the order of events does not matter if no address is contended. */
void check_event_order(void);

/* new_world - returns the world of a daemon that starts on @node. */
struct world *new_world(const char *node);

/* status_writes - returns the writes of statuses in a plan, sorted, as text in @mem. */
const char *status_writes(const struct plan *plan, struct arena *mem);

/* daemon_start - starts or restarts a daemon, with or without lists; not as the allocator. */
void daemon_start(struct daemon *d, bool listed);
void daemon_stop(struct daemon *d);
/* daemon_receive - passes the next @n events of a watch to the daemon. */
void daemon_receive(struct daemon *d, int kind, size_t n);
/* daemon_list - ends a watch, and lists the objects again. */
void daemon_list(struct daemon *d, int kind);
/* daemon_request_arrives - the oldest request is lost, or reaches the API, perhaps twice. */
void daemon_request_arrives(struct daemon *d, bool lost);
/* daemon_set_allocator - the daemon gets or loses the Lease. */
void daemon_set_allocator(struct daemon *d, bool allocator);
/* daemon_decide - both worlds decide.  Returns the number of actions and new probe results. */
size_t daemon_decide(struct daemon *d);

#endif
