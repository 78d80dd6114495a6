/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics_collect.h"

#include "api_write.h"

#include <stdio.h>
#include <stdlib.h>

struct collection {
	const struct metrics_sources *from;
	struct metrics *m;
	unsigned int n_allocated;
};

const char *
metrics_link_name(const struct lan_io *lan_io, int ifindex)
{
	size_t n;
	const struct link *links = lan_io_links(lan_io, &n);

	for (size_t i = 0; i < n; i++) {
		if (links[i].ifindex == ifindex)
			return links[i].name;
	}
	return "?";
}

static void
add_pool(void *arg, const struct pool_view *view)
{
	struct collection *to = arg;
	const struct pool_counts *c = &view->counts;
	const char *name = view->obj->meta.name;
	double all4 = (double)c->assigned4 + (double)c->available4;
	double all6 = (double)c->assigned6 + (double)c->available6;

	if (!view->in_force)
		return;
	metric(to->m, METRIC_POOL_ADDRESSES, all4 + all6, name);
	metric(to->m, METRIC_POOL_ADDRESSES4, all4, name);
	metric(to->m, METRIC_POOL_ADDRESSES6, all6, name);
	metric(to->m, METRIC_POOL_IN_USE, (double)c->assigned4 + (double)c->assigned6, name);
	metric(to->m, METRIC_POOL_IN_USE4, (double)c->assigned4, name);
	metric(to->m, METRIC_POOL_USED_BY_OTHERS, (double)view->used_by_others, name);
	metric(to->m, METRIC_POOL_IN_USE6, (double)c->assigned6, name);
}

static void
add_service(void *arg, const struct service_view *view)
{
	struct collection *to = arg;
	char name[520], ip[IP_TEXT_MAX];

	to->n_allocated += view->n_ips > 0;
	if (!view->announced_here)
		return;
	snprintf(name, sizeof(name), "%s/%s", view->obj->meta.ns, view->obj->meta.name);
	for (size_t i = 0; i < view->n_ips; i++)
		metric(to->m, METRIC_ANNOUNCED, 1, name, "layer2", to->from->node_name,
		    ip_format(&view->ips[i], ip));
}

/* The status of all announced addresses: one element for each address and each of its links. */
struct announced {
	struct ann_status *v;
	size_t n, room;
};

static void
append_status(void *arg, const struct ann_status *ann_status)
{
	struct announced *all = arg;

	if (all->n == all->room) {
		all->room = all->room ? all->room * 2 : 16;
		all->v = xrealloc(all->v, all->room, sizeof(*all->v));
	}
	all->v[all->n++] = *ann_status;
}

static int
ann_status_cmp(const void *a, const void *b)
{
	return ip_cmp(&((const struct ann_status *)a)->ip, &((const struct ann_status *)b)->ip);
}

/* Add the metrics about other hosts that claimed the address; add nothing if no host claimed it. */
static void
add_conflicts(struct collection *to, const struct ann_status *ann_status)
{
	static const char *const states[CONFLICTS] = { NULL, "defended", "yielded", "kernel" };
	const char *link = metrics_link_name(to->from->lan_io, ann_status->ifindex);
	char ip[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	ip_format(&ann_status->ip, ip);
	for (size_t i = 0; i < ann_status->n_hosts; i++)
		metric(to->m, METRIC_L2_CONFLICTS, (double)ann_status->hosts[i].frames, ip, link,
		    mac_format(&ann_status->hosts[i].mac, mac));
	if (ann_status->conflict != CONFLICT_NONE)
		metric(to->m, METRIC_L2_IN_CONFLICT, 1, ip, link, states[ann_status->conflict]);
}

/*
 * MetalLB's metrics have no label for the interface, so this function shows for each address the
 * sum of its counters on all links.
 */
static void
add_layer2(struct collection *to)
{
	struct announced all = { 0 };
	char ip[IP_TEXT_MAX];

	announcer_each(lan_io_announcer(to->from->lan_io), append_status, &all);
	for (size_t i = 0; i < all.n; i++)
		add_conflicts(to, &all.v[i]);
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), ann_status_cmp);
	for (size_t i = 0, next; i < all.n; i = next) {
		struct ann_status sum = all.v[i];

		for (next = i + 1; next < all.n && ip_equal(&all.v[next].ip, &sum.ip); next++) {
			sum.requests += all.v[next].requests;
			sum.answers += all.v[next].answers;
			sum.gratuitous += all.v[next].gratuitous;
		}
		ip_format(&sum.ip, ip);
		metric(to->m, METRIC_L2_REQUESTS, (double)sum.requests, ip);
		metric(to->m, METRIC_L2_RESPONSES, (double)sum.answers, ip);
		metric(to->m, METRIC_L2_GRATUITOUS, (double)sum.gratuitous, ip);
	}
	free(all.v);
}

