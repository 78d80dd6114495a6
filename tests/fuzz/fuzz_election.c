/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/election.h"

#include <stdlib.h>
#include <string.h>

#define LINKS     2
#define VIPS 4
#define PEERS   3
#define NONCE     77
#define DEAD_MS   350 /* dead time of ELECTION_DEFAULTS on a LAN with few nodes */
#define WALL_S    1700000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The election under test, and the state that the election should have after the calls so far. */
struct scene {
	const uint8_t *script;
	size_t left;
	struct election *e;
	int64_t now_ms, last_run_ms;
	bool has_key, leaving;
	struct hello_key keys[2];
	/*
	 * bits 0-3: this node or a peer is ineligible; bit 4: result of may_keep(); bits 5-7: the
	 * Node of a peer is not Ready
	 */
	uint8_t api;
	/* bits 0-2: UDP reaches the peer; bits 3-5: its daemon runs; bits 6-7: peer a, b hold VIPs */
	uint8_t nodes;
	struct lan {
		bool open, up;
		struct mac mac;
		int64_t listens_from_ms; /* when listening last started */
		bool wanted[VIPS], held[VIPS];
		int peers[2 * PEERS]; /* 1: on_peer() reported this MAC */
		uint32_t nonce, seq;      /* link nonce and seq of the last hello that was sent */
		uint8_t frame[HELLO_FRAME_MAX];
		size_t len; /* bytes in frame, which holds the last hello of a peer */
		enum hello_carrier carrier;
	} lans[LINKS];
	uint32_t seqs[PEERS];
};

static const struct ip vips[VIPS] = {
	{ IPV4, { 10, 0, 0, 1 } },
	{ IPV4, { 10, 0, 0, 2 } },
	{ IPV4, { 255, 255, 255, 255 } },
	{ IPV6, { 0xfd, [15] = 1 } },
};
static const char *const names[1 + PEERS] = { "us", "a", "b", "c" };

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static unsigned int
next_byte(struct scene *s, unsigned int below)
{
	return s->left ? s->left--, *s->script++ % below : 0;
}

static size_t
index_of(const struct ip *ip)
{
	size_t i = 0;

	while (!ip_equal(ip, &vips[i]))
		must(++i < VIPS);
	return i;
}

static bool
is_between(const struct ip *ip, const struct hello *hello)
{
	return ip_cmp(ip, &hello->from) >= 0 && ip_cmp(ip, &hello->to) <= 0;
}

/*
 * Checks that a sent hello lists exactly the held VIPs in its page, the addresses from hello.from
 * to hello.to.
 */
static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct scene *s = arg;
	struct lan *lan = &s->lans[ifindex];
	struct hello hello;
	size_t n = 0;

	must(lan->open && lan->up && s->has_key);
	if (hello_parse(frame, len, &s->keys[0], &hello) < 0)
		must(hello_parse(frame, len, &s->keys[1], &hello) == 0);
	must(mac_equal(&hello.src, &lan->mac) && hello.paged);
	must(hello.seq > (hello.link_nonce == lan->nonce ? lan->seq : 0));
	must(!s->leaving == !(hello.flags & HELLO_LEAVING));
	lan->seq = hello.seq;
	lan->nonce = hello.link_nonce;
	for (size_t i = 0; i < VIPS; i++)
		n += lan->held[i] && is_between(&vips[i], &hello);
	must(n == hello.n_held);
	for (size_t i = 0; i < n; i++)
		must(lan->held[index_of(&hello.held[i].ip)]);
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	struct scene *s = arg;

	(void)ip;
	for (int i = 0; i <= PEERS; i++) {
		if (strcmp(node, names[i]) == 0)
			return !(s->api >> i & 1);
	}
	return false;
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	struct scene *s = arg;

	for (int i = 0; i <= PEERS; i++) {
		if (on_may_hold(arg, ip, names[i]))
			visit(visit_arg, names[i], !(s->api >> (4 + i) & 1));
	}
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	struct scene *s = arg;
	struct lan *lan = &s->lans[ifindex];
	size_t i = index_of(ip);

	must(lan->open && lan->up && s->has_key && !s->leaving && !(s->api & 1));
	must(lan->wanted[i] && !lan->held[i]);
	must(s->now_ms - lan->listens_from_ms >= DEAD_MS);
	lan->held[i] = true;
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	struct scene *s = arg;
	bool *held = &s->lans[ifindex].held[index_of(ip)];

	must(*held);
	*held = false;
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum holder_change change,
    int64_t gap_ms)
{
	const struct scene *s = arg;

	must(change < HOLDER_CHANGES && gap_ms >= -1);
	must(!node || strcmp(node, "us") != 0 || s->lans[ifindex].held[index_of(ip)]);
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is)
{
	struct scene *s = arg;
	int *n = &s->lans[ifindex].peers[mac->b[5]];

	*n += is ? 1 : -1;
	must(*n == 0 || *n == 1);
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct scene *s = arg;

	(void)ip;
	return s->api & 16;
}

