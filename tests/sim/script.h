/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A script is a list of steps, made from a seed.  A step is a fault, or an edit by a user.  The
 * program can print a script, and can run it without some of its steps.
 */
struct sim;

#define STEPS_MAX 64

/*
 * A history consists of rounds.  In the first FAULTS_MS of a round, faults begin; until its end no
 * fault begins.  The last STEADY_MS of a round are the steady state.
 */
#define ROUND_MS 13000
#define FAULTS_MS 5000
#define ROUNDS 2
#define STEADY_MS 1200

struct step {
	int64_t at_ms, for_ms; /* start and duration; for_ms 0: ends at once, or never */
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

/* script_make - makes the script of @seed, ordered by time. */
void script_make(uint32_t seed, struct script *ret_script);
/* script_begin - schedules the steps of @script as events of @sim. */
void script_begin(struct sim *sim, const struct script *script);
/* step_text - writes the step as a sentence into @buf, and returns @buf. */
const char *step_text(const struct step *step, char *buf, size_t size);

#endif