static void
add_proxy_host(void *arg, const struct proxy_host *host)
{
	struct collection *to = arg;
	char mac[MAC_TEXT_MAX];

	metric(to->m, METRIC_PROXY_HOST, 1, mac_format(&host->mac, mac),
	    metrics_link_name(to->from->lan_io, host->ifindex),
	    host->family == IPV4 ? "ipv4" : "ipv6");
}

static void
add_api(struct collection *to)
{
	static const char *const classes[] = { NULL, "1xx", "2xx", "3xx", "4xx", "5xx" };
	const struct client_stats *client = to->from->client;
	uint64_t api_errors = 0;

	for (int verb = 0; verb < VERBS; verb++) {
		api_errors += client->requests[verb][0];
		for (size_t class = 1; class < 6; class++) {
			if (client->requests[verb][class])
				metric(to->m, METRIC_API_REQUESTS,
				    (double)client->requests[verb][class], verb_names[verb],
				    classes[class]);
		}
	}
	metric(to->m, METRIC_API_ERRORS, (double)api_errors);
}

static void
add_writes(struct collection *to)
{
	const struct write_queue_stats *ex = to->from->write_queue;

	for (int kind = 0; kind < ACTIONS; kind++) {
		if (api_write_names[kind])
			metric(to->m, METRIC_WRITES, (double)ex->writes[kind],
			    api_write_names[kind]);
	}
	metric(to->m, METRIC_WRITE_CONFLICTS, (double)ex->write_conflicts);
	metric(to->m, METRIC_WRITE_ERRORS, (double)ex->write_errors);
	metric(to->m, METRIC_EVENTS_DROPPED, (double)ex->events_dropped);
	metric(to->m, METRIC_WRITES_PENDING,
	    ex->queued + ex->backing_off + ex->paced + ex->in_flight);
	metric(to->m, METRIC_WRITES_DELAYED, (double)ex->writes_delayed);
}

static void
add_watches(struct collection *to)
{
	uint64_t update_errors = 0;

	for (enum kind kind = 0; kind < KINDS; kind++) {
		const struct reflector *r = informers_reflector(to->from->informers, kind);
		const struct reflector_stats *stats;

		if (!r)
			continue;
		stats = reflector_stats(r);
		update_errors += stats->bad;
		metric(to->m, METRIC_WATCH_RESTARTS,
		    stats->watches ? (double)(stats->watches - 1) : 0, kind_info[kind].resource);
		metric(to->m, METRIC_IN_SYNC, reflector_state(r) == REFLECTOR_SYNCED,
		    kind_info[kind].resource);
	}
	metric(to->m, METRIC_UPDATE_ERRORS, (double)update_errors);
}

void
metrics_collect(const struct metrics_sources *from, struct metrics *m)
{
	struct collection to = { .from = from, .m = m };

	world_each_pool(from->world, add_pool, &to);
	world_each_service(from->world, add_service, &to);
	metric(m, METRIC_SERVICES_ALLOCATED, to.n_allocated);
	metric(m, METRIC_UPDATES, (double)from->n_updates);
	metric(m, METRIC_CONFIG_LOADED, !world_synced(from->world));
	metric(m, METRIC_CONFIG_STALE, world_config_stale(from->world));
	metric(m, METRIC_IS_ALLOCATOR, from->is_allocator);
	add_layer2(&to);
	proxy_hosts_each(lan_io_proxy_hosts(from->lan_io), add_proxy_host, &to);
	add_api(&to);
	add_writes(&to);
	add_watches(&to);
}
