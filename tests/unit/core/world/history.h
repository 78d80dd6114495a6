/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_H
#define HISTORY_H

#include "core/scenario/fake_api.h"
#include "core/scenario/digest.h"

/*
 * The daemons of a random history, with their watches, which are late, and their requests, which
 * take a while.  Beside each daemon's world lives a twin that is told the same and decides
 * everything anew each time: both must come to the same result.
 */
#define DAEMONS 2
#define QUEUE_MAX 1024
#define PROBES_MAX 256
#define HOSTS      7 /* addresses that hosts outside the cluster may use */
/* The Services that the pools a and b reserve an address for. */
#define RESERVED_A "e/s2"
#define RESERVED_B "d/s1"

/* What a daemon has asked of the API and is under way. */
struct request {
	struct arena mem;
	struct action act;
	int seen_version; /* the Services that it was decided from: up to this version */
};

/* What the LAN has said of an address. */
struct probe_result {
	struct ip ip;
	bool used;
};

struct daemon {
	struct world *world, *full_world;
	const char *node;
	bool allocator, listed[KINDS];
	bool knows_config; /* not restarted since the calm began */
	int seen_version;   /* version of the last Service that it has seen */
	const char *wrote; /* the statuses that its last pass wants written; in @mem */
	struct arena mem;
	char *events[KINDS][QUEUE_MAX]; /* of each watch, not yet seen */
	size_t n_events[KINDS];
	struct request requests[QUEUE_MAX];
	size_t n_requests;
	struct ip probes[PROBES_MAX]; /* to be known of the LAN */
	struct probe_result results[PROBES_MAX];
	struct ip allocated[PROBES_MAX]; /* or seen in use, since its start: what rests is given back unasked */
	size_t n_probes, n_results, n_allocated;
	struct earlier_ips {
		struct ip ips[32];
		size_t n;
	} earlier[10]; /* by a Service, as it saw or decided since its start, by the Service's digit */
};

struct history {
	uint32_t seed, random;
	int step;
	bool trace, stable, edits;
	bool probing; /* the LAN is asked before an address is given */
	bool off_lan;  /* it would be, but the daemons are not on it: holders report conflicts */
	unsigned int hosts; /* which are used, one bit for each */
	int64_t now_ms;
	struct world *restarted; /* NULL, or one that is told all changes at once */
	struct fake_api api;
	struct daemon daemons[DAEMONS];
	uint64_t digest; /* of all that the daemons decide */
};
extern struct history hist;

/* asking.c: daemon_probe - the LAN is asked, and answers some; returns how much is news. */
size_t daemon_probe(struct daemon *d);
/* daemon_check_probed - what nobody has had is given only once the LAN says that it is free. */
void daemon_check_probed(struct daemon *d, const struct plan *plan);
/* history_change_hosts - a host outside the cluster takes an address, or leaves it. */
void history_change_hosts(void);

/* history_random - a random number below @n. */
uint32_t history_random(uint32_t n);

/* history_require - ends the program, and tells how to see it again, unless @wrong is NULL. */
void history_require(const char *wrong, const char *what);

/* history_on_change - for fake_api_init: every watch gets the event, and passes it on later. */
void history_on_change(void *arg, const char *event);

/*
 * calm.c: in calm, pools and namespaces stay as they are, and a Service that has what it asks for
 * keeps it.  Everybody knows the pools then, so that their rules hold for whatever is given.
 */
void history_set_stable(bool stable);
/* history_track_releases - something in the API has changed. */
void history_track_releases(void);
/*
 * daemon_check_allocation - by what the daemon has seen: is an address of a node given by itself, or any
 * address to a Service of another class?
 */
void daemon_note_addresses(struct daemon *d);
void daemon_check_allocation(struct daemon *d, const struct action *act);
/* history_check_write - may the daemon write this? */
void history_check_write(const struct daemon *d, const struct request *req);

/* order.c: does the order of events matter where no address is contended? */
void check_event_order(void);

/* world_of - a world as a daemon on @node begins with. */
struct world *world_of(const char *node);

/* statuses - the statuses that a plan wants written, in any order; in @mem. */
const char *statuses(const struct plan *plan, struct arena *mem);

/* daemon_start - anew, with or without lists; not the allocator. */
void daemon_start(struct daemon *d, bool listed);
void daemon_stop(struct daemon *d);
/* daemon_receive - the next @n events of a watch are seen. */
void daemon_receive(struct daemon *d, int kind, size_t n);
/* daemon_list - a watch ends, and a list takes its place. */
void daemon_list(struct daemon *d, int kind);
/* daemon_request_arrives - its oldest request reaches the API, perhaps twice; or is lost. */
void daemon_request_arrives(struct daemon *d, bool deleted_service);
/* daemon_set_allocator - the Lease is its own from now on, or no more. */
void daemon_set_allocator(struct daemon *d, bool allocator);
/* daemon_decide - one pass of both worlds; returns how much there was to do. */
size_t daemon_decide(struct daemon *d);

#endif
