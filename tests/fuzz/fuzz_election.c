/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/election.h"

#include <stdlib.h>
#include <string.h>

#define LINKS     2
#define ADDRESSES 4
#define FELLOWS   3
#define NONCE     77
#define DEAD_MS   350 /* of ELECTION_DEFAULTS, with so few on a LAN */
#define WALL_S    1700000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A daemon's election, and what must be true of it. */
struct scene {
	const uint8_t *script;
	size_t left;
	struct election *e;
	int64_t now_ms, woken_ms;
	bool has_key, leaving;
	struct hello_key keys[2];
	uint8_t unfit; /* bits 0-3: not eligible, this node and its peers; 4: it can still serve; 5-7: not Ready */
	struct lan {
		bool open, up;
		struct mac mac;
		int64_t began_ms; /* since when it has listened */
		bool wants_holder[ADDRESSES], held[ADDRESSES];
		int fellows[2 * FELLOWS]; /* by MAC */
		uint32_t seq;             /* of our last hello */
		uint8_t frame[HELLO_FRAME_MAX];
		size_t len; /* of what a fellow said last */
	} lans[LINKS];
	uint32_t seqs[FELLOWS];
};

static const struct ip addresses[ADDRESSES] = {
	{ IPV4, { 10, 0, 0, 1 } },
	{ IPV4, { 10, 0, 0, 2 } },
	{ IPV4, { 255, 255, 255, 255 } },
	{ IPV6, { 0xfd, [15] = 1 } },
};
static const char *const names[1 + FELLOWS] = { "us", "a", "b", "c" };

static void
must(bool so)
{
	if (!so)
		abort();
}

static unsigned int
next(struct scene *s, unsigned int below)
{
	return s->left ? s->left--, *s->script++ % below : 0;
}

static size_t
index_of(const struct ip *ip)
{
	size_t i = 0;

	while (!ip_equal(ip, &addresses[i]))
		must(++i < ADDRESSES);
	return i;
}

static bool
is_between(const struct ip *ip, const struct hello *hello)
{
	return ip_cmp(ip, &hello->from) >= 0 && ip_cmp(ip, &hello->to) <= 0;
}

/* A hello of ours lists what is held between its bounds, and nothing else. */
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
	must(mac_equal(&hello.src, &lan->mac) && hello.seq > lan->seq && hello.paged);
	must(!s->leaving == !(hello.flags & HELLO_LEAVING));
	lan->seq = hello.seq;
	for (size_t i = 0; i < ADDRESSES; i++)
		n += lan->held[i] && is_between(&addresses[i], &hello);
	must(n == hello.n_held);
	for (size_t i = 0; i < n; i++)
		must(lan->held[index_of(&hello.held[i].ip)]);
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	struct scene *s = arg;

	(void)ip;
	for (int i = 0; i <= FELLOWS; i++) {
		if (strcmp(node, names[i]) == 0)
			return !(s->unfit >> i & 1);
	}
	return false;
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	struct scene *s = arg;

	for (int i = 0; i <= FELLOWS; i++) {
		if (on_may_hold(arg, ip, names[i]))
			visit(visit_arg, names[i], !(s->unfit >> (4 + i) & 1));
	}
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	struct scene *s = arg;
	struct lan *lan = &s->lans[ifindex];
	size_t i = index_of(ip);

	must(lan->open && lan->up && s->has_key && !s->leaving && !(s->unfit & 1));
	must(lan->wants_holder[i] && !lan->held[i]);
	must(s->now_ms - lan->began_ms >= DEAD_MS);
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
	int *n = &s->lans[ifindex].fellows[mac->b[5]];

	*n += is ? 1 : -1;
	must(*n == 0 || *n == 1);
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct scene *s = arg;

	(void)ip;
	return s->unfit & 16;
}

static const struct election_ops ops = {
	on_send, on_may_hold, on_each_candidate, on_hold, on_drop, on_holder, on_peer, on_may_keep,
	NULL,
};

static void
must_hold_nothing(const struct lan *lan)
{
	for (size_t i = 0; i < ADDRESSES; i++)
		must(!lan->held[i]);
}

