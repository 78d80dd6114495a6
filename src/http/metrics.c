/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/metrics.h"

#include "arplet/arena.h"
#include "text_buf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LABELS_MAX 4

static const struct metric_row {
	const char *name;
	enum { GAUGE, COUNTER, HISTOGRAM } type;
	const char *help; /* HELP text, without backslash and line feed */
	const char *labels[LABELS_MAX + 1];
} rows[METRICS] = {
	[METRIC_POOL_ADDRESSES] = { "metallb_allocator_addresses_total", GAUGE,
	    "Number of addresses in a pool.", { "pool" } },
	[METRIC_POOL_IN_USE] = { "metallb_allocator_addresses_in_use_total", GAUGE,
	    "Number of addresses of a pool that are assigned to Services.", { "pool" } },
	[METRIC_POOL_ADDRESSES4] = { "metallb_allocator_ipv4_addresses_total", GAUGE,
	    "Number of IPv4 addresses in a pool.", { "pool" } },
	[METRIC_POOL_IN_USE4] = { "metallb_allocator_ipv4_addresses_in_use_total", GAUGE,
	    "Number of IPv4 addresses of a pool that are assigned to Services.", { "pool" } },
	[METRIC_POOL_ADDRESSES6] = { "metallb_allocator_ipv6_addresses_total", GAUGE,
	    "Number of IPv6 addresses in a pool.", { "pool" } },
	[METRIC_POOL_IN_USE6] = { "metallb_allocator_ipv6_addresses_in_use_total", GAUGE,
	    "Number of IPv6 addresses of a pool that are assigned to Services.", { "pool" } },
	[METRIC_POOL_USED_BY_OTHERS] = { "arplet_addresses_in_use_by_others", GAUGE,
	    "Number of addresses of a pool that are not allocated, because another host uses them.",
	    { "pool" } },
	[METRIC_SERVICES_ALLOCATED] = { "metallb_allocator_services_allocated_total", GAUGE,
	    "Number of Services that have an address." },
	[METRIC_ANNOUNCED] = { "metallb_speaker_announced", GAUGE,
	    "1 for each address that this node announces.",
	    { "service", "protocol", "node", "ip" } },
	[METRIC_L2_REQUESTS] = { "metallb_layer2_requests_received", COUNTER,
	    "ARP requests and neighbour solicitations received for an address of this node.",
	    { "ip" } },
	[METRIC_L2_RESPONSES] = { "metallb_layer2_responses_sent", COUNTER,
	    "ARP replies and solicited neighbour advertisements sent.", { "ip" } },
	[METRIC_L2_GRATUITOUS] = { "metallb_layer2_gratuitous_sent", COUNTER,
	    "Gratuitous ARP packets and unsolicited neighbour advertisements sent.", { "ip" } },
	[METRIC_UPDATES] = { "metallb_k8s_client_updates_total", COUNTER,
	    "Changes of Kubernetes objects that were received." },
	[METRIC_UPDATE_ERRORS] = { "metallb_k8s_client_update_errors_total", COUNTER,
	    "Changes of Kubernetes objects that could not be decoded." },
	[METRIC_CONFIG_LOADED] = { "metallb_k8s_client_config_loaded_bool", GAUGE,
	    "1 after the pools and advertisements have been read." },
	[METRIC_CONFIG_STALE] = { "metallb_k8s_client_config_stale_bool", GAUGE,
	    "1 while arplet uses the last valid version of an invalid pool or advertisement." },
	[METRIC_IS_ALLOCATOR] = { "arplet_is_allocator", GAUGE,
	    "1 on the daemon that allocates addresses." },
	[METRIC_API_REQUESTS] = { "arplet_api_requests_total", COUNTER,
	    "Requests that the API server answered.", { "verb", "code" } },
	[METRIC_API_ERRORS] = { "arplet_api_errors_total", COUNTER,
	    "Requests that the API server did not answer." },
	[METRIC_WATCH_RESTARTS] = { "arplet_watch_restarts_total", COUNTER,
	    "Watches that were started again after they had ended.", { "resource" } },
	[METRIC_IN_SYNC] = { "arplet_in_sync", GAUGE,
	    "1 while the watch of a resource is up to date.", { "resource" } },
	[METRIC_L2_CONFLICTS] = { "arplet_address_conflicts_total", COUNTER,
	    "Frames by which another host claimed an address that this node announces.",
	    { "ip", "interface", "mac" } },
	[METRIC_L2_IN_CONFLICT] = { "arplet_address_in_conflict", GAUGE,
	    "1 while an address of this node is in conflict: defended, yielded, or configured "
	    "in the kernel of a peer (kernel).",
	    { "ip", "interface", "state" } },
	[METRIC_PROXY_HOST] = { "arplet_proxy_arp_host", GAUGE,
	    "1 while a host answers for every address of a LAN; MAC 00:00:00:00:00:00: hosts with "
	    "changing MACs.", { "mac", "interface", "family" } },
	[METRIC_HOLDER_CHANGES] = { "arplet_holder_changes_total", COUNTER,
	    "Changes of the holder of an address that this node observed, by cause.",
	    { "cause" } },
	[METRIC_TAKEOVER] = { "arplet_takeover_seconds", HISTOGRAM,
	    "Time for which an address had no holder before this node took it over, in seconds." },
	[METRIC_HELLO_AGE] = { "arplet_hello_age_seconds", GAUGE,
	    "Time since the last hello from a peer on an interface, in seconds.",
	    { "node", "interface" } },
	[METRIC_HELLOS_SENT] = { "arplet_hellos_sent_total", COUNTER,
	    "Hellos that this node sent." },
	[METRIC_HELLOS_RECEIVED] = { "arplet_hellos_received_total", COUNTER,
	    "Valid hellos that this node received." },
	[METRIC_HELLOS_REFUSED] = { "arplet_hellos_refused_total", COUNTER,
	    "Hellos that this node refused, by reason: bad (malformed), foreign (another key or "
	    "version), forged (wrong signature), replayed (or not yet proved to be new), "
	    "other_link (sent on another link) or wrong_mac (Ethernet source is not the signed MAC).",
	    { "reason" } },
	[METRIC_PEER_CARRIER] = { "arplet_peer_carrier", GAUGE,
	    "1 for the carrier by which hellos between this node and a peer get through: multicast "
	    "(Ethernet frames) or udp.", { "node", "interface", "carrier" } },
	[METRIC_UDP_HELLOS_SENT] = { "arplet_udp_hellos_sent_total", COUNTER,
	    "Hellos that this node sent as UDP to the addresses of other nodes." },
	[METRIC_UDP_HELLOS_RECEIVED] = { "arplet_udp_hellos_received_total", COUNTER,
	    "Datagrams from other nodes that this node received on the UDP port of hellos." },
	[METRIC_UDP_HELLOS_REFUSED] = { "arplet_udp_hellos_refused_total", COUNTER,
	    "Datagrams on the UDP port of hellos that were refused, by reason: source (the source is "
	    "no address of another node) or kernel (from beyond the LAN, malformed, or too many).",
	    { "reason" } },
	[METRIC_PEER_DEATHS] = { "arplet_peer_deaths_total", COUNTER,
	    "Times that a peer died: no hello from it arrived on an interface for the dead time." },
	[METRIC_LOOP_TURN] = { "arplet_loop_turn_seconds", HISTOGRAM,
	    "Duration of a turn of the event loop, in seconds.  During a turn, the daemon sends no "
	    "hello." },
	[METRIC_LOOP_TURN_MAX] = { "arplet_loop_turn_max_seconds", GAUGE,
	    "Duration of the longest turn of the event loop since the start, in seconds." },
	[METRIC_STALLS] = { "arplet_stalls_total", COUNTER,
	    "Times that the kernel did not run this daemon for longer than the dead time." },
	[METRIC_WRITES] = { "arplet_writes_total", COUNTER,
	    "Writes that the API server accepted, by the kind of write.", { "what" } },
	[METRIC_WRITE_CONFLICTS] = { "arplet_api_write_conflicts_total", COUNTER,
	    "Writes that the API server rejected because the object had changed or was deleted." },
	[METRIC_WRITE_ERRORS] = { "arplet_api_write_errors_total", COUNTER,
	    "Writes that the API server refused or did not answer." },
	[METRIC_EVENTS_DROPPED] = { "arplet_events_dropped_total", COUNTER,
	    "Events that the API server refused, or that arplet dropped, because too many Events of "
	    "the same object, namespace or daemon were written, or from a full queue." },
	[METRIC_WRITES_DELAYED] = { "arplet_writes_delayed_total", COUNTER,
	    "Writes that waited because their object or namespace was written too often." },
	[METRIC_WRITES_PENDING] = { "arplet_writes_pending", GAUGE,
	    "Writes that are queued, in flight, delayed, or due for a retry." },
	[METRIC_LOG_DROPPED] = { "arplet_log_lines_dropped_total", COUNTER,
	    "Log lines that were dropped because the reader of the log did not read them." },
	[METRIC_BUILD_INFO] = { "arplet_build_info", GAUGE,
	    "1, with the version of arplet as a label.", { "version" } },
	[METRIC_RESIDENT_BYTES] = { "process_resident_memory_bytes", GAUGE,
	    "Resident memory size in bytes." },
	[METRIC_CPU_SECONDS] = { "process_cpu_seconds_total", COUNTER,
	    "User and system CPU time spent, in seconds." },
};

