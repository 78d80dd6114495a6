/* SPDX-License-Identifier: Apache-2.0 */
#include "steps.h"
#include "core/scenario/object_text.h"
#include "sim.h"
#include "speaker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- daemons and nodes --- */

static void
crash(struct sim *sim, const struct step *step)
{
	sim->nodes[step->node].down++;
	node_kill(&sim->nodes[step->node]);
}

static void
start_again(struct sim *sim, const struct step *step)
{
	sim->nodes[step->node].down--;
	node_start(&sim->nodes[step->node]);
}

/*
 * The daemon gets SIGTERM.  If this daemon stops before the step ends, a new daemon starts at the
 * end of the step.
 */
static void
leave(struct sim *sim, const struct step *step)
{
	sim->nodes[step->node].down++;
	node_leave(&sim->nodes[step->node]);
}

static void
freeze(struct sim *sim, const struct step *step)
{
	if (sim->nodes[step->node].frozen++ == 0)
		sim->nodes[step->node].frozen_since_ms = sim->now_ms;
}

static void
thaw(struct sim *sim, const struct step *step)
{
	sim->nodes[step->node].frozen--;
	node_thaw(&sim->nodes[step->node]);
}

static void
step_clock(struct sim *sim, const struct step *step)
{
	static const int seconds[] = { 1, -1, 30, -40, 3600, -3600, 86400 * 400, -86400 * 400 };

	sim->nodes[step->node].wall_offset_s += seconds[step->value % 8];
}

/* --- the LAN --- */

/* The bits of step->value divide the nodes into two sides that do not reach each other. */
static void
split(struct sim *sim, const struct step *step, int by)
{
	for (size_t a = 0; a < sim->n_nodes; a++) {
		for (size_t b = 0; b < sim->n_nodes; b++) {
			if ((step->value >> a & 1) != (step->value >> b & 1))
				sim->lans[step->lan].blocked[a][b] += by;
		}
	}
}

static void
split_begin(struct sim *sim, const struct step *step)
{
	split(sim, step, 1);
}

static void
split_end(struct sim *sim, const struct step *step)
{
	split(sim, step, -1);
}

static void
block_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].blocked[step->node][step->other]++;
}

static void
block_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].blocked[step->node][step->other]--;
}

/* The node receives no frames; the other nodes still receive its frames. */
static void
isolate_begin(struct sim *sim, const struct step *step)
{
	for (size_t a = 0; a < sim->n_nodes; a++)
		sim->lans[step->lan].blocked[a][step->node]++;
}

static void
isolate_end(struct sim *sim, const struct step *step)
{
	for (size_t a = 0; a < sim->n_nodes; a++)
		sim->lans[step->lan].blocked[a][step->node]--;
}

int
step_loss(const struct step *step)
{
	static const int losses[] = { 10, 50, 200, 400 };

	return step->for_ms > FAULTS_MS ? losses[0] : losses[step->value % 4];
}

static void
loss_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].loss += step_loss(step);
}

static void
loss_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].loss -= step_loss(step);
}

static void
delay_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].delay_ms += 5 + step->value % 60;
	sim->lans[step->lan].duplicates++;
}

static void
delay_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].delay_ms -= 5 + step->value % 60;
	sim->lans[step->lan].duplicates--;
}

static void
replay_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].replayed++;
}

static void
replay_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].replayed--;
}

static void
unplug(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].unplugged[step->node]++;
	speaker_link_changed(&sim->nodes[step->node], step->lan);
}

static void
plug(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].unplugged[step->node]--;
	speaker_link_changed(&sim->nodes[step->node], step->lan);
}

static void
silent_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].silent[step->node]++;
}

static void
silent_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].silent[step->node]--;
}

/* --- the API --- */

static void
resume_watches(struct sim *sim, struct sim_node *node, uint32_t mode)
{
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct watch *watch = &node->watches[kind];

		if (!node->running)
			continue;
		if (mode == 0 && !watch->listing)
			node_list(node, kind);
		else if (mode == 1 && watch->seen > 2) /* repeats the last events */
			watch->seen -= 1 + sim_random(sim, DRAW_API, 2);
		api_server_resume_watch(sim, node, kind);
	}
}

static void
api_cut_begin(struct sim *sim, const struct step *step)
{
	sim->nodes[step->node].api_cut++;
}

static void
api_cut_end(struct sim *sim, const struct step *step)
{
	if (--sim->nodes[step->node].api_cut == 0)
		resume_watches(sim, &sim->nodes[step->node], (uint32_t)step->value % 3);
}

static void
api_down_begin(struct sim *sim, const struct step *step)
{
	(void)step;
	sim->api_server.down++;
}

static void
api_down_end(struct sim *sim, const struct step *step)
{
	if (--sim->api_server.down)
		return;
	for (size_t i = 0; i < sim->n_nodes; i++)
		resume_watches(sim, &sim->nodes[i], (uint32_t)step->value / (i + 1) % 3);
}

static void
watch_delay_begin(struct sim *sim, const struct step *step)
{
	sim->nodes[step->node].watches[step->value % KINDS].delayed++;
}

