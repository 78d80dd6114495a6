/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_METRICS_H
#define ARPLET_METRICS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Every metric that /metrics can show: the rows of a table in src/http/metrics.c, which has the
 * names, types, texts and labels.  metallb_ names mean what they mean there.
 */
enum metric {
	METRIC_POOL_ADDRESSES,  /* pool: addresses of the pool, of both families */
	METRIC_POOL_IN_USE,     /* pool */
	METRIC_POOL_ADDRESSES4, /* pool: likewise by family */
	METRIC_POOL_IN_USE4,
	METRIC_POOL_ADDRESSES6,
	METRIC_POOL_IN_USE6,
	METRIC_POOL_USED_BY_OTHERS, /* pool: addresses that answer, and are nobody's */
	METRIC_SERVICES_ALLOCATED, /* Services that have an address */
	METRIC_ANNOUNCED,          /* service (NS/NAME), protocol (layer2), node, ip: 1 */
	METRIC_L2_REQUESTS,        /* ip: requests for the address */
	METRIC_L2_RESPONSES,       /* ip: replies to them */
	METRIC_L2_GRATUITOUS,      /* ip: gratuitous packets */
	METRIC_UPDATES,            /* changes of objects taken in */
	METRIC_UPDATE_ERRORS,      /* those that could not be used */
	METRIC_CONFIG_LOADED,      /* 1 once pools and advertisements were read */
	METRIC_CONFIG_STALE,       /* 1 while a broken one is replaced by its last good self */
	METRIC_IS_ALLOCATOR,       /* 1 on the daemon that allocates */
	METRIC_API_REQUESTS,       /* verb, code (the HTTP status) */
	METRIC_API_ERRORS,         /* requests that got no HTTP status */
	METRIC_WATCH_RESTARTS,     /* resource */
	METRIC_IN_SYNC,            /* resource: 1 while what is known of it is what there is */
	METRIC_L2_CONFLICTS,       /* ip, interface, mac: frames of that host that claim it */
	METRIC_L2_IN_CONFLICT,         /* ip, interface, state: 1 while somebody else has it */
	METRIC_HOLDER_CHANGES,     /* cause */
	METRIC_TAKEOVER,           /* histogram: seconds without a holder, of addresses taken over */
	METRIC_HELLO_AGE,          /* node, interface: seconds since its last hello */
	METRIC_HELLOS_SENT,
	METRIC_HELLOS_RECEIVED,
	METRIC_HELLOS_REFUSED,     /* reason */
	METRIC_PEER_DEATHS,      /* nodes that were not heard any more */
	METRIC_STALLS,            /* times that this daemon was stopped for longer than its dead time */
	METRIC_WRITES,             /* what */
	METRIC_WRITE_CONFLICTS,    /* writes decided from what had changed since */
	METRIC_WRITE_ERRORS,       /* writes refused or not answered */
	METRIC_EVENTS_DROPPED,     /* Events not posted: refused, or too many waited */
	METRIC_WRITES_PENDING,     /* writes that are under way or wait */
	METRIC_BUILD_INFO,         /* version; set by the page itself, as are those below */
	METRIC_RESIDENT_BYTES,
	METRIC_CPU_SECONDS,
	METRICS
};

/* A page in the making.  Values may be added in any order: the page is in the table's. */
struct metrics;

/*
 * metric - add a value of metric @id, with the values of its labels in the table's order:
 *
 *	metric(m, METRIC_POOL_IN_USE, 12, pool_name);
 *	metric(m, METRIC_IS_ALLOCATOR, 1);
 *
 * Label values may hold anything; they are escaped.
 */
#define metric(m, id, value, ...)                                                            \
	metrics_add(m, id, value, (const char *const[]){ "", ##__VA_ARGS__, NULL } + 1)

/* metrics_add - what metric() calls; @labels ends with NULL. */
void metrics_add(struct metrics *m, enum metric id, double value, const char *const *labels);

/* A histogram: how many values were at most bounds[i] and above the one before, and the rest. */
#define HISTOGRAM_MAX 16
struct histogram {
	const double *bounds; /* ascending */
	size_t n;             /* of them, below HISTOGRAM_MAX */
	uint64_t counts[HISTOGRAM_MAX]; /* n + 1 of them */
	double sum;
};
void histogram_add(struct histogram *h, double value);

/* metrics_histogram - metric @id, which has no labels. */
void metrics_histogram(struct metrics *m, enum metric id, const struct histogram *h);

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);

/* metrics_text - the page in Prometheus' text format 0.0.4; to be freed. */
char *metrics_text(const struct metrics *m, size_t *ret_len);

#endif
