/* SPDX-License-Identifier: Apache-2.0 */
#include "lan.h"
#include "arplet/arp.h"
#include "sim.h"
#include "voice.h"

#include <stdlib.h>
#include <string.h>

struct flight {
	int to, lan;
	size_t len;
	uint8_t frame[];
};

static void
take_frame(struct host *node, void *arg)
{
	struct flight *flight = arg;

	voice_on_frame(node, flight->lan, flight->frame, flight->len);
	free(flight);
}

bool
lan_hears(const struct sim *sim, int lan, int from, int to)
{
	const struct lan *l = &sim->lans[lan];

	return !l->blocked[from][to] && !l->unplugged[from] && !l->unplugged[to] && !l->silent[from] &&
	    !l->silent[to];
}

static void
fire_flight(struct sim *sim, void *arg)
{
	struct flight *flight = arg;

	if (sim->lans[flight->lan].unplugged[flight->to]) {
		free(flight);
	} else if (voice_keep(&sim->nodes[flight->to], flight->lan, flight->frame, flight->len)) {
		free(flight);
	} else {
		node_input(&sim->nodes[flight->to], take_frame, free, flight);
	}
}

int64_t
lan_late_ms(const struct lan *lan)
{
	return 1 + lan->slow_ms;
}

/* To all but @but that would hear it from @from. */
static void
spread(struct sim *sim, int from, int but, int lan, const uint8_t *frame, size_t len)
{
	const struct lan *l = &sim->lans[lan];

	for (int to = 0; to < (int)sim->n_nodes; to++) {
		int copies = l->twice && sim_pick(sim, from, 4) == 0 ? 2 : 1;

		if (to == but || !sim->nodes[to].running || !lan_hears(sim, lan, from, to))
			continue;
		while (copies-- > 0) {
			struct flight *flight;

			if (l->loss && (int)sim_pick(sim, from, 1000) < l->loss)
				continue;
			flight = xcalloc(1, sizeof(*flight) + len);
			*flight = (struct flight){ .to = to, .lan = lan, .len = len };
			memcpy(flight->frame, frame, len);
			sim_at(sim, sim->now_ms + sim_pick(sim, from, (uint32_t)lan_late_ms(l) + 1),
			    fire_flight, free, flight);
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

/* One of the last hellos comes again, to its sender, too. */
static void
replay(struct sim *sim, int from, int lan)
{
	const struct lan *l = &sim->lans[lan];
	size_t n = l->n_recorded < LAN_RECORDED ? l->n_recorded : LAN_RECORDED;
	const struct recording *r = &l->recorded[sim_pick(sim, from, (uint32_t)n)];

	spread(sim, r->from, -1, lan, r->frame, r->len);
}

void
lan_send(struct sim *sim, int from, int lan, const uint8_t *frame, size_t len)
{
	struct lan *l = &sim->lans[lan];
	uint64_t *digest = sim_digest(sim, from, "frame");
	struct arp arp;

	digest_number(digest, lan);
	digest_bytes(digest, frame, len);
	spread(sim, from, from, lan, frame, len);
	if (arp_parse(frame, len, &arp) == 0)
		return;
	record(l, from, frame, len);
	if (l->replayed)
		replay(sim, from, lan);
}
