/* SPDX-License-Identifier: Apache-2.0 */
#include "lan.h"

#include "arplet/metrics.h"
#include "arplet/port.h"
#include "arplet/world.h"
#include "clock.h"
#include "log.h"
#include "stats.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>

/* Between two looks for what to ask ahead of need, of which there is enough for that long. */
#define ASK_PAUSE_S 0.25

/* Addresses of which is asked whether they are free. */
struct lan_asked {
	struct probe_wish *v;
	size_t n, room;
};

struct lan {
	struct lan_asked asked;
	bool asks_anew; /* whatever was asked before */
	ev_timer ask_pause;
	struct ev_loop *loop;
	struct world *world;
	struct port *port;
	const struct options *opts;
	struct lan_ops ops;
	void *arg;
	bool mute; /* without CAP_NET_RAW: nothing can be announced */
	bool has_key;
	char *key_version; /* of the Secret as last looked at */
	struct histogram takeover;
};

/* A node that leaves politely is followed at once; one that dies, after its dead time. */
static const double takeover_bounds[] = { 0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 2, 5, 30 };

static void
on_links(void *arg)
{
	struct lan *lan = arg;
	size_t n;
	const struct link *links = port_links(lan->port, &n);

	/* who cannot open a packet socket has no link to announce on, and says so in Events */
	world_set_links(lan->world, links, lan->mute ? 0 : n);
	lan->asks_anew = true; /* on other links, perhaps */
	lan->ops.on_fact(lan->arg);
}

/* The log has it from the Event that follows. */
static void
on_trouble(void *arg, const struct link *link, const struct ip *ip, enum ann_trouble trouble,
    const struct mac *other)
{
	struct lan *lan = arg;

	world_set_trouble(lan->world, ip, link->ifindex, trouble, other);
	lan->ops.on_fact(lan->arg);
}

static enum ann_policy
on_policy(void *arg, const struct ip *ip)
{
	const struct lan *lan = arg;

	return world_conflict_policy(lan->world, ip, lan->opts->conflict);
}

static void
on_check(void *arg, const struct ip *ip, const struct mac *used_by)
{
	struct lan *lan = arg;

	world_set_check(lan->world, ip, used_by);
	lan->ops.on_fact(lan->arg);
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	const struct lan *lan = arg;

	return world_may_hold(lan->world, ip, node);
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct lan *lan = arg;

	return world_may_keep(lan->world, ip);
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	const struct lan *lan = arg;

	world_each_candidate(lan->world, ip, visit, visit_arg);
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum hold_cause cause,
    int64_t gap_ms)
{
	struct lan *lan = arg;
	bool ours = node && strcmp(node, lan->opts->node_name) == 0;
	char text[IP_TEXT_MAX];

	if (gap_ms >= 0)
		histogram_add(&lan->takeover, (double)gap_ms / 1000);
	log_info(ours ? "announcing" : node ? "announced by others" : "announced by nobody", "ip",
	    ip_format(ip, text),
	    "interface", stats_link_name(lan->port, ifindex), "holder", node ? node : "nobody",
	    "cause", hold_cause_name[cause], NULL);
	world_set_holder(lan->world, ifindex, ip, node);
	lan->ops.on_fact(lan->arg);
}

static void
on_left(void *arg)
{
	struct lan *lan = arg;

	lan->ops.on_left(lan->arg);
}

static void
on_error(void *arg, const char *what, int error)
{
	(void)arg;
	log_error("cannot announce as it should be", "what", what, "error", strerror(abs(error)),
	    "hint", abs(error) == EPERM ? "CAP_NET_RAW is needed" : NULL, NULL);
}

static void
on_ask_pause(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	lan_ask(w->data);
}

int
lan_new(struct ev_loop *loop, const struct options *opts, struct world *world,
    const struct lan_ops *ops, void *arg, struct lan **ret_lan, struct err *err)
{
	static const struct port_ops port_ops = {
		.on_links = on_links,
		.on_trouble = on_trouble,
		.policy = on_policy,
		.on_check = on_check,
		.may_hold = on_may_hold,
		.may_keep = on_may_keep,
		.each_candidate = on_each_candidate,
		.on_holder = on_holder,
		.on_left = on_left,
		.on_error = on_error,
	};
	struct port_opts port = { ANNOUNCER_DEFAULTS, ELECTION_DEFAULTS };
	struct lan *lan = xcalloc(1, sizeof(*lan));
	int rc;

	lan->takeover.bounds = takeover_bounds;
	lan->takeover.n = sizeof(takeover_bounds) / sizeof(*takeover_bounds);
	lan->loop = loop;
	ev_timer_init(&lan->ask_pause, on_ask_pause, ASK_PAUSE_S, 0.);
	lan->ask_pause.data = lan;
	lan->world = world;
	lan->opts = opts;
	lan->ops = *ops;
	lan->arg = arg;
	port.announcer.refresh_ms = opts->refresh_ms;
	port.announcer.policy = opts->conflict;
	port.election.node = opts->node_name;
	port.election.interval_ms = opts->hello_ms;
	port.election.dead_ms = opts->dead_ms;
	rc = port_new(loop, &port_ops, lan, &port, &lan->port);
	if (rc < 0) {
		free(lan);
		return err_set(err, rc, "cannot read the interfaces: %s", strerror(-rc));
	}
	*ret_lan = lan;
	return 0;
}

