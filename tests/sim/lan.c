/* SPDX-License-Identifier: Apache-2.0 */
#include "lan.h"
#include "arplet/arp.h"
#include "sim.h"
#include "speaker.h"

#include <stdlib.h>
#include <string.h>

struct frame_in_flight {
	int to, lan;
	enum hello_carrier carrier; /* HELLO_MULTICAST also for ARP */
	size_t len;
	uint8_t frame[];
};

static void
receive_frame(struct sim_node *node, void *arg)
{
	struct frame_in_flight *frame = arg;

	if (frame->carrier == HELLO_UDP)
		speaker_on_udp(node, frame->lan, frame->frame, frame->len);
	else
		speaker_on_frame(node, frame->lan, frame->frame, frame->len);
	free(frame);
}

bool
lan_delivers(const struct sim *sim, int lan, int from, int to)
{
	const struct lan *l = &sim->lans[lan];

	return !l->blocked[from][to] && !l->unplugged[from] && !l->unplugged[to] &&
	    !l->silent[from] && !l->silent[to];
}

static bool
delivers_multicast(const struct lan *l, int from, int to)
{
	return !l->no_multicast && !l->deaf[from][to];
}

bool
lan_delivers_hellos(const struct sim *sim, int lan, int from, int to)
{
	const struct lan *l = &sim->lans[lan];

	return lan_delivers(sim, lan, from, to) && (delivers_multicast(l, from, to) || !l->no_udp);
}

static void
fire_arrival(struct sim *sim, void *arg)
{
	struct frame_in_flight *frame = arg;

	if (sim->lans[frame->lan].unplugged[frame->to]) {
		free(frame);
	} else if (frame->carrier == HELLO_MULTICAST && speaker_queue_hello(&sim->nodes[frame->to], frame->lan, frame->frame,
	    frame->len)) {
		free(frame);
	} else {
		node_deliver(&sim->nodes[frame->to], receive_frame, free, frame);
	}
}

int64_t
lan_delay_max_ms(const struct lan *lan)
{
	return 1 + lan->delay_ms;
}

/* Sends one copy of the frame, or two, or none, to a running node. */
static void
deliver(struct sim *sim, int from, int to, int lan, enum hello_carrier carrier,
    const uint8_t *frame, size_t len)
{
	const struct lan *l = &sim->lans[lan];
	int copies = l->duplicates && sim_random(sim, from, 4) == 0 ? 2 : 1;

	while (copies-- > 0) {
		struct frame_in_flight *copy;

		if (l->loss && (int)sim_random(sim, from, 1000) < l->loss)
			continue;
		copy = xcalloc(1, sizeof(*copy) + len);
		*copy = (struct frame_in_flight){ to, lan, carrier, len };
		memcpy(copy->frame, frame, len);
		sim_schedule(sim,
		    sim->now_ms + sim_random(sim, from, (uint32_t)lan_delay_max_ms(l) + 1),
		    fire_arrival, free, copy);
	}
}

static bool
is_arp(const uint8_t *frame, size_t len)
{
	struct arp arp;

	return arp_parse(frame, len, &arp) == 0;
}

/* Sends the frame to all running nodes that @from reaches, except node @but (-1: no exception). */
static void
broadcast(struct sim *sim, int from, int but, int lan, const uint8_t *frame, size_t len)
{
	const struct lan *l = &sim->lans[lan];
	bool is_hello = !is_arp(frame, len);

	for (int to = 0; to < (int)sim->n_nodes; to++) {
		if (to == but || !sim->nodes[to].running || !lan_delivers(sim, lan, from, to) ||
		    (is_hello && !delivers_multicast(l, from, to)))
			continue;
		deliver(sim, from, to, lan, HELLO_MULTICAST, frame, len);
	}
}

void
lan_send_udp(struct sim *sim, int from, int to, int lan, const uint8_t *payload, size_t len)
{
	uint64_t *digest = sim_digest(sim, from, "udp");

	digest_number(digest, lan);
	digest_number(digest, to);
	digest_bytes(digest, payload, len);
	if (sim->nodes[to].running && lan_delivers(sim, lan, from, to) && !sim->lans[lan].no_udp)
		deliver(sim, from, to, lan, HELLO_UDP, payload, len);
}

static void
record(struct lan *l, int from, const uint8_t *frame, size_t len)
{
	struct recording *r = &l->recorded[l->n_recorded++ % LAN_RECORDED];

	r->from = from;
	r->len = len;
	memcpy(r->frame, frame, len);
}

/* An attacker sends one of the recorded hellos again, to all nodes, even to the original sender. */
static void
replay(struct sim *sim, int from, int lan)
{
	const struct lan *l = &sim->lans[lan];
	size_t n = l->n_recorded < LAN_RECORDED ? l->n_recorded : LAN_RECORDED;
	const struct recording *r = &l->recorded[sim_random(sim, from, (uint32_t)n)];

	broadcast(sim, r->from, -1, lan, r->frame, r->len);
}

void
lan_send(struct sim *sim, int from, int lan, const uint8_t *frame, size_t len)
{
	struct lan *l = &sim->lans[lan];
	uint64_t *digest = sim_digest(sim, from, "frame");

	digest_number(digest, lan);
	digest_bytes(digest, frame, len);
	broadcast(sim, from, from, lan, frame, len);
	if (is_arp(frame, len))
		return;
	if (l->relayed)
		broadcast(sim, from, -1, (lan + 1) % (int)sim->n_lans, frame, len);
	record(l, from, frame, len);
	if (l->replayed)
		replay(sim, from, lan);
}
