/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_nodes.h"
#include "arplet/arena.h"
#include "arplet/node_rank.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ip
ip_of(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

static void
record(struct recording **recording, const uint8_t *bytes, size_t len, int64_t at_ms)
{
	if (!*recording)
		*recording = xcalloc(1, sizeof(**recording));
	if ((*recording)->n == COUNT((*recording)->frames))
		return;
	memcpy((*recording)->frames[(*recording)->n].bytes, bytes, len);
	(*recording)->frames[(*recording)->n].at_ms = at_ms;
	(*recording)->frames[(*recording)->n++].len = len;
}

/*
 * Passes the unread hellos with HELLO_UNCHANGED to the election.  Ignores errors, because some
 * tests send replayed hellos, or hellos signed with another key.
 */
static void
read_unchanged(struct test_node *to)
{
	const struct test_lan *lan = to->lan;
	struct recording *unchanged = to->unchanged;

	for (size_t i = 0; unchanged && i < unchanged->n; i++)
		(void)!election_on_hello(to->e, LAN_IFINDEX, HELLO_MULTICAST,
		    unchanged->frames[i].bytes, unchanged->frames[i].len, unchanged->frames[i].at_ms, lan->now_ms);
	if (unchanged)
		unchanged->n = 0;
}

static int
receive(struct test_node *to, const uint8_t *bytes, size_t len)
{
	const struct test_lan *lan = to->lan;

	read_unchanged(to);
	return election_on_hello(to->e, LAN_IFINDEX, HELLO_MULTICAST, bytes, len, lan->now_ms,
	    lan->now_ms);
}

static void
deliver(struct test_node *to, const uint8_t *bytes, size_t len)
{
	if (!to->e)
		return;
	if (hello_is_unchanged(bytes, len))
		record(&to->unchanged, bytes, len, to->lan->now_ms);
	else if (to->stopped)
		record(&to->backlog, bytes, len, to->lan->now_ms);
	else
		(void)!receive(to, bytes, len);
}

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct test_node *from = arg;
	struct test_lan *lan = from->lan;
	size_t i = (size_t)(from - lan->nodes);

	assert_int_equal(ifindex, LAN_IFINDEX);
	memcpy(from->last_sent.bytes, frame, len);
	from->last_sent.len = len;
	if (from->recording)
		record(&from->recording, frame, len, lan->now_ms);
	for (size_t j = 0; j < lan->n; j++) {
		if (j != i && !lan->cut[i][j])
			deliver(&lan->nodes[j], frame, len);
	}
}

static size_t
index_of(const struct test_lan *lan, const char *name)
{
	for (size_t i = 0; i < lan->n; i++) {
		if (strcmp(lan->nodes[i].name, name) == 0)
			return i;
	}
	fail_msg("no node %s", name);
	return 0;
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *name)
{
	struct test_node *node = arg;

	(void)ip;
	return !node->lan->ineligible[node - node->lan->nodes][index_of(node->lan, name)];
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *name, bool ready), void *visit_arg)
{
	struct test_node *node = arg;
	struct test_lan *lan = node->lan;

	for (size_t i = 0; i < lan->n; i++) {
		if (on_may_hold(arg, ip, lan->nodes[i].name))
			visit(visit_arg, lan->nodes[i].name, !lan->not_ready[i]);
	}
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	struct test_node *node = arg;

	(void)ifindex;
	assert_true(node->n_held < sizeof(node->held) / sizeof(node->held[0]));
	node->held[node->n_held++] = (struct held){ *ip, node->lan->now_ms };
	node->claims++;
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	struct test_node *node = arg;

	(void)ifindex;
	for (size_t i = 0; i < node->n_held; i++) {
		if (ip_equal(&node->held[i].ip, ip)) {
			node->held[i] = node->held[--node->n_held];
			node->drops++;
			return;
		}
	}
	fail_msg("the election drops a VIP that it does not hold");
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *holder,
    enum holder_change change, int64_t gap_ms)
{
	struct test_node *node = arg;
	struct reported_holder *reported_holder = &node->reported_holder;

	(void)ifindex;
	if (!ip_equal(ip, &node->lan->measured))
		return;
	snprintf(reported_holder->node, sizeof(reported_holder->node), "%s", holder ? holder : "");
	reported_holder->change = change;
	reported_holder->gap_ms = gap_ms;
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is_peer)
{
	(void)arg, (void)ifindex, (void)mac, (void)is_peer;
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct test_node *node = arg;

	(void)ip;
	return node->lan->can_serve[node - node->lan->nodes];
}

static void
on_reannounce(void *arg, int ifindex, const struct ip *ip)
{
	struct test_node *node = arg;

	(void)ifindex, (void)ip;
	node->reannounced++;
}

static const struct election_ops ops = {
	.send = on_send,
	.may_hold = on_may_hold,
	.each_candidate = on_each_candidate,
	.hold = on_hold,
	.drop = on_drop,
	.on_holder = on_holder,
	.on_peer = on_peer,
	.may_keep = on_may_keep,
	.reannounce = on_reannounce,
};

void
lan_init(struct test_lan *lan, size_t n)
{
	memset(lan, 0, sizeof(*lan));
	lan->n = n;
	lan->now_ms = 1000000;
	lan->wall_s = 1700000000;
	lan->measured = ip_of("10.0.0.1");
	for (size_t i = 0; i < n; i++) {
		lan->nodes[i].lan = lan;
		snprintf(lan->nodes[i].name, sizeof(lan->nodes[i].name), "n%zu", i);
	}
}