/* It is about to find out for how long it was stopped. */
static void
wake(struct scene *s)
{
	for (int i = 0; i < LINKS; i++) {
		struct lan *lan = &s->lans[i];

		if (lan->open && lan->up && s->has_key && s->now_ms - s->woken_ms >= DEAD_MS)
			lan->began_ms = s->now_ms;
	}
	s->woken_ms = s->now_ms;
}

/* It has found out: nothing is held while it has to listen, or the link is down. */
static void
awake(struct scene *s)
{
	for (int i = 0; i < LINKS; i++) {
		if (s->lans[i].began_ms == s->now_ms || !s->lans[i].up)
			must_hold_nothing(&s->lans[i]);
	}
}

/* Time goes on; every tick comes when it is due. */
static void
run(struct scene *s, int64_t ms)
{
	int64_t end_ms = s->now_ms + ms, due_ms;
	int turns = 0;

	while ((due_ms = election_next_ms(s->e)) <= end_ms) {
		turns = due_ms > s->now_ms ? 1 : turns + 1;
		must(turns < 20); /* it spins */
		s->now_ms = due_ms > s->now_ms ? due_ms : s->now_ms;
		wake(s);
		election_tick(s->e, s->now_ms, WALL_S + s->now_ms / 1000);
		awake(s);
	}
	s->now_ms = end_ms;
}

static void
open_link(struct scene *s, int ifindex)
{
	struct lan *lan = &s->lans[ifindex];
	struct mac mac = { { 2, 0, 0, 0, 1, (uint8_t)next(s, 2) } };
	bool up = next(s, 4) != 0;

	wake(s);
	if (!lan->open || lan->up != up || !mac_equal(&mac, &lan->mac))
		lan->began_ms = s->now_ms;
	lan->open = true;
	lan->up = up;
	lan->mac = mac;
	election_open(s->e, ifindex, &mac, up, s->now_ms);
	awake(s);
}

static void
close_link(struct scene *s, int ifindex)
{
	struct lan *lan = &s->lans[ifindex];

	lan->open = lan->up = false;
	election_close(s->e, ifindex, s->now_ms);
	must_hold_nothing(lan);
	for (int i = 0; i < 2 * FELLOWS; i++)
		must(lan->fellows[i] == 0);
	lan->seq = 0; /* numbers may begin anew, if nothing was left to keep */
}

static void
hear(struct scene *s, int ifindex)
{
	struct lan *lan = &s->lans[ifindex];

	if (!lan->len)
		return;
	wake(s);
	(void)!election_on_hello(s->e, ifindex, lan->frame, lan->len, s->now_ms, s->now_ms,
	    WALL_S + s->now_ms / 1000);
	awake(s);
}

static void
add_holds(struct scene *s, struct hello *hello)
{
	unsigned int which = next(s, 256);

	hello->paged = which < 0xf0;
	hello->from = which & 0x40 ? addresses[1] : IP_FIRST;
	hello->to = which & 0x80 ? addresses[2] : IP_LAST;
	for (size_t i = 0; i < ADDRESSES && hello->paged; i++) {
		uint32_t term = next(s, 256);

		if (which >> i & 1 && is_between(&addresses[i], hello))
			hello->held[hello->n_held++] =
			    (struct held_vip){ addresses[i], term == 255 ? UINT32_MAX : term };
	}
}