static void
watch_delay_end(struct sim *sim, const struct step *step)
{
	struct sim_node *node = &sim->nodes[step->node];
	enum kind kind = (enum kind)(step->value % KINDS);

	if (node->watches[kind].delayed > 0) /* 0 if the daemon restarted during the fault */
		node->watches[kind].delayed--;
	api_server_resume_watch(sim, node, kind);
}

static void
watch_restart(struct sim *sim, const struct step *step)
{
	if (!sim->nodes[step->node].frozen)
		resume_watches(sim, &sim->nodes[step->node], (uint32_t)step->value % 2);
}

static void
lease_delete(struct sim *sim, const struct step *step)
{
	(void)step;
	api_server_delete_lease(sim);
}

/* A daemon is frozen, a user deletes the Lease, and a daemon that starts finds no Lease. */
static void
succession_begin(struct sim *sim, const struct step *step)
{
	struct sim_node *starter = &sim->nodes[step->other];

	freeze(sim, step);
	api_server_delete_lease(sim);
	if (!starter->running || starter->leaving || starter->down)
		return;
	node_kill(starter);
	node_start(starter);
}

/* --- the table --- */

const struct step_kind step_kinds[] = {
	[STEP_SERVICE] = { "a user writes: $e", edit_begin, NULL, 6, false },
	{ "a user writes: $e", edit_begin, NULL, 2, false },
	{ "a user writes: $e", edit_begin, NULL, 4, false },
	{ "a user writes: $e", edit_begin, NULL, 2, false },
	{ "a user writes: $e", edit_begin, NULL, 2, false },
	{ "the daemon on $n receives SIGKILL", crash, start_again, 6, false },
	{ "the daemon on $n receives SIGTERM", leave, start_again, 6, false },
	{ "the daemon on $n receives SIGSTOP", freeze, thaw, 8, false },
	{ "$l is split; sides of the nodes: $s", split_begin, split_end, 8, true },
	{ "on $l, $o receives no frames from $n", block_begin, block_end, 4, true },
	{ "on $l, $n receives no frames", isolate_begin, isolate_end, 4, false },
	{ "$l loses $p of 1000 frames", loss_begin, loss_end, 5, true },
	{ "$l delays frames and duplicates some", delay_begin, delay_end, 3, true },
	{ "an attacker on $l replays old hellos", replay_begin, replay_end, 3, true },
	{ "$n has no carrier on $l", unplug, plug, 5, false },
	{ "$l drops all frames of $n, whose carrier stays", silent_begin, silent_end, 5, false },
	{ "the wall clock of $n jumps", step_clock, NULL, 3, false },
	{ "$n cannot reach the API server", api_cut_begin, api_cut_end, 5, false },
	{ "the API server does not reply", api_down_begin, api_down_end, 3, false },
	{ "a watch of $n is delayed", watch_delay_begin, watch_delay_end, 5, false },
	{ "the watches of $n restart", watch_restart, NULL, 3, false },
	{ "a user deletes the Lease", lease_delete, NULL, 1, false },
	{ "$l drops the EtherType of hellos", step_no_multicast_begin, step_no_multicast_end, 4, true },
	{ "$l drops hellos as UDP", step_no_udp_begin, step_no_udp_end, 3, true },
	{ "on $l, $o receives no multicast hellos from $n", step_deaf_begin, step_deaf_end, 4, true },
	{ "an attacker relays hellos of $l to the next LAN", step_relay_begin, step_relay_end, 3, true },
	{ "the interface of $n on $l is made again", step_make_again, NULL, 4, false },
	{ "the MAC of $n on $l changes", step_change_mac, NULL, 2, false },
	{ "$n receives SIGSTOP, a user deletes the Lease, and the daemon on $o restarts",
	    succession_begin, thaw, 3, true },
};
const size_t n_step_kinds = sizeof(step_kinds) / sizeof(*step_kinds);

enum edit
edit_of(uint8_t kind)
{
	static const enum edit edits[] = { EDIT_SERVICE, EDIT_SERVICE_GONE, EDIT_ENDPOINTS,
		EDIT_POOL, EDIT_ADV };

	return kind < sizeof(edits) / sizeof(*edits) ? edits[kind] : EDIT_NONE;
}

/* --- from steps to events --- */

static void
fire_end(struct sim *sim, void *arg)
{
	const struct step *step = arg;
	char buf[256];

	sim_fault_changes(sim);
	sim_trace(sim, "--- end of: %s", step_text(step, buf, sizeof(buf)));
	step_kinds[step->kind].end(sim, step);
}

static void
no_drop(void *arg)
{
	(void)arg; /* the script owns the step */
}

static void
fire_begin(struct sim *sim, void *arg)
{
	const struct step *step = arg;
	char buf[256];

	sim_fault_changes(sim);
	sim_trace(sim, "--- %s", step_text(step, buf, sizeof(buf)));
	step_kinds[step->kind].begin(sim, step);
	if (step->for_ms)
		sim_schedule(sim, step->at_ms + step->for_ms, fire_end, no_drop, arg);
}

void
script_begin(struct sim *sim, const struct script *script)
{
	edits_init(sim);
	for (size_t i = 0; i < script->n; i++) {
		if (!script->v[i].skip)
			sim_schedule(sim, script->v[i].at_ms, fire_begin, no_drop,
			    (void *)&script->v[i]);
	}
}