/* Checks that a hello as UDP is the hello that was just sent by multicast. */
static void
on_send_udp(void *arg, int ifindex, const char *node, const uint8_t *payload, size_t len)
{
	struct scene *s = arg;
	const struct lan *lan = &s->lans[ifindex];
	struct hello hello;

	must(strcmp(node, names[0]) != 0 && lan->open && lan->up);
	if (hello_parse_udp(payload, len, &s->keys[0], &hello) < 0)
		must(hello_parse_udp(payload, len, &s->keys[1], &hello) == 0);
	must(hello.seq == lan->seq && hello.link_nonce == lan->nonce);
}

static void
on_each_udp_node(void *arg, int ifindex, void (*visit)(void *visit_arg, const char *node),
    void *visit_arg)
{
	const struct scene *s = arg;

	(void)ifindex;
	for (int i = 0; i < PEERS; i++) {
		if (s->nodes >> i & 1)
			visit(visit_arg, names[1 + i]);
	}
}

static void
on_carrier(void *arg, int ifindex, const char *node, enum hello_carrier carrier)
{
	(void)arg, (void)ifindex;
	must(strcmp(node, names[0]) != 0 && carrier < HELLO_CARRIERS);
}

static bool
on_api_runs(void *arg, const char *node)
{
	const struct scene *s = arg;

	return s->nodes >> (3 + node[0] - 'a') & 1;
}

static bool
on_api_holds(void *arg, const struct ip *ip, const char *node)
{
	const struct scene *s = arg;

	(void)ip;
	return node[0] < 'c' && s->nodes >> (6 + node[0] - 'a') & 1;
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
	.send_udp = on_send_udp,
	.each_udp_node = on_each_udp_node,
	.on_carrier = on_carrier,
	.api_runs = on_api_runs,
	.api_holds = on_api_holds,
};

static void
must_hold_none(const struct lan *lan)
{
	for (size_t i = 0; i < VIPS; i++)
		must(!lan->held[i]);
}

/*
 * If nobody called the election for a dead time, the election must detect this in the next call,
 * and listen again.
 */
static void
note_stop(struct scene *s)
{
	for (int i = 0; i < LINKS; i++) {
		struct lan *lan = &s->lans[i];

		if (lan->open && lan->up && s->has_key && s->now_ms - s->last_run_ms >= DEAD_MS)
			lan->listens_from_ms = s->now_ms;
	}
	s->last_run_ms = s->now_ms;
}

/* Checks that no VIP is held when listening has just started, or while the link is down. */
static void
check_after_stop(struct scene *s)
{
	for (int i = 0; i < LINKS; i++) {
		if (s->lans[i].listens_from_ms == s->now_ms || !s->lans[i].up)
			must_hold_none(&s->lans[i]);
	}
}