/*
 * The text of each metric grows in a buffer.  A node can announce 10,000 addresses, and the event
 * loop stops while the page is made, so the page uses no stdio: with stdio, it took 25 ms.
 */
struct metrics {
	struct text_buf families[METRICS]; /* len 0: no value yet */
};

struct metrics *
metrics_new(void)
{
	return xcalloc(1, sizeof(struct metrics));
}

void
metrics_free(struct metrics *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < METRICS; i++)
		free(m->families[i].text);
	free(m);
}

/* Returns the buffer of a metric; writes its HELP and TYPE lines at the first call. */
static struct text_buf *
family_open(struct metrics *m, enum metric id)
{
	static const char *const types[] = { "gauge", "counter", "histogram" };
	const struct metric_row *row = &rows[id];
	struct text_buf *out = &m->families[id];

	if (!out->len)
		text_put_all(out, "# HELP ", row->name, " ", row->help, "\n# TYPE ", row->name, " ",
		    types[row->type], "\n", NULL);
	return out;
}

static void
put_label(struct text_buf *out, const char *name, const char *value)
{
	text_put_all(out, name, "=\"", NULL);
	while (*value) {
		size_t plain = strcspn(value, "\n\"\\");

		text_put(out, value, plain);
		value += plain;
		if (*value)
			text_put_all(out, *value == '\n' ? "\\n" : *value == '"' ? "\\\"" : "\\\\",
			    NULL);
		value += *value != '\0';
	}
	text_put(out, "\"", 1);
}

