/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "arplet/election.h"
#include "core/story/facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * Many nodes on one LAN that loses frames, for a long time: does anybody take another for dead, and
 * how much CPU does the election of a daemon take?
 *
 *	crowd [NODES SECONDS PERMILLE ["listen"]]
 *
 * Every frame is lost for each receiver by itself.  With "listen" the first node alone hears all
 * the others; those hear nobody but it, and say hello as seldom as in a crowd of that size.  That
 * is the n-th part of the pairs at the n-th part of the cost, for times like a day.
 */
#define VIPS 8
#define WALL_S 1700000000

struct guest {
	struct election *e;
	char name[24];
	int64_t due_ms, ahead_ms;
};

static struct {
	struct guest *guests;
	size_t n;
	bool listen;
	int64_t now_ms;
	uint32_t loss;
	uint64_t random, frames, heard;
	struct frame {
		struct guest *sender;
		size_t len;
		uint8_t bytes[HELLO_FRAME_MAX];
	} said[32]; /* by one daemon in one turn */
	size_t n_said;
} crowd = { .n = 50, .loss = 10, .random = 88172645463325252u };

static uint32_t
pick(uint32_t n)
{
	/* xorshift64* */
	crowd.random ^= crowd.random >> 12;
	crowd.random ^= crowd.random << 25;
	crowd.random ^= crowd.random >> 27;
	return (uint32_t)((crowd.random * UINT64_C(0x2545f4914f6cdd1d) >> 32) * n >> 32);
}

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct frame *said = &crowd.said[crowd.n_said++];

	(void)ifindex;
	if (crowd.n_said > sizeof(crowd.said) / sizeof(*crowd.said))
		abort();
	said->sender = arg;
	said->len = len;
	memcpy(said->bytes, frame, len);
	crowd.frames++;
}

/* Where the others do not hear each other they would all claim. */
static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	(void)arg, (void)ip;
	return !crowd.listen || strcmp(node, crowd.guests[0].name) == 0;
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	(void)arg, (void)ip;
	for (size_t i = 0; i < (crowd.listen ? 1 : crowd.n); i++)
		visit(visit_arg, crowd.guests[i].name, true);
}

static void
on_ip(void *arg, int ifindex, const struct ip *ip)
{
	(void)arg, (void)ifindex, (void)ip;
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum hold_cause reason_group,
    int64_t gap_ms)
{
	(void)arg, (void)ifindex, (void)ip, (void)node, (void)reason_group, (void)gap_ms;
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is)
{
	(void)arg, (void)ifindex, (void)mac, (void)is;
}

static const struct election_ops ops = { on_send, on_may_hold, on_each_candidate, on_ip, on_ip,
	on_holder, on_peer };

static void
start(size_t i)
{
	static const char secret[] = "of the cluster, long enough";
	struct guest *guest = &crowd.guests[i];
	struct election_opts opts = ELECTION_DEFAULTS;
	const struct mac mac = { { 2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i } };
	struct hello_key key;
	char text[IP_TEXT_MAX];

	snprintf(guest->name, sizeof(guest->name), "n%zu", i);
	guest->ahead_ms = pick(1000000);
	opts.node = guest->name;
	opts.start_s = WALL_S;
	opts.nonce = pick(UINT32_MAX);
	if (crowd.listen && i > 0 && crowd.n > 50) {
		opts.interval_ms = opts.interval_ms * (int64_t)crowd.n / 50;
		opts.dead_ms = opts.dead_ms * (int64_t)crowd.n / 50;
	}
	guest->e = election_new(&ops, guest, &opts);
	hello_key_init(&key, secret, sizeof(secret));
	election_set_key(guest->e, &key, guest->ahead_ms);
	election_open(guest->e, 1, &mac, true, guest->ahead_ms);
	for (int v = 1; v <= VIPS; v++) {
		struct ip ip;

		snprintf(text, sizeof(text), "10.0.0.%d", v);
		ip = fact_ip(text);
		election_want_holder(guest->e, 1, &ip, &ip, guest->ahead_ms);
	}
	guest->due_ms = pick(1000); /* they do not start in the same millisecond */
}

static void
hear(struct guest *guest, const struct frame *frame)
{
	if (frame->sender == guest || pick(1000) < crowd.loss)
		return;
	if (election_on_hello(guest->e, 1, frame->bytes, frame->len, crowd.now_ms + guest->ahead_ms,
	    crowd.now_ms + guest->ahead_ms, WALL_S + crowd.now_ms / 1000) < 0)
		abort();
	crowd.heard++;
	guest->due_ms = election_next_ms(guest->e) - guest->ahead_ms;
}

static void
deliver(void)
{
	for (size_t i = 0; i < crowd.n_said; i++) {
		const struct frame *frame = &crowd.said[i];

		if (crowd.listen && frame->sender != &crowd.guests[0]) {
			hear(&crowd.guests[0], frame);
			continue;
		}
		for (size_t to = 0; to < crowd.n; to++)
			hear(&crowd.guests[to], frame);
	}
	crowd.n_said = 0;
}

static void
run(int64_t end_ms)
{
	for (;;) {
		struct guest *guest = &crowd.guests[0];

		for (size_t i = 1; i < crowd.n; i++) {
			if (crowd.guests[i].due_ms < guest->due_ms)
				guest = &crowd.guests[i];
		}
		if (guest->due_ms >= end_ms)
			return;
		if (guest->due_ms > crowd.now_ms)
			crowd.now_ms = guest->due_ms;
		election_tick(guest->e, crowd.now_ms + guest->ahead_ms, WALL_S + crowd.now_ms / 1000);
		guest->due_ms = election_next_ms(guest->e) - guest->ahead_ms;
		deliver();
	}
}

static uint64_t
deaths(size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += election_stats(crowd.guests[i].e)->peer_deaths;
	return sum;
}

int
main(int argc, char **argv)
{
	int64_t seconds = argc > 2 ? atoll(argv[2]) : 10;
	struct timespec cpu;
	uint64_t dead;
	double used_s;

	if (argc > 3) {
		crowd.n = (size_t)atoi(argv[1]);
		crowd.loss = (uint32_t)atoi(argv[3]);
		crowd.listen = argc > 4;
	}
	crowd.guests = xcalloc(crowd.n, sizeof(*crowd.guests));
	for (size_t i = 0; i < crowd.n; i++)
		start(i);
	run(seconds * 1000);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	used_s = (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9;
	dead = deaths(crowd.listen ? 1 : crowd.n);
	printf("%zu nodes, %" PRId64 " s, %u of 1000 frames lost: %" PRIu64 " hellos, heard %" PRIu64
	       " times\n", crowd.n, seconds, crowd.loss, crowd.frames, crowd.heard);
	printf("taken for dead: %" PRIu64 " times, of %zu pairs\n", dead,
	    crowd.listen ? crowd.n - 1 : crowd.n * (crowd.n - 1));
	printf("CPU: %.1f s in all, %.3f %% for each election, simulator included\n", used_s,
	    100 * used_s / (double)seconds / (double)(crowd.listen ? 1 : crowd.n));
	for (size_t i = 0; i < crowd.n; i++)
		election_free(crowd.guests[i].e);
	free(crowd.guests);
	return dead != 0;
}