void
lan_done(struct test_lan *lan)
{
	for (size_t i = 0; i < lan->n; i++) {
		lan_crash(lan, i);
		free(lan->nodes[i].recording);
	}
}

struct hello_key
lan_key(void)
{
	static struct hello_key key; /* freed at exit */

	if (!key.hmac)
		hello_key_init(&key, LAN_SECRET, strlen(LAN_SECRET));
	return key;
}

void
lan_start(struct test_lan *lan, size_t i)
{
	static uint32_t nonce;
	struct test_node *node = &lan->nodes[i];
	struct election_opts opts = ELECTION_DEFAULTS;
	struct mac mac = { { 2, 0, 0, 0, 0, (uint8_t)i } };
	const struct hello_key key = lan_key();

	opts.node = node->name;
	opts.nonce = ++nonce;
	opts.start_s = (uint32_t)(lan->wall_s + node->skew_s);
	node->e = election_new(&ops, node, &opts);
	if (!lan->without_key)
		election_set_key(node->e, &key, lan->now_ms);
	election_open(node->e, LAN_IFINDEX, &mac, true, lan->now_ms);
	election_want_holder(node->e, LAN_IFINDEX, &lan->measured, &lan->measured, lan->now_ms);
}

void
lan_crash(struct test_lan *lan, size_t i)
{
	election_free(lan->nodes[i].e);
	lan->nodes[i].e = NULL;
	lan->nodes[i].n_held = 0;
	free(lan->nodes[i].backlog);
	free(lan->nodes[i].unchanged);
	lan->nodes[i].backlog = lan->nodes[i].unchanged = NULL;
	lan->nodes[i].stopped = false;
}

void
lan_want_holder(struct test_lan *lan, const char *text)
{
	struct ip ip = ip_of(text);

	for (size_t i = 0; i < lan->n; i++) {
		if (lan->nodes[i].e)
			election_want_holder(lan->nodes[i].e, LAN_IFINDEX, &ip, &ip, lan->now_ms);
	}
}

/* Counts the holders of the measured VIP, except stopped daemons: they answer no ARP requests. */
static int
count_holders(const struct test_lan *lan)
{
	int n = 0;

	for (size_t i = 0; i < lan->n; i++) {
		for (size_t j = 0; j < lan->nodes[i].n_held; j++)
			n += !lan->nodes[i].stopped &&
			    ip_equal(&lan->nodes[i].held[j].ip, &lan->measured);
	}
	return n;
}

static void
measure(struct test_lan *lan)
{
	int n = count_holders(lan);

	if (n)
		lan->last_held_ms = lan->now_ms;
	if (n < 2)
		lan->last_single_ms = lan->now_ms;
	if (lan->now_ms - lan->last_held_ms > lan->no_holder_ms)
		lan->no_holder_ms = lan->now_ms - lan->last_held_ms;
	if (lan->now_ms - lan->last_single_ms > lan->two_holders_ms)
		lan->two_holders_ms = lan->now_ms - lan->last_single_ms;
}

void
lan_run(struct test_lan *lan, int64_t ms)
{
	for (int64_t end_ms = lan->now_ms + ms; lan->now_ms < end_ms; lan->now_ms++) {
		for (size_t i = 0; i < lan->n; i++) {
			struct test_node *node = &lan->nodes[i];

			for (int turns = 0; node->e && !node->stopped &&
			    election_next_ms(node->e) <= lan->now_ms; turns++) {
				assert_true(turns < 100); /* 100 turns in a row are a busy loop */
				read_unchanged(node);
				election_tick(node->e, lan->now_ms);
			}
		}
		measure(lan);
		lan->wall_s += lan->now_ms % 1000 == 0;
	}
}

void
lan_measure(struct test_lan *lan, const char *ip)
{
	lan->measured = ip_of(ip);
	lan->no_holder_ms = lan->two_holders_ms = 0;
	lan->last_held_ms = lan->last_single_ms = lan->now_ms;
}

const char *
lan_holders(const struct test_lan *lan, const char *text)
{
	static char digits[LAN_NODES_MAX + 1];
	struct ip ip = ip_of(text);
	size_t n = 0;

	for (size_t i = 0; i < lan->n && i < 10; i++) {
		for (size_t j = 0; j < lan->nodes[i].n_held; j++) {
			if (ip_equal(&lan->nodes[i].held[j].ip, &ip))
				digits[n++] = (char)('0' + i);
		}
	}
	digits[n] = '\0';
	return digits;
}

void
lan_cut(struct test_lan *lan, const char *a, const char *b, bool cut)
{
	for (; *a; a++) {
		for (const char *c = b; *c; c++)
			lan->cut[*a - '0'][*c - '0'] = lan->cut[*c - '0'][*a - '0'] = cut;
	}
}

void
lan_stop(struct test_lan *lan, size_t i, bool stopped)
{
	struct test_node *node = &lan->nodes[i];

	node->stopped = stopped;
	if (stopped || !node->backlog)
		return;
	for (size_t n = 0; n < node->backlog->n; n++)
		deliver(node, node->backlog->frames[n].bytes, node->backlog->frames[n].len);
	node->backlog->n = 0;
}

int
lan_receive(struct test_lan *lan, size_t to, const struct frame *frame)
{
	return receive(&lan->nodes[to], frame->bytes, frame->len);
}

size_t
lan_first_in_rank(const struct test_lan *lan, const char *ip, size_t n)
{
	struct rank best, rank;
	size_t first = 0;

	for (size_t i = 0; i < n; i++) {
		rank_of(lan->nodes[i].name, ip, &rank);
		if (i == 0 || rank_before(&rank, &best)) {
			best = rank;
			first = i;
		}
	}
	return first;
}
