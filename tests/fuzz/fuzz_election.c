/* SPDX-License-Identifier: Apache-2.0 */
#include "election_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned int
next_byte(struct scene *s, unsigned int below)
{
	return s->left ? s->left--, *s->script++ % below : 0;
}

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

/*
 * Lets the election receive on a link the last hello of a peer that link @from has received: a
 * replay, perhaps on another link.
 */
static void
receive(struct scene *s, int ifindex, int from)
{
	const struct lan *lan = &s->lans[from];
	size_t skip = lan->carrier == HELLO_UDP ? HELLO_ETHER_LEN : 0;

	if (!lan->len)
		return;
	note_stop(s);
	(void)!election_on_hello(s->e, ifindex, lan->carrier, lan->frame + skip, lan->len - skip,
	    s->now_ms, s->now_ms);
	check_after_stop(s);
}

/* The network returns the election's own hello, on its link or on another: it makes no peer. */
static void
receive_own(struct scene *s, int ifindex, int from)
{
	uint64_t received = election_stats(s->e)->received;

	if (!s->lans[from].own_len)
		return;
	note_stop(s);
	(void)!election_on_hello(s->e, ifindex, HELLO_MULTICAST, s->lans[from].own,
	    s->lans[from].own_len, s->now_ms, s->now_ms);
	must(election_stats(s->e)->received == received);
	check_after_stop(s);
}

static void
add_held(struct scene *s, struct hello *hello)
{
	unsigned int which = next_byte(s, 256);

	hello->paged = which < 0xf0;
	hello->from = which & 0x40 ? election_vips[1] : IP_FIRST;
	hello->to = which & 0x80 ? election_vips[2] : IP_LAST;
	for (size_t i = 0; i < VIPS && hello->paged; i++) {
		uint32_t term = next_byte(s, 256);

		if (which >> i & 1 && is_between(&election_vips[i], hello))
			hello->held[hello->n_held++] =
			    (struct held_vip){ election_vips[i], term == 255 ? UINT32_MAX : term };
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

	strcpy(hello.node, election_names[sender == PEERS ? 0 : sender + 1]);
	add_held(s, &hello);
	lan->carrier = odd & 4 ? HELLO_UDP : HELLO_MULTICAST;
	lan->len = hello_build(&hello, &s->keys[next_byte(s, 8) == 7], lan->frame);
	receive(s, ifindex, ifindex);
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
		election_want_holder(s->e, ifindex, &election_vips[i], &election_vips[i], s->now_ms);
	else
		election_withdraw(s->e, ifindex, &election_vips[i], s->now_ms);
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
receive_again(struct scene *s, unsigned int which)
{
	int ifindex = (int)(which % LINKS), from = (int)(which / LINKS % LINKS);

	if (which & 16)
		receive_own(s, ifindex, from);
	else
		receive(s, ifindex, which & 8 ? from : ifindex);
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
		ifindex ? receive_again(s, next_byte(s, 256)) : set_key(s, next_byte(s, 2));
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

	opts.node = election_names[0];
	opts.nonce = NONCE;
	opts.start_s = WALL_S;
	hello_key_init(&s.keys[0], "sixteen bytes...", 16);
	hello_key_init(&s.keys[1], "sixteen others..", 16);
	s.e = election_new(&election_checks, &s, &opts);
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
