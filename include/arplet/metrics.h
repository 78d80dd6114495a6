/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_METRICS_H
#define ARPLET_METRICS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Every metric of /metrics.  A table in src/http/metrics.c has the name, type, help text and labels
 * of each metric.  Names that begin with metallb_ mean the same as in MetalLB.
 */
enum metric {
	METRIC_POOL_ADDRESSES,  /* pool: addresses of the pool, of both families */
	METRIC_POOL_IN_USE,     /* pool: addresses that Services have */
	METRIC_POOL_ADDRESSES4, /* pool: IPv4 addresses of the pool */
	METRIC_POOL_IN_USE4,    /* pool: IPv4 addresses that Services have */
	METRIC_POOL_ADDRESSES6, /* pool: IPv6 addresses of the pool */
	METRIC_POOL_IN_USE6,    /* pool: IPv6 addresses that Services have */
	METRIC_POOL_USED_BY_OTHERS, /* pool: free addresses that other hosts use */
	METRIC_SERVICES_ALLOCATED, /* Services that have an address */
	METRIC_ANNOUNCED,          /* service (NS/NAME), protocol (layer2), node, ip: 1 */
	METRIC_L2_REQUESTS,        /* ip: ARP requests and solicitations for the address */
	METRIC_L2_RESPONSES,       /* ip: replies to ARP requests and solicitations */
	METRIC_L2_GRATUITOUS,      /* ip: gratuitous packets */
	METRIC_UPDATES,            /* changes of objects that watches and lists brought */
	METRIC_UPDATE_ERRORS,      /* changes of objects that could not be decoded */
	METRIC_CONFIG_LOADED,      /* 1 after the first lists of pools and advertisements */
	METRIC_CONFIG_STALE,       /* 1 while an earlier specification is in force */
	METRIC_IS_ALLOCATOR,       /* 1 on the daemon that allocates */
	METRIC_API_REQUESTS,       /* verb, code: requests with this HTTP status */
	METRIC_API_ERRORS,         /* requests without a response */
	METRIC_WATCH_RESTARTS,     /* resource */
	METRIC_IN_SYNC,            /* resource: 1 while the watch is up to date */
	METRIC_L2_CONFLICTS,       /* ip, interface, mac: frames of a conflicting host */
	METRIC_L2_IN_CONFLICT,     /* ip, interface, state: 1 during a conflict */
	METRIC_HOLDER_CHANGES,     /* cause */
	METRIC_TAKEOVER,           /* histogram: seconds without a holder, per takeover */
	METRIC_HELLO_AGE,          /* node, interface: seconds since the last hello of the peer */
	METRIC_HELLOS_SENT,
	METRIC_HELLOS_RECEIVED,
	METRIC_HELLOS_REFUSED,     /* reason */
	METRIC_PEER_DEATHS,        /* peers that sent no hello for a dead time */
	METRIC_STALLS,             /* pauses of this daemon longer than its dead time */
	METRIC_WRITES,             /* what */
	METRIC_WRITE_CONFLICTS,    /* writes of objects that had changed or were gone */
	METRIC_WRITE_ERRORS,       /* writes refused, or without a response */
	METRIC_EVENTS_DROPPED,     /* Events not posted: refused, or too many queued */
	METRIC_WRITES_PENDING,     /* writes in flight, queued, or due for a retry */
	METRIC_BUILD_INFO,         /* version; http_server.c adds this metric and those below */
	METRIC_RESIDENT_BYTES,
	METRIC_CPU_SECONDS,
	METRICS
};

/*
 * The values of one page. metrics_text() sorts the values, so callers may add them in any order.
 */
struct metrics;

/*
 * metric - add a value of metric @id, with the values of its labels in the order of the table:
 *
 *	metric(m, METRIC_POOL_IN_USE, 12, pool_name);
 *	metric(m, METRIC_IS_ALLOCATOR, 1);
 *
 * Label values may contain any character; metric() escapes them.
 */
#define metric(m, id, value, ...)                                                            \
	metrics_add(m, id, value, (const char *const[]){ "", ##__VA_ARGS__, NULL } + 1)

/* metrics_add - add a value; metric() calls this.  @labels ends with NULL. */
void metrics_add(struct metrics *m, enum metric id, double value, const char *const *labels);

/*
 * counts[i] counts the values in (bounds[i - 1], bounds[i]], and counts[n] the values above all
 * bounds.
 */
#define HISTOGRAM_MAX 16
struct histogram {
	const double *bounds; /* ascending */
	size_t n;             /* number of elements of @bounds, less than HISTOGRAM_MAX */
	uint64_t counts[HISTOGRAM_MAX]; /* n + 1 are in use */
	double sum;
};
void histogram_add(struct histogram *h, double value);

/* metrics_histogram - add the histogram as metric @id, which has no labels. */
void metrics_histogram(struct metrics *m, enum metric id, const struct histogram *h);

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);

/* metrics_text - the page in Prometheus' text format 0.0.4, malloc'd. */
char *metrics_text(const struct metrics *m, size_t *ret_len);

#endif
