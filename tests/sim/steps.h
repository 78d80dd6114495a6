/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STEPS_H
#define STEPS_H

#include "script.h"

/* The kinds of steps: faults and edits by users. */
struct sim;

#define N_SERVICES 6

struct step_kind {
	/*
	 * A sentence that describes the step.  In this sentence, $n stands for the node, $o for
	 * another node, $l for the LAN, $s for the sides of a split, $p for how many of 1000 frames
	 * are lost, and $e for the edit.
	 */
	const char *text;
	void (*begin)(struct sim *sim, const struct step *step);
	void (*end)(struct sim *sim, const struct step *step); /* NULL: the step has no end */
	unsigned int weight; /* relative frequency in scripts */
	bool two_nodes;      /* needs two nodes */
};
extern const struct step_kind step_kinds[];
extern const size_t n_step_kinds;
#define STEP_SERVICE 0 /* index in step_kinds of the edit that creates a Service */

/*
 * step_loss - returns how many of 1000 frames the LAN loses during a step.  If the step lasts into
 * the steady state, the LAN loses only 10 of 1000 frames, as a healthy LAN can.
 */
int step_loss(const struct step *step);

/* edit_line - writes the edit into @buf: a line for fake_api_put(), or "del KIND NAME". */
const char *edit_line(const struct step *step, char *buf, size_t size);
void edits_init(struct sim *sim); /* creates the objects of the cluster before the first step */
void edit_begin(struct sim *sim, const struct step *step);

/* carrier_steps.c */
void step_no_multicast_begin(struct sim *sim, const struct step *step);
void step_no_multicast_end(struct sim *sim, const struct step *step);
void step_no_udp_begin(struct sim *sim, const struct step *step);
void step_no_udp_end(struct sim *sim, const struct step *step);
void step_deaf_begin(struct sim *sim, const struct step *step);
void step_deaf_end(struct sim *sim, const struct step *step);
void step_relay_begin(struct sim *sim, const struct step *step);
void step_relay_end(struct sim *sim, const struct step *step);
void step_make_again(struct sim *sim, const struct step *step);
void step_change_mac(struct sim *sim, const struct step *step);

enum edit { EDIT_NONE, EDIT_SERVICE, EDIT_SERVICE_GONE, EDIT_ENDPOINTS, EDIT_POOL, EDIT_ADV };
/* edit_of - returns the type of edit of step_kinds[@kind]. */
enum edit edit_of(uint8_t kind);

#endif
