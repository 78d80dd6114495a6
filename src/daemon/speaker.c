/* SPDX-License-Identifier: Apache-2.0 */
#include "speaker.h"

#include "arplet/metrics.h"
#include "arplet/lan_io.h"
#include "arplet/world.h"
#include "util/clock.h"
#include "util/log.h"
#include "carriers.h"
#include "metrics_collect.h"
#include "node_reader.h"
#include "target_list.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>

/*
 * The shortest time between two updates of the addresses that are probed in advance.  This
 * pause delays no allocation: results of earlier probes are enough for all allocations during the
 * pause.
 */
#define PROBE_PAUSE_S 0.25

struct speaker {
	struct target_list targets; /* the addresses of the last call of lan_io_probe() */
	bool links_changed; /* a link has changed, so all addresses must be probed again */
	ev_timer probe_pause;
	struct ev_loop *loop;
	struct world *world;
	struct lan_io *lan_io;
	struct node_reader *node_reader; /* NULL: not yet */
	const struct options *opts;
	struct speaker_ops ops;
	void *arg;
	bool can_send; /* the process has CAP_NET_RAW, which packet sockets need */
	bool has_key;
	char *key_version; /* resourceVersion of the Secret that was read last; NULL: none */
	uint64_t nodes_version; /* world_node_addresses_version() that lan_io knows */
	struct histogram takeover; /* seconds without a holder, for each VIP taken over */
};

/* Seconds.  A planned takeover takes milliseconds; after a node has failed, about one dead time. */
static const double takeover_bounds[] = { 0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 2, 5, 30 };

static void
on_links(void *arg)
{
	struct speaker *speaker = arg;
	size_t n;
	const struct link *links = lan_io_links(speaker->lan_io, &n);

	/* without CAP_NET_RAW the world gets no links, so this node announces nothing */
	world_set_links(speaker->world, links, speaker->can_send ? n : 0);
	speaker->links_changed = true;
	speaker->ops.on_fact(speaker->arg);
}

void
speaker_set_node_reader(struct speaker *speaker, struct node_reader *node_reader)
{
	speaker->node_reader = node_reader;
}

/* This callback logs nothing, because decide_turn logs the Event about the conflict. */
static void
on_conflict(void *arg, const struct link *link, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	struct speaker *speaker = arg;

	world_set_conflict(speaker->world, ip, link->ifindex, conflict, other);
	speaker->ops.on_fact(speaker->arg);
}

static enum ann_policy
on_policy(void *arg, const struct ip *ip)
{
	const struct speaker *speaker = arg;

	return world_conflict_policy(speaker->world, ip, speaker->opts->conflict);
}

static void
on_probe_result(void *arg, const struct ip *ip, const struct mac *used_by)
{
	struct speaker *speaker = arg;

	world_set_probe_result(speaker->world, ip, used_by);
	speaker->ops.on_fact(speaker->arg);
}

static void
on_proxy_host(void *arg, const struct proxy_host *host, bool found)
{
	struct speaker *speaker = arg;

	world_set_proxy_host(speaker->world, host, found);
	speaker->ops.on_fact(speaker->arg);
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	const struct speaker *speaker = arg;

	return world_may_hold(speaker->world, ip, node);
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct speaker *speaker = arg;

	return world_may_keep(speaker->world, ip);
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	const struct speaker *speaker = arg;

	world_each_candidate(speaker->world, ip, visit, visit_arg);
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum holder_change change,
    int64_t gap_ms)
{
	struct speaker *speaker = arg;
	bool ours = node && strcmp(node, speaker->opts->node_name) == 0;
	char text[IP_TEXT_MAX];

	if (gap_ms >= 0)
		histogram_add(&speaker->takeover, (double)gap_ms / 1000);
	log_info(ours ? "this node announces an address"
		      : node ? "another node announces an address" : "no node announces an address",
	    "ip", ip_format(ip, text), "interface", metrics_link_name(speaker->lan_io, ifindex),
	    "holder", node ? node : "nobody", "cause", holder_change_label[change], NULL);
	world_set_holder(speaker->world, ifindex, ip, node);
	speaker->ops.on_fact(speaker->arg);
}

static void
on_carrier(void *arg, int ifindex, const char *node, enum hello_carrier carrier)
{
	struct speaker *speaker = arg;

	carriers_report(speaker->world, metrics_link_name(speaker->lan_io, ifindex), node, carrier);
	speaker->ops.on_fact(speaker->arg);
}

