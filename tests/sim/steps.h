/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STEPS_H
#define STEPS_H

#include "script.h"

/* What can happen. */
struct sim;

#define N_SERVICES 6

struct step_kind {
	/* $n a node, $o another, $l the LAN, $s sides, $p permille, $e what a person writes */
	const char *text;
	void (*begin)(struct sim *sim, const struct step *step);
	void (*end)(struct sim *sim, const struct step *step); /* NULL: it does not last */
	unsigned int weight;
	bool two_nodes; /* it takes two nodes */
};
extern const struct step_kind step_kinds[];
extern const size_t n_step_kinds;
#define STEP_SERVICE 0 /* the row by which a cluster gets its Services */

/* step_loss - of 1000 frames; what lasts over a rest is what a LAN may do at any time. */
int step_loss(const struct step *step);

/*
 * edits.c: what a person writes.  edit_line - the line for fake_api_put() or, after "del ", fake_api_delete().
 */
const char *edit_line(const struct step *step, char *buf, size_t size);
void edits_init(struct sim *sim); /* the objects that are there from the beginning */
void edit_begin(struct sim *sim, const struct step *step);

enum edit { EDIT_NONE, EDIT_SERVICE, EDIT_SERVICE_GONE, EDIT_ENDPOINTS, EDIT_POOL, EDIT_ADV };
enum edit edit_of(uint8_t kind);

#endif
