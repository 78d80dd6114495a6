/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"
#include "arplet/election.h"
#include "core/scenario/object_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * Runs the election of many nodes on one LAN that loses frames.  Counts the peers that nodes
 * declare dead, which is an error, and measures the CPU time of an election.
 *
 *	many_nodes [NODES SECONDS PERMILLE ["listen"]]
 *
 * Each receiver loses PERMILLE of 1000 frames.  With "listen", only the first node receives hellos
 * from all other nodes.  The other nodes receive hellos only from the first node, and send hellos
 * at the interval of a LAN of NODES nodes.  Such a run costs about 1/NODES of a full run, so it can
 * simulate a whole day.
 */
#define VIPS 8
#define WALL_S 1700000000

struct lan_node {
	struct election *e;
	char name[24];
	int64_t due_ms;          /* when the next timer is due, in simulated time */
	int64_t clock_offset_ms; /* the node's monotonic clock minus the simulated time */
};

static struct {
	struct lan_node *nodes;
	size_t n;
	bool listen;
	int64_t now_ms;
	uint32_t loss;
	uint64_t random, frames, received;
	struct frame {
		struct lan_node *sender;
		size_t len;
		uint8_t bytes[HELLO_FRAME_MAX];
	} sent[32]; /* frames that a node sent in one call of election_tick() */
	size_t n_sent;
} lan = { .n = 50, .loss = 10, .random = 88172645463325252u };

static uint32_t
random_below(uint32_t n)
{
	/* xorshift64* */
	lan.random ^= lan.random >> 12;
	lan.random ^= lan.random << 25;
	lan.random ^= lan.random >> 27;
	return (uint32_t)((lan.random * UINT64_C(0x2545f4914f6cdd1d) >> 32) * n >> 32);
}

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct frame *sent = &lan.sent[lan.n_sent++];

	(void)ifindex;
	if (lan.n_sent > sizeof(lan.sent) / sizeof(*lan.sent))
		abort();
	sent->sender = arg;
	sent->len = len;
	memcpy(sent->bytes, frame, len);
	lan.frames++;
}

/*
 * With "listen", only the first node is a candidate, because the other nodes would not receive the
 * hellos of another holder.
 */
static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	(void)arg, (void)ip;
	return !lan.listen || strcmp(node, lan.nodes[0].name) == 0;
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	(void)arg, (void)ip;
	for (size_t i = 0; i < (lan.listen ? 1 : lan.n); i++)
		visit(visit_arg, lan.nodes[i].name, true);
}

static void
on_ip(void *arg, int ifindex, const struct ip *ip)
{
	(void)arg, (void)ifindex, (void)ip;
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum holder_change change,
    int64_t gap_ms)
{
	(void)arg, (void)ifindex, (void)ip, (void)node, (void)change, (void)gap_ms;
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is)
{
	(void)arg, (void)ifindex, (void)mac, (void)is;
}

static const struct election_ops ops = {
	.send = on_send,
	.may_hold = on_may_hold,
	.each_candidate = on_each_candidate,
	.hold = on_ip,
	.drop = on_ip,
	.on_holder = on_holder,
	.on_peer = on_peer,
};

static void
start(size_t i)
{
	static const char secret[] = "of the cluster, long enough";
	struct lan_node *node = &lan.nodes[i];
	struct election_opts opts = ELECTION_DEFAULTS;
	const struct mac mac = { { 2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i } };
	struct hello_key key;
	char text[IP_TEXT_MAX];

	snprintf(node->name, sizeof(node->name), "n%zu", i);
	node->clock_offset_ms = random_below(1000000);
	opts.node = node->name;
	opts.start_s = WALL_S;
	opts.nonce = random_below(UINT32_MAX);
	if (lan.listen && i > 0 && lan.n > 50) {
		opts.interval_ms = opts.interval_ms * (int64_t)lan.n / 50;
		opts.dead_ms = opts.dead_ms * (int64_t)lan.n / 50;
	}
	node->e = election_new(&ops, node, &opts);
	hello_key_init(&key, secret, sizeof(secret));
	election_set_key(node->e, &key, node->clock_offset_ms);
	hello_key_done(&key);
	election_open(node->e, 1, &mac, true, node->clock_offset_ms);
	for (int v = 1; v <= VIPS; v++) {
		struct ip ip;

		snprintf(text, sizeof(text), "10.0.0.%d", v);
		ip = ip_from_text(text);
		election_want_holder(node->e, 1, &ip, &ip, node->clock_offset_ms);
	}
	node->due_ms = random_below(1000); /* the nodes start at different times */
}

static void
receive(struct lan_node *node, const struct frame *frame)
{
	int rc;

	if (frame->sender == node || random_below(1000) < lan.loss)
		return;
	rc = election_on_hello(node->e, 1, HELLO_MULTICAST, frame->bytes, frame->len,
	    lan.now_ms + node->clock_offset_ms, lan.now_ms + node->clock_offset_ms);
	if (rc < 0 && rc != -EALREADY) /* -EALREADY: the sender has just started */
		abort();
	lan.received++;
	node->due_ms = election_next_ms(node->e) - node->clock_offset_ms;
}

static void
deliver(void)
{
	for (size_t i = 0; i < lan.n_sent; i++) {
		const struct frame *frame = &lan.sent[i];

		if (lan.listen && frame->sender != &lan.nodes[0]) {
			receive(&lan.nodes[0], frame);
			continue;
		}
		for (size_t to = 0; to < lan.n; to++)
			receive(&lan.nodes[to], frame);
	}
	lan.n_sent = 0;
}

static void
run(int64_t end_ms)
{
	for (;;) {
		struct lan_node *node = &lan.nodes[0];

		for (size_t i = 1; i < lan.n; i++) {
			if (lan.nodes[i].due_ms < node->due_ms)
				node = &lan.nodes[i];
		}
		if (node->due_ms >= end_ms)
			return;
		if (node->due_ms > lan.now_ms)
			lan.now_ms = node->due_ms;
		election_tick(node->e, lan.now_ms + node->clock_offset_ms);
		node->due_ms = election_next_ms(node->e) - node->clock_offset_ms;
		deliver();
	}
}

static uint64_t
deaths(size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += election_stats(lan.nodes[i].e)->peer_deaths;
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
		lan.n = (size_t)atoi(argv[1]);
		lan.loss = (uint32_t)atoi(argv[3]);
		lan.listen = argc > 4;
	}
	lan.nodes = xcalloc(lan.n, sizeof(*lan.nodes));
	for (size_t i = 0; i < lan.n; i++)
		start(i);
	run(seconds * 1000);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	used_s = (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9;
	dead = deaths(lan.listen ? 1 : lan.n);
	printf("%zu nodes, %" PRId64 " s, %u of 1000 frames lost: %" PRIu64 " hellos sent, %" PRIu64
	    " received\n", lan.n, seconds, lan.loss, lan.frames, lan.received);
	printf("peers declared dead: %" PRIu64 ", in %zu pairs of nodes\n", dead,
	    lan.listen ? lan.n - 1 : lan.n * (lan.n - 1));
	printf("CPU: %.1f s in total, %.3f %% for each election and its simulation\n", used_s,
	    100 * used_s / (double)seconds / (double)(lan.listen ? 1 : lan.n));
	for (size_t i = 0; i < lan.n; i++)
		election_free(lan.nodes[i].e);
	free(lan.nodes);
	return dead != 0;
}