/* Before the API client exists, nothing is known about other nodes. */
static bool
on_api_runs(void *arg, const char *node)
{
	const struct speaker *speaker = arg;

	return speaker->node_reader && node_reader_runs(speaker->node_reader, node);
}

static bool
on_api_holds(void *arg, const struct ip *ip, const char *node)
{
	const struct speaker *speaker = arg;

	return world_l2status_says(speaker->world, ip, node);
}

static void
on_last_resort(void *arg, int ifindex, const struct ip *ip, const char *node)
{
	struct speaker *speaker = arg;

	world_report_not_heard(speaker->world, metrics_link_name(speaker->lan_io, ifindex), node,
	    ip);
	speaker->ops.on_fact(speaker->arg);
}

static void
on_each_node_address(void *arg, struct lan_nodes *nodes)
{
	const struct speaker *speaker = arg;

	carriers_add_nodes(speaker->world, nodes);
}

static void
on_udp_error(void *arg, const struct link *link, const struct ip *ip, uint16_t port, int error)
{
	(void)arg;
	carriers_report_error(link, ip, port, error);
}

static void
on_left(void *arg)
{
	struct speaker *speaker = arg;

	speaker->ops.on_left(speaker->arg);
}

static void
on_error(void *arg, const char *what, int error)
{
	(void)arg;
	log_error("cannot announce on an interface", "what", what, "error", strerror(abs(error)),
	    "hint", abs(error) == EPERM ? "add the capability CAP_NET_RAW" : NULL, NULL);
}

static void
on_probe_pause(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	speaker_probe(w->data);
}

int
speaker_new(struct ev_loop *loop, const struct options *opts, struct world *world,
    const struct speaker_ops *ops, void *arg, struct speaker **ret_speaker, struct err *err)
{
	static const struct lan_io_ops lan_io_ops = {
		.on_links = on_links,
		.on_conflict = on_conflict,
		.policy = on_policy,
		.on_probe_result = on_probe_result,
		.on_proxy_host = on_proxy_host,
		.may_hold = on_may_hold,
		.may_keep = on_may_keep,
		.each_candidate = on_each_candidate,
		.on_holder = on_holder,
		.on_carrier = on_carrier,
		.api_runs = on_api_runs,
		.api_holds = on_api_holds,
		.on_last_resort = on_last_resort,
		.each_node_address = on_each_node_address,
		.on_udp_error = on_udp_error,
		.on_left = on_left,
		.on_error = on_error,
	};
	struct lan_io_opts io_opts = { ANNOUNCER_DEFAULTS, ELECTION_DEFAULTS, opts->hello_port };
	struct speaker *speaker = xcalloc(1, sizeof(*speaker));
	int rc;

	speaker->takeover.bounds = takeover_bounds;
	speaker->takeover.n = sizeof(takeover_bounds) / sizeof(*takeover_bounds);
	speaker->loop = loop;
	ev_timer_init(&speaker->probe_pause, on_probe_pause, PROBE_PAUSE_S, 0.);
	speaker->probe_pause.data = speaker;
	speaker->world = world;
	speaker->opts = opts;
	speaker->ops = *ops;
	speaker->arg = arg;
	io_opts.announcer.refresh_ms = opts->refresh_ms;
	io_opts.announcer.policy = opts->conflict;
	io_opts.election.node = opts->node_name;
	io_opts.election.interval_ms = opts->hello_ms;
	io_opts.election.dead_ms = opts->dead_ms;
	rc = lan_io_new(loop, &lan_io_ops, speaker, &io_opts, &speaker->lan_io);
	if (rc < 0) {
		free(speaker);
		return err_set(err, rc, "cannot read the interfaces: %s", strerror(-rc));
	}
	*ret_speaker = speaker;
	return 0;
}

void
speaker_free(struct speaker *speaker)
{
	if (!speaker)
		return;
	ev_timer_stop(speaker->loop, &speaker->probe_pause);
	lan_io_free(speaker->lan_io);
	free(speaker->targets.v);
	free(speaker->key_version);
	free(speaker);
}

void
speaker_start(struct speaker *speaker, bool can_send)
{
	speaker->can_send = can_send;
	world_set_probing(speaker->world, can_send && !speaker->opts->no_check);
	on_links(speaker);
}

