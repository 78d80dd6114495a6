/* SPDX-License-Identifier: Apache-2.0 */
#include "script.h"
#include "core/scenario/object_text.h"
#include "node.h"
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A script has a random generator of its own, so the same seed always gives the same script. */
static uint32_t
random_below(uint64_t *state, uint32_t n)
{
	/* xorshift64* */
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * 0x2545f4914f6cdd1du >> 32) * n >> 32);
}

static int
step_cmp(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static uint8_t
pick_kind(uint64_t *state, const struct script *script)
{
	unsigned int sum = 0;
	uint8_t kind = 0;

	for (size_t i = 0; i < n_step_kinds; i++)
		sum += step_kinds[i].weight;
	sum = random_below(state, sum);
	while (sum >= step_kinds[kind].weight)
		sum -= step_kinds[kind++].weight;
	/* if the cluster has only one node, replaces faults that need two nodes by edits */
	return script->n_nodes == 1 && step_kinds[kind].two_nodes ? 0 : kind;
}

/* Returns the duration of a fault: 50 to 750 ms, or up to 4.7 s, or until the next round. */
static int64_t
pick_length(uint64_t *state, int64_t at_ms, int64_t round_ms)
{
	int64_t end_ms = round_ms + FAULTS_MS + 1000, for_ms = 50 + random_below(state, 700);

	switch (random_below(state, 8)) {
	case 0:
		return round_ms + ROUND_MS + random_below(state, FAULTS_MS) - at_ms;
	case 1:
	case 2:
	case 3:
		for_ms = 700 + random_below(state, 4000);
		break;
	}
	return at_ms + for_ms < end_ms ? for_ms : end_ms - at_ms;
}

static void
add_step(uint64_t *state, struct script *script, int64_t round_ms)
{
	struct step *step = &script->v[script->n++];

	*step = (struct step){ .at_ms = round_ms + random_below(state, FAULTS_MS) };
	step->kind = pick_kind(state, script);
	step->node = (uint8_t)random_below(state, (uint32_t)script->n_nodes);
	step->other = (uint8_t)(step->node + 1);
	if (script->n_nodes > 2)
		step->other = (uint8_t)(step->other +
		    random_below(state, (uint32_t)script->n_nodes - 1));
	step->other = (uint8_t)(step->other % script->n_nodes);
	step->lan = (uint8_t)random_below(state, (uint32_t)script->n_lans);
	step->value = (int32_t)random_below(state, 1 << 20);
	if (step_kinds[step->kind].end)
		step->for_ms = pick_length(state, step->at_ms, round_ms);
}

/* Adds the edits that create the first Services. */
static void
add_start(uint64_t *state, struct script *script)
{
	uint32_t n = 1 + random_below(state, 4);

	for (uint32_t i = 0; i < n; i++)
		script->v[script->n++] = (struct step){ .at_ms = random_below(state, 200),
			.kind = STEP_SERVICE,
			.value = (int32_t)(random_below(state, 1 << 16) * N_SERVICES + i) };
}

void
script_make(uint32_t seed, struct script *script)
{
	uint64_t state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);

	*script = (struct script){ 0 };
	random_below(&state, 2);
	script->n_nodes = 2 + random_below(&state, NODES_MAX - 1);
	script->n_lans = 1 + (random_below(&state, 3) == 0);
	add_start(&state, script);
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t n = 1 + random_below(&state, 6);

		while (n-- > 0)
			add_step(&state, script, round * (int64_t)ROUND_MS);
	}
	qsort(script->v, script->n, sizeof(*script->v), step_cmp);
}

const char *
step_text(const struct step *step, char *buf, size_t size)
{
	char edit[OBJECT_TEXT_MAX];
	size_t len = 0;

	buf[0] = '\0';
	for (const char *c = step_kinds[step->kind].text; *c && len + 1 < size; c++) {
		if (*c != '$') {
			buf[len++] = *c;
			buf[len] = '\0';
			continue;
		}
		switch (*++c) {
		case 'n':
			len += (size_t)snprintf(buf + len, size - len, "n%d", step->node + 1);
			break;
		case 'o':
			len += (size_t)snprintf(buf + len, size - len, "n%d", step->other + 1);
			break;
		case 'l':
			len += (size_t)snprintf(buf + len, size - len, "eth%d", step->lan);
			break;
		case 'p':
			len += (size_t)snprintf(buf + len, size - len, "%d", step_loss(step));
			break;
		case 's':
			for (int i = 0; i < NODES_MAX; i++)
				len += (size_t)snprintf(buf + len, size - len, "%s%c", i ? " " : "",
				    step->value >> i & 1 ? 'A' : 'B');
			break;
		case 'e':
			len += (size_t)snprintf(buf + len, size - len, "%s",
			    edit_line(step, edit, sizeof(edit)));
			break;
		}
	}
	if (step->for_ms && len < size)
		snprintf(buf + len, size - len, ", for %d.%03d s", (int)(step->for_ms / 1000),
		    (int)(step->for_ms % 1000));
	return buf;
}