/* A fellow says something, which may be a lie. */
static void
say(struct scene *s, int ifindex)
{
	static const uint16_t times_ms[] = { 100, 350, 0, 1, 65535, 1000, 20, 700 };
	struct lan *lan = &s->lans[ifindex];
	unsigned int who = next(s, FELLOWS + 1), start = next(s, 4), odd = next(s, 256);
	struct hello hello = {
		.src = { { 2, 0, 0, 0, 0, (uint8_t)(who % FELLOWS + FELLOWS * (start & 1)) } },
		.flags = (uint8_t)next(s, 8),
		.start_s = WALL_S - 10 + start,
		.nonce = who == FELLOWS ? NONCE : 4 * who + start,
		.seq = s->seqs[who % FELLOWS] += odd & 1 ? 0 : 1,
		.wall_s = odd & 2 ? (odd & 4 ? INT64_MIN : 0) : WALL_S + s->now_ms / 1000,
		.interval_ms = times_ms[odd >> 3 & 3],
		.dead_ms = times_ms[odd >> 5],
		.n_stable_peers = (uint16_t)next(s, 4),
		.n_heard = next(s, 3),
		.heard = { { NONCE, lan->seq }, { 1, 1 } },
		.n_polls = next(s, 3),
		.polls = { NONCE, 4 },
	};

	strcpy(hello.node, names[who == FELLOWS ? 0 : who + 1]);
	add_holds(s, &hello);
	lan->len = hello_build(&hello, &s->keys[next(s, 8) == 7], lan->frame);
	hear(s, ifindex);
}

static void
set_key(struct scene *s, unsigned int i)
{
	wake(s);
	for (int n = 0; n < LINKS && !s->has_key; n++)
		s->lans[n].began_ms = s->now_ms;
	s->has_key = true;
	election_set_key(s->e, &s->keys[i], s->now_ms);
	awake(s);
}

static void
stand(struct scene *s, int ifindex, size_t i, bool wants_holder)
{
	struct lan *lan = &s->lans[ifindex];

	lan->wants_holder[i] = wants_holder;
	if (wants_holder)
		election_want_holder(s->e, ifindex, &addresses[i], &addresses[i], s->now_ms);
	else
		election_withdraw(s->e, ifindex, &addresses[i], s->now_ms);
	must(wants_holder || !lan->held[i]);
	if (!wants_holder && !lan->open)
		lan->seq = 0;
}

/* Who may hold what has changed: all is to be looked at again. */
static void
set_unfit(struct scene *s, uint8_t unfit)
{
	s->unfit = unfit;
	for (size_t n = 0; n < LINKS * ADDRESSES; n++) {
		if (s->lans[n / ADDRESSES].wants_holder[n % ADDRESSES])
			stand(s, (int)(n / ADDRESSES), n % ADDRESSES, true);
	}
}

static void
step(struct scene *s)
{
	unsigned int op = next(s, 16);
	int ifindex = (int)(op / 8 % LINKS);

	switch (op % 8) {
	case 0:
		next(s, 8) == 7 ? close_link(s, ifindex) : open_link(s, ifindex);
		break;
	case 1:
		stand(s, ifindex, next(s, ADDRESSES), next(s, 4) != 0);
		break;
	default:
		say(s, ifindex);
		break;
	case 4:
		run(s, next(s, 256) * (ifindex ? 20 : 1));
		break;
	case 5:
		ifindex ? hear(s, next(s, LINKS)) : set_key(s, next(s, 2));
		break;
	case 6:
		set_unfit(s, (uint8_t)next(s, 256));
		break;
	case 7:
		s->now_ms += ifindex ? 0 : next(s, 256) * 4; /* stopped */
		s->leaving |= ifindex == 1;
		if (ifindex == 1)
			election_leave(s->e, s->now_ms);
		break;
	}
}

/* The bytes are a script of what one daemon's election lives through. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct election_opts opts = ELECTION_DEFAULTS;
	struct scene s = { .script = data, .left = size < 300 ? size : 300, .now_ms = 1000,
		.woken_ms = 1000 };

	opts.node = names[0];
	opts.nonce = NONCE;
	opts.start_s = WALL_S;
	hello_key_init(&s.keys[0], "sixteen bytes...", 16);
	hello_key_init(&s.keys[1], "sixteen others..", 16);
	s.e = election_new(&ops, &s, &opts);
	while (s.left)
		step(&s);
	run(&s, 2 * opts.leave_ms); /* and not stopped */
	must(!s.leaving || election_left(s.e));
	for (int i = 0; i < LINKS && (s.leaving || (s.unfit & 17) == 1); i++)
		must_hold_nothing(&s.lans[i]);
	election_free(s.e);
	hello_key_done(&s.keys[0]);
	hello_key_done(&s.keys[1]);
	return 0;
}