void
metrics_add(struct metrics *m, enum metric id, double value, const char *const *labels)
{
	const struct metric_row *row = &rows[id];
	struct text_buf *out = family_open(m, id);
	size_t n = 0;

	text_put_all(out, row->name, NULL);
	for (; row->labels[n]; n++) {
		assert(labels[n]); /* each label needs a value */
		text_put(out, n ? "," : "{", 1);
		put_label(out, row->labels[n], labels[n]);
	}
	assert(!labels[n]);
	text_put(out, "} ", n ? 2 : 0);
	text_put(out, " ", n ? 0 : 1);
	text_put_number(out, value);
	text_put(out, "\n", 1);
}

void
histogram_add(struct histogram *h, double value)
{
	size_t i = 0;

	while (i < h->n && value > h->bounds[i])
		i++;
	h->counts[i]++;
	h->sum += value;
}

void
metrics_histogram(struct metrics *m, enum metric id, const struct histogram *h)
{
	const struct metric_row *row = &rows[id];
	struct text_buf *out = family_open(m, id);
	uint64_t sum = 0;

	assert(row->type == HISTOGRAM && !row->labels[0]);
	for (size_t i = 0; i <= h->n; i++) {
		text_put_all(out, row->name, "_bucket{le=\"", NULL);
		if (i < h->n)
			text_put_number(out, h->bounds[i]);
		else
			text_put_all(out, "+Inf", NULL);
		text_put_all(out, "\"} ", NULL);
		sum += h->counts[i];
		text_put_number(out, (double)sum);
		text_put(out, "\n", 1);
	}
	text_put_all(out, row->name, "_sum ", NULL);
	text_put_number(out, h->sum);
	text_put_all(out, "\n", row->name, "_count ", NULL);
	text_put_number(out, (double)sum);
	text_put(out, "\n", 1);
}

char *
metrics_text(const struct metrics *m, size_t *ret_len)
{
	struct text_buf all = { 0 };
	size_t len = 1;

	for (size_t i = 0; i < METRICS; i++)
		len += m->families[i].len;
	text_reserve(&all, len);
	for (size_t i = 0; i < METRICS; i++)
		text_put(&all, m->families[i].text, m->families[i].len);
	*ret_len = all.len;
	return all.text;
}