/* Lets @ms pass, and calls election_tick() whenever election_next_ms() is reached. */
static void
run(struct scene *s, int64_t ms)
{
	int64_t end_ms = s->now_ms + ms, due_ms;
	int turns = 0;

	while ((due_ms = election_next_ms(s->e)) <= end_ms) {
		turns = due_ms > s->now_ms ? 1 : turns + 1;
		must(turns < 20); /* otherwise the daemon's event loop would spin */
		s->now_ms = due_ms > s->now_ms ? due_ms : s->now_ms;
		note_stop(s);
		election_tick(s->e, s->now_ms);
		check_after_stop(s);
	}
	s->now_ms = end_ms;
}

static void
open_link(struct scene *s, int ifindex)
{
	struct lan *lan = &s->lans[ifindex];
	struct mac mac = { { 2, 0, 0, 0, 1, (uint8_t)next_byte(s, 2) } };
	bool up = next_byte(s, 4) != 0;

	note_stop(s);
	if (!lan->open || lan->up != up || !mac_equal(&mac, &lan->mac))
		lan->listens_from_ms = s->now_ms;
	lan->open = true;
	lan->up = up;
	lan->mac = mac;
	election_open(s->e, ifindex, &mac, up, s->now_ms);
	check_after_stop(s);
}

static void
close_link(struct scene *s, int ifindex)
{
	struct lan *lan = &s->lans[ifindex];

	lan->open = lan->up = false;
	election_close(s->e, ifindex, s->now_ms);
	must_hold_none(lan);
	for (int i = 0; i < 2 * PEERS; i++)
		must(lan->peers[i] == 0);
}

static void
receive(struct scene *s, int ifindex)
{
	struct lan *lan = &s->lans[ifindex];

	if (!lan->len)
		return;
	note_stop(s);
	if (lan->carrier == HELLO_UDP)
		(void)!election_on_hello(s->e, ifindex, HELLO_UDP, lan->frame + HELLO_ETHER_LEN,
		    lan->len - HELLO_ETHER_LEN, s->now_ms, s->now_ms);
	else
		(void)!election_on_hello(s->e, ifindex, HELLO_MULTICAST, lan->frame, lan->len,
		    s->now_ms, s->now_ms);
	check_after_stop(s);
}

static void
add_held(struct scene *s, struct hello *hello)
{
	unsigned int which = next_byte(s, 256);

	hello->paged = which < 0xf0;
	hello->from = which & 0x40 ? vips[1] : IP_FIRST;
	hello->to = which & 0x80 ? vips[2] : IP_LAST;
	for (size_t i = 0; i < VIPS && hello->paged; i++) {
		uint32_t term = next_byte(s, 256);

		if (which >> i & 1 && is_between(&vips[i], hello))
			hello->held[hello->n_held++] =
			    (struct held_vip){ vips[i], term == 255 ? UINT32_MAX : term };
	}
}

/* Lets the election receive a new hello of a peer; the hello may be replayed or wrong. */
static void
receive_new(struct scene *s, int ifindex)
{
	static const uint16_t times_ms[] = { 100, 350, 0, 1, 65535, 1000, 20, 700 };
	struct lan *lan = &s->lans[ifindex];
	unsigned int sender = next_byte(s, PEERS + 1), start = next_byte(s, 4);
	unsigned int odd = next_byte(s, 256);
	struct hello hello = {
		.src = { { 2, 0, 0, 0, 0, (uint8_t)(sender % PEERS + PEERS * (start & 1)) } },
		.flags = (uint8_t)next_byte(s, 8),
		.start_s = WALL_S - 10 + start,
		.nonce = sender == PEERS ? NONCE : 4 * sender + start,
		.seq = s->seqs[sender % PEERS] += odd & 1 ? 0 : 1,
		.link_nonce = 4 * sender + start + (odd & 2 ? 100 : 0),
		.interval_ms = times_ms[odd >> 3 & 3],
		.dead_ms = times_ms[odd >> 5],
		.n_stable_peers = (uint16_t)next_byte(s, 4),
		.n_heard = next_byte(s, 3),
		.heard = { { lan->nonce, lan->seq, odd % HEARD_KINDS }, { 1, 1, HEARD } },
		.n_polls = next_byte(s, 3),
		.polls = { lan->nonce, 4 },
	};

	strcpy(hello.node, names[sender == PEERS ? 0 : sender + 1]);
	add_held(s, &hello);
	lan->carrier = odd & 4 ? HELLO_UDP : HELLO_MULTICAST;
	lan->len = hello_build(&hello, &s->keys[next_byte(s, 8) == 7], lan->frame);
	receive(s, ifindex);
}

