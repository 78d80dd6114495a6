/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_METRICS_H
#define ARPLET_METRICS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Every metric of the page /metrics.  A table in src/http/metrics.c has the name, type, help text
 * and labels of each metric.  Metrics whose names begin with metallb_ mean the same as in MetalLB.
 */
enum metric {
	METRIC_POOL_ADDRESSES,  /* addresses of a pool, of both families; label: pool */
	METRIC_POOL_IN_USE,     /* addresses of a pool that Services have; label: pool */
	METRIC_POOL_ADDRESSES4, /* IPv4 addresses of a pool; label: pool */
	METRIC_POOL_IN_USE4,    /* IPv4 addresses of a pool that Services have; label: pool */
	METRIC_POOL_ADDRESSES6, /* IPv6 addresses of a pool; label: pool */
	METRIC_POOL_IN_USE6,    /* IPv6 addresses of a pool that Services have; label: pool */
	METRIC_POOL_USED_BY_OTHERS, /* free addresses of a pool that other hosts use; label: pool */
	METRIC_SERVICES_ALLOCATED, /* Services that have an address */
	/* 1 for an announced address; labels: service, protocol, node, ip */
	METRIC_ANNOUNCED,
	METRIC_L2_REQUESTS,        /* ARP requests and solicitations for an address; label: ip */
	METRIC_L2_RESPONSES,       /* replies to ARP requests and solicitations; label: ip */
	METRIC_L2_GRATUITOUS,      /* gratuitous packets sent; label: ip */
	METRIC_UPDATES,            /* object changes that watches and lists reported */
	METRIC_UPDATE_ERRORS,      /* object changes that could not be decoded */
	METRIC_CONFIG_LOADED,      /* 1 after the first lists of pools and advertisements */
	METRIC_CONFIG_STALE,       /* 1 while old pools or advertisements are in force */
	METRIC_IS_ALLOCATOR,       /* 1 on the daemon that allocates addresses */
	METRIC_API_REQUESTS,       /* requests to the API server; labels: verb, code (HTTP) */
	METRIC_API_ERRORS,         /* requests to the API server without a response */
	METRIC_WATCH_RESTARTS,     /* label: resource */
	METRIC_IN_SYNC,            /* 1 while the watch is up to date; label: resource */
	METRIC_L2_CONFLICTS,       /* frames of a conflicting host; labels: ip, interface, mac */
	METRIC_L2_IN_CONFLICT,     /* 1 during a conflict; labels: ip, interface, state */
	METRIC_PROXY_HOST,
	METRIC_HOLDER_CHANGES,     /* label: cause */
	METRIC_TAKEOVER,           /* histogram: seconds without a holder, for each takeover */
	METRIC_HELLO_AGE,          /* seconds since a peer's last hello; labels: node, interface */
	METRIC_HELLOS_SENT,
	METRIC_HELLOS_RECEIVED,
	METRIC_HELLOS_REFUSED,     /* label: reason */
	METRIC_PEER_CARRIER, /* 1 for the carrier that works; labels: node, interface, carrier */
	METRIC_UDP_HELLOS_SENT,
	METRIC_UDP_HELLOS_RECEIVED,
	METRIC_UDP_HELLOS_REFUSED, /* label: reason */
	METRIC_PEER_DEATHS,        /* deaths of peers: no hello arrived for a dead time */
	METRIC_LOOP_TURN,          /* how long the turns of the event loop took, in seconds */
	METRIC_LOOP_TURN_MAX,      /* the longest turn since the start, in seconds */
	METRIC_STALLS,             /* pauses of this daemon that were longer than its dead time */
	METRIC_WRITES,             /* label: what */
	METRIC_WRITE_CONFLICTS,    /* writes of objects that had changed or were gone */
	METRIC_WRITE_ERRORS,       /* writes that were refused or got no response */
	METRIC_EVENTS_DROPPED,     /* Events that were refused, too many, or dropped by a full queue */
	METRIC_WRITES_DELAYED,     /* writes of objects that are written too often */
	METRIC_WRITES_PENDING,     /* writes in flight, queued, or due for a retry */
	METRIC_LOG_DROPPED,        /* log lines that nobody read in time; added by http_server.c */
	METRIC_BUILD_INFO,         /* label: version; http_server.c adds this and the next two */
	METRIC_RESIDENT_BYTES,
	METRIC_CPU_SECONDS,
	METRICS
};

/* The metrics on one page.  Callers may add values in any order: metrics_text() sorts them. */
struct metrics;

/*
 * metric - add a value of the metric @id; the label values of the metric follow in the order of the
 * table in metrics.c:
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
 * A histogram: counts[i] is the number of values above bounds[i - 1] and not above bounds[i];
 * counts[n] is the number of values above all bounds.
 */
#define HISTOGRAM_MAX 16
struct histogram {
	const double *bounds; /* ascending */
	size_t n;             /* number of elements of @bounds, less than HISTOGRAM_MAX */
	uint64_t counts[HISTOGRAM_MAX]; /* the first n + 1 elements are in use */
	double sum;
};
void histogram_add(struct histogram *h, double value);

/* metrics_histogram - add the histogram @h as the metric @id, which has no labels. */
void metrics_histogram(struct metrics *m, enum metric id, const struct histogram *h);

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);

/*
 * metrics_text - return the page /metrics in Prometheus' text format 0.0.4; the caller frees the
 * page.
 */
char *metrics_text(const struct metrics *m, size_t *ret_len);

#endif
