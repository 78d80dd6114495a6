/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A script is a list of steps that a seed determines.  A step is a fault, or an edit by a user.
 * The simulator can print a script, and can run it without some of its steps.
 */
struct sim;

#define STEPS_MAX 64

/*
 * A history consists of rounds.  Faults begin only in the first FAULTS_MS of a round.  The last
 * STEADY_MS of a round are the steady state.
 */
#define ROUND_MS 13000
#define FAULTS_MS 5000
#define ROUNDS 2
#define STEADY_MS 1200

struct step {
	int64_t at_ms, for_ms; /* start and duration; for_ms 0: the step has no end */
	uint8_t kind;          /* index in step_kinds */
	uint8_t node, other, lan;
	int32_t value;
	bool skip;
};

struct script {
	struct step v[STEPS_MAX];
	size_t n;
	size_t n_nodes, n_lans;
};

/* script_make - makes the script of @seed, with its steps ordered by time. */
void script_make(uint32_t seed, struct script *ret_script);
/* script_begin - schedules the steps of @script as events of @sim. */
void script_begin(struct sim *sim, const struct script *script);
/* step_text - writes the step as a sentence into @buf, and returns @buf. */
const char *step_text(const struct step *step, char *buf, size_t size);

#endif