static void
set_key(struct scene *s, unsigned int i)
{
	note_stop(s);
	for (int n = 0; n < LINKS && !s->has_key; n++)
		s->lans[n].listens_from_ms = s->now_ms;
	s->has_key = true;
	election_set_key(s->e, &s->keys[i], s->now_ms);
	check_after_stop(s);
}

static void
set_wanted(struct scene *s, int ifindex, size_t i, bool wanted)
{
	struct lan *lan = &s->lans[ifindex];

	lan->wanted[i] = wanted;
	if (wanted)
		election_want_holder(s->e, ifindex, &vips[i], &vips[i], s->now_ms);
	else
		election_withdraw(s->e, ifindex, &vips[i], s->now_ms);
	must(wanted || !lan->held[i]);
}

/* Changes what the API says about the nodes, and reports the change for all VIPs. */
static void
set_api(struct scene *s, uint8_t api)
{
	s->api = api;
	for (size_t n = 0; n < LINKS * VIPS; n++) {
		if (s->lans[n / VIPS].wanted[n % VIPS])
			set_wanted(s, (int)(n / VIPS), n % VIPS, true);
	}
}

static void
step(struct scene *s)
{
	unsigned int op = next_byte(s, 16);
	int ifindex = (int)(op / 8 % LINKS);

	switch (op % 8) {
	case 0:
		next_byte(s, 8) == 7 ? close_link(s, ifindex) : open_link(s, ifindex);
		break;
	case 1:
		set_wanted(s, ifindex, next_byte(s, VIPS), next_byte(s, 4) != 0);
		break;
	default:
		receive_new(s, ifindex);
		break;
	case 4:
		run(s, next_byte(s, 256) * (ifindex ? 20 : 1));
		break;
	case 5:
		ifindex ? receive(s, next_byte(s, LINKS)) : set_key(s, next_byte(s, 2));
		break;
	case 6:
		s->nodes = (uint8_t)next_byte(s, 256);
		set_api(s, (uint8_t)next_byte(s, 256));
		break;
	case 7:
		s->now_ms += ifindex ? 0 : next_byte(s, 256) * 4; /* a stop */
		s->leaving |= ifindex == 1;
		if (ifindex == 1)
			election_leave(s->e, s->now_ms);
		break;
	}
}

/* The input is a script of calls to the election of one node. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct election_opts opts = ELECTION_DEFAULTS;
	struct scene s = { .script = data, .left = size < 300 ? size : 300, .now_ms = 1000,
		.last_run_ms = 1000 };

	opts.node = names[0];
	opts.nonce = NONCE;
	opts.start_s = WALL_S;
	hello_key_init(&s.keys[0], "sixteen bytes...", 16);
	hello_key_init(&s.keys[1], "sixteen others..", 16);
	s.e = election_new(&ops, &s, &opts);
	while (s.left)
		step(&s);
	run(&s, 2 * opts.leave_ms); /* long enough to leave */
	must(!s.leaving || election_left(s.e));
	for (int i = 0; i < LINKS && (s.leaving || (s.api & 17) == 1); i++)
		must_hold_none(&s.lans[i]);
	election_free(s.e);
	hello_key_done(&s.keys[0]);
	hello_key_done(&s.keys[1]);
	return 0;
}
