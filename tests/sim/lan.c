/* SPDX-License-Identifier: Apache-2.0 */
#include "lan.h"
#include "arplet/arp.h"
#include "sim.h"
#include "speaker.h"

#include <stdlib.h>
#include <string.h>

struct frame_in_flight {
	int to, lan;
	size_t len;
	uint8_t frame[];
};

static void
receive_frame(struct sim_node *node, void *arg)
{
	struct frame_in_flight *frame = arg;

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

static void
fire_arrival(struct sim *sim, void *arg)
{
	struct frame_in_flight *frame = arg;

	if (sim->lans[frame->lan].unplugged[frame->to]) {
		free(frame);
	} else if (speaker_queue_hello(&sim->nodes[frame->to], frame->lan, frame->frame,
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

/* Sends the frame to all running nodes that @from reaches, except node @but (-1: no exception). */
static void
broadcast(struct sim *sim, int from, int but, int lan, const uint8_t *frame, size_t len)
{
	const struct lan *l = &sim->lans[lan];
	uint32_t max_ms = (uint32_t)lan_delay_max_ms(l);

	for (int to = 0; to < (int)sim->n_nodes; to++) {
		int copies = l->duplicates && sim_random(sim, from, 4) == 0 ? 2 : 1;

		if (to == but || !sim->nodes[to].running || !lan_delivers(sim, lan, from, to))
			continue;
		while (copies-- > 0) {
			struct frame_in_flight *copy;

			if (l->loss && (int)sim_random(sim, from, 1000) < l->loss)
				continue;
			copy = xcalloc(1, sizeof(*copy) + len);
			*copy = (struct frame_in_flight){ .to = to, .lan = lan, .len = len };
			memcpy(copy->frame, frame, len);
			sim_schedule(sim, sim->now_ms + sim_random(sim, from, max_ms + 1),
			    fire_arrival, free, copy);
		}
	}
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
	struct arp arp;

	digest_number(digest, lan);
	digest_bytes(digest, frame, len);
	broadcast(sim, from, from, lan, frame, len);
	if (arp_parse(frame, len, &arp) == 0)
		return;
	record(l, from, frame, len);
	if (l->replayed)
		replay(sim, from, lan);
}
