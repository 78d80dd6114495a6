/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STEPS_H
#define STEPS_H

#include "script.h"

/* The kinds of steps: faults and edits by users. */
struct sim;

#define N_SERVICES 6

struct step_kind {
	/*
	 * A sentence.  $n: the node, $o: another node, $l: the LAN, $s: the sides of a split,
	 * $p: the loss, of 1000 frames, $e: the edit.
	 */
	const char *text;
	void (*begin)(struct sim *sim, const struct step *step);
	void (*end)(struct sim *sim, const struct step *step); /* NULL: the step has no duration */
	unsigned int weight; /* relative frequency in scripts */
	bool two_nodes;      /* needs two nodes */
};
extern const struct step_kind step_kinds[];
extern const size_t n_step_kinds;
#define STEP_SERVICE 0 /* the row of the edits that create Services at the start */

/*
 * step_loss - returns the loss of a step, of 1000 frames.  A loss that lasts into the steady state
 * is 10, which a LAN may have at any time.
 */
int step_loss(const struct step *step);

/* edit_line - writes an edit as a line for fake_api_put(), or "del " and a key, into @buf. */
const char *edit_line(const struct step *step, char *buf, size_t size);
void edits_init(struct sim *sim); /* creates the objects that exist from the start */
void edit_begin(struct sim *sim, const struct step *step);

enum edit { EDIT_NONE, EDIT_SERVICE, EDIT_SERVICE_GONE, EDIT_ENDPOINTS, EDIT_POOL, EDIT_ADV };
/* edit_of - returns the type of edit of a row of step_kinds. */
enum edit edit_of(uint8_t kind);

#endif