void
speaker_do(struct speaker *speaker, const struct action *act)
{
	switch (act->kind) {
	case ACT_VIP_ELECT:
		lan_io_want_holder(speaker->lan_io, &act->u.vip.ip, &act->u.vip.key,
		    act->u.vip.ifindex);
		break;
	case ACT_VIP_WITHDRAW:
		lan_io_withdraw(speaker->lan_io, &act->u.vip.ip, act->u.vip.ifindex);
		break;
	case ACT_HELLO_LINK:
		lan_io_send_hellos(speaker->lan_io, act->u.hello_link.ifindex,
		    act->u.hello_link.enabled);
		break;
	default:
		break;
	}
}

void
speaker_probe(struct speaker *speaker)
{
	struct target_list targets = { 0 };
	bool paused = ev_is_active(&speaker->probe_pause);

	if (!speaker->links_changed && !world_probes_changed(speaker->world))
		return;
	if (paused && !speaker->links_changed && !world_awaits_probe(speaker->world))
		return; /* on_probe_pause() calls this function again */
	if (!paused) {
		ev_timer_set(&speaker->probe_pause, PROBE_PAUSE_S, 0.);
		ev_timer_start(speaker->loop, &speaker->probe_pause);
	}
	world_each_probe(speaker->world, target_list_add, &targets);
	if (speaker->links_changed || !target_list_equal(&targets, &speaker->targets))
		lan_io_probe(speaker->lan_io, targets.v, targets.n);
	speaker->links_changed = false;
	free(speaker->targets.v);
	speaker->targets = targets;
}

/* The Secret has no key: either @invalid, or not yet, because the allocator writes a missing key. */
static void
report_no_key(const struct speaker *speaker, bool invalid)
{
	const char *hint = speaker->has_key ? "the daemon signs hellos with the last key" : NULL;

	if (invalid)
		log_error("data.key of the Secret is not a key of 16 bytes or more", "secret",
		    speaker->opts->hello_secret, "hint",
		    "remove data.key from the Secret; the allocator writes a new key", NULL);
	else
		log_info("the Secret has no data.key yet; the allocator writes a new key", "secret",
		    speaker->opts->hello_secret, "meanwhile", hint, NULL);
}

void
speaker_update_nodes(struct speaker *speaker)
{
	uint64_t version = world_node_addresses_version(speaker->world);

	if (version == speaker->nodes_version)
		return;
	speaker->nodes_version = version;
	lan_io_nodes_changed(speaker->lan_io);
}

void
speaker_update_key(struct speaker *speaker)
{
	const char *name = speaker->opts->hello_secret;
	const struct object *obj =
	    world_get(speaker->world, KIND_SECRET, speaker->opts->pool_ns, name);
	const struct secret *secret = obj ? &obj->u.secret : NULL;
	struct hello_key key;

	if (!obj || (speaker->key_version && strcmp(speaker->key_version, obj->meta.version) == 0))
		return;
	free(speaker->key_version);
	speaker->key_version = xstrdup(obj->meta.version);
	if (obj->bad || secret->n < HELLO_KEY_MIN) {
		report_no_key(speaker, obj->bad || secret->n);
		return;
	}
	log_info(speaker->has_key ? "the key of hellos has changed"
				  : "the key of hellos has been read", "secret", name, NULL);
	hello_key_init(&key, secret->key, secret->n);
	lan_io_set_key(speaker->lan_io, &key);
	hello_key_done(&key);
	speaker->has_key = true;
}

const char *
speaker_unready(const struct speaker *speaker)
{
	return speaker->has_key ? NULL : "waiting for the Secret with the key of hellos";
}

void
speaker_metrics(const struct speaker *speaker, struct metrics *m)
{
	const struct election_stats *stats = election_stats(lan_io_election(speaker->lan_io));

	for (int change = 0; change < HOLDER_CHANGES; change++)
		metric(m, METRIC_HOLDER_CHANGES, (double)stats->changes[change],
		    holder_change_label[change]);
	metrics_histogram(m, METRIC_TAKEOVER, &speaker->takeover);
	carriers_metrics(speaker->lan_io, m);
	metric(m, METRIC_PEER_DEATHS, (double)stats->peer_deaths);
	metric(m, METRIC_STALLS, (double)stats->stalls);
}

void
speaker_leave(struct speaker *speaker)
{
	lan_io_leave(speaker->lan_io);
}

const struct lan_io *
speaker_lan_io(const struct speaker *speaker)
{
	return speaker->lan_io;
}
