/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What happens to a cluster, from a seed: a list of steps, each a fault that lasts for a while or
 * what a person does.  A script can be told, and goes on without some of its steps.
 */
struct sim;

#define STEPS_MAX 64

/* A script has rounds: faults for a while, then none that is new for as long; then is looked at. */
#define ROUND_MS 13000
#define FAULTS_MS 5000
#define ROUNDS 2
#define STEADY_MS 1200

struct step {
	int64_t at_ms, for_ms; /* for_ms 0: it is over at once, or lasts to the end */
	uint8_t kind;          /* a row of the table in steps.c */
	uint8_t node, other, lan;
	int32_t value;
	bool skip;
};

struct script {
	struct step v[STEPS_MAX];
	size_t n;
	size_t n_nodes, n_lans;
};

/* script_make - in order of time. */
void script_make(uint32_t seed, struct script *ret_script);
/* script_begin - its steps become events of @sim. */
void script_begin(struct sim *sim, const struct script *script);
/* step_text - a step as a sentence, in @buf. */
const char *step_text(const struct step *step, char *buf, size_t size);

#endif
