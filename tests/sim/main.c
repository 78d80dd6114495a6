/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"
#include "steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Runs simulated histories of whole clusters, until a history fails.
 *
 *	sim [--steps] [--trace] [--digest] [SEED [COUNT]]
 *
 *	--steps		prints the script before the history
 *	--trace		prints every event of the history
 *	--digest	prints a hash of all actions of the daemons in each history, and a hash over
 *			all histories; a refactoring must not change them
 *
 * For a seed that fails, the program prints the shortest script that still fails: it removes every
 * step without which the history still fails.
 */
#define SEEDS 1000

static void
print_script(const struct script *script)
{
	char buf[512];

	printf("%zu nodes, %zu LAN%s\n", script->n_nodes, script->n_lans,
	    script->n_lans == 1 ? "" : "s");
	for (size_t i = 0; i < script->n; i++) {
		const struct step *step = &script->v[i];

		if (!step->skip)
			printf("%3d.%03d %s\n", (int)(step->at_ms / 1000),
			    (int)(step->at_ms % 1000), step_text(step, buf, sizeof(buf)));
	}
}

/*
 * Removes steps from the script, as long as the history still fails.  Takes ownership of @failure.
 * Returns the message of the check that fails when the shorter script runs.
 */
static char *
shrink(uint32_t seed, struct script *script, char *failure)
{
	bool shorter = true;

	while (shorter) {
		shorter = false;
		for (size_t i = script->n; i-- > 0;) {
			char *still;

			if (script->v[i].skip)
				continue;
			script->v[i].skip = true;
			still = sim_run(seed, script, false, NULL);
			if (!still) {
				script->v[i].skip = false;
				continue;
			}
			free(failure);
			failure = still;
			shorter = true;
		}
	}
	return failure;
}

static int
run_seed(uint32_t seed, bool steps, bool trace, uint64_t *ret_digest)
{
	struct script script;
	char *failure;

	script_make(seed, &script);
	if (steps)
		print_script(&script);
	failure = sim_run(seed, &script, trace, ret_digest);
	if (!failure)
		return 0;
	printf("seed %u: %s\n", seed, failure);
	failure = shrink(seed, &script, failure);
	printf("the shortest script that fails (%s):\n", failure);
	print_script(&script);
	printf("the history of that script:\n");
	free(failure);
	free(sim_run(seed, &script, true, NULL));
	printf("to repeat the whole history: tests/sim/sim --trace %u\n", seed);
	return 1;
}

int
main(int argc, char **argv)
{
	uint32_t seed = 1, count = SEEDS;
	bool steps = false, trace = false, digest = false;
	uint64_t of_seed, of_all = DIGEST_INIT;
	const char *env = getenv("SIM_COUNT");
	int n = 0;

	if (env)
		count = (uint32_t)strtoul(env, NULL, 10);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--steps") == 0) {
			steps = true;
		} else if (strcmp(argv[i], "--trace") == 0) {
			trace = true;
		} else if (strcmp(argv[i], "--digest") == 0) {
			digest = true;
		} else if (n++ == 0) {
			seed = (uint32_t)strtoul(argv[i], NULL, 10);
			count = 1;
		} else {
			count = (uint32_t)strtoul(argv[i], NULL, 10);
		}
	}
	for (uint32_t i = 0; i < count; i++) {
		if (run_seed(seed + i, steps, trace, &of_seed))
			return 1;
		digest_bytes(&of_all, &of_seed, sizeof(of_seed));
		if (digest)
			printf("seed %u: digest %016" PRIx64 "\n", seed + i, of_seed);
	}
	if (digest)
		printf("all: digest %016" PRIx64 "\n", of_all);
	printf("%u histories from seed %u on: no failure\n", count, seed);
	return 0;
}