void
lan_free(struct lan *lan)
{
	if (!lan)
		return;
	ev_timer_stop(lan->loop, &lan->ask_pause);
	port_free(lan->port);
	free(lan->asked.v);
	free(lan->key_version);
	free(lan);
}

void
lan_begin(struct lan *lan, bool raw)
{
	lan->mute = !raw;
	world_set_checking(lan->world, raw && !lan->opts->no_check);
	on_links(lan);
}

void
lan_do(struct lan *lan, const struct action *act)
{
	switch (act->kind) {
	case ACT_STAND:
		port_stand(lan->port, &act->u.vip.ip, &act->u.vip.key, act->u.vip.ifindex);
		break;
	case ACT_WITHDRAW:
		port_withdraw(lan->port, &act->u.vip.ip, act->u.vip.ifindex);
		break;
	case ACT_MEET:
		port_meet(lan->port, act->u.meet.ifindex, act->u.meet.meet);
		break;
	default:
		break;
	}
}

static void
add_wanted(void *arg, const struct probe_wish *wish)
{
	struct lan_asked *list = arg;

	if (list->n == list->room) {
		list->room = list->room ? list->room * 2 : 64;
		list->v = xrealloc(list->v, list->room, sizeof(*list->v));
	}
	list->v[list->n++] = *wish;
}

static bool
same_wishes(const struct lan_asked *a, const struct lan_asked *b)
{
	return a->n == b->n && (!a->n || memcmp(a->v, b->v, a->n * sizeof(*a->v)) == 0);
}

void
lan_ask(struct lan *lan)
{
	struct lan_asked now = { 0 };

	if (!lan->asks_anew && !world_wants_changed(lan->world))
		return;
	if (ev_is_active(&lan->ask_pause) && !lan->asks_anew && !world_awaits_check(lan->world))
		return; /* a moment ago */
	if (!ev_is_active(&lan->ask_pause)) {
		ev_timer_set(&lan->ask_pause, ASK_PAUSE_S, 0.);
		ev_timer_start(lan->loop, &lan->ask_pause);
	}
	world_each_wanted(lan->world, add_wanted, &now);
	if (lan->asks_anew || !same_wishes(&now, &lan->asked))
		port_ask(lan->port, now.v, now.n);
	lan->asks_anew = false;
	free(lan->asked.v);
	lan->asked = now;
}

void
lan_follow_key(struct lan *lan)
{
	const char *name = lan->opts->hello_secret;
	const struct object *obj = world_get(lan->world, KIND_SECRET, lan->opts->pool_ns, name);
	const struct secret *secret = obj ? &obj->u.secret : NULL;
	struct hello_key key;

	if (!obj || (lan->key_version && strcmp(lan->key_version, obj->meta.version) == 0))
		return;
	free(lan->key_version);
	lan->key_version = xstrdup(obj->meta.version);
	if (obj->bad || secret->n < HELLO_KEY_MIN) {
		log_error("the Secret has no usable data.key, which hellos are signed with", "secret",
		    name, "hint", "delete it, and the allocator makes a new one", NULL);
		return;
	}
	log_info(lan->has_key ? "the key of hellos is a new one" : "hellos have a key", "secret",
	    name, NULL);
	hello_key_init(&key, secret->key, secret->n);
	port_set_key(lan->port, &key);
	explicit_bzero(&key, sizeof(key));
	lan->has_key = true;
}

const char *
lan_unready(const struct lan *lan)
{
	return lan->has_key ? NULL : "waiting for the Secret with the key of hellos";
}

struct fellows_at {
	const struct lan *lan;
	struct metrics *m;
	int64_t now_ms;
};

static void
add_fellow(void *arg, const struct fellow *fellow)
{
	const struct fellows_at *at = arg;

	metric(at->m, METRIC_HELLO_AGE, (double)(at->now_ms - fellow->heard_ms) / 1000, fellow->node,
	    stats_link_name(at->lan->port, fellow->ifindex));
}

void
lan_metrics(const struct lan *lan, struct metrics *m)
{
	const struct election *e = port_election(lan->port);
	const struct election_stats *stats = election_stats(e);
	struct fellows_at at = { lan, m, clock_ms() };

	for (int cause = 0; cause < HOLD_CAUSES; cause++)
		metric(m, METRIC_HOLDER_CHANGES, (double)stats->changes[cause],
		    hold_cause_name[cause]);
	metrics_histogram(m, METRIC_TAKEOVER, &lan->takeover);
	election_each_fellow(e, add_fellow, &at);
	metric(m, METRIC_HELLOS_SENT, (double)stats->sent);
	metric(m, METRIC_HELLOS_HEARD, (double)stats->heard);
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->bad, "bad");
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->foreign, "foreign");
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->forged, "forged");
	metric(m, METRIC_HELLOS_REFUSED, (double)stats->replayed, "replayed");
	metric(m, METRIC_FELLOW_DEATHS, (double)stats->deaths);
	metric(m, METRIC_STOPPED, (double)stats->stopped);
}

void
lan_leave(struct lan *lan)
{
	port_leave(lan->port);
}

const struct port *
lan_port(const struct lan *lan)
{
	return lan->port;
}
