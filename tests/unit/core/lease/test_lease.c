/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/lease.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Random histories of three candidates and one Lease.  Requests, replies and watch events are late
 * or lost.  Watches repeat old events.  Candidates stop for a while, and their clocks differ.
 * Sometimes a user deletes the Lease.  Sometimes a candidate ends, and a new process starts.
 */
#define CANDIDATES 3
#define DURATION_MS 10000
#define SEEDS 1500
#define STEPS 20000
#define STEP_MS 10
#define WATCHED_MAX 64
#define DELETED '!'

struct candidate {
	struct elector el;
	int64_t clock_ms;    /* the candidate's clock minus the simulated time */
	int64_t frozen_till; /* when a stop ends; this time and the times below are simulated */
	bool writing;        /* a write, its reply, or the read after the write is in progress */
	struct lease_write write;
	char version[64];
	int64_t arrives, answered, reads; /* times of the next steps of a write; 0: not due */
	int accepted;        /* resourceVersion after the write; 0: the API refused the write */
	bool reply_lost;
	int seen;            /* resourceVersion of the last watch event */
	int64_t watch_ms;    /* time of the next watch event */
	int64_t proves, proved; /* when the create of the proof arrives, and when it is answered */
	bool first;          /* the API created the proof */
};

static struct {
	uint32_t random;
	int version;
	bool proof_exists;
	char processes;      /* number of processes so far */
	/* the last WATCHED_MAX versions of the Lease; index: version % WATCHED_MAX */
	char holder[WATCHED_MAX]; /* 'A'..., '-': released, or DELETED */
	int made[WATCHED_MAX];    /* the version at which the Lease was created, used as its UID */
	struct candidate c[CANDIDATES];
} sim;

static uint32_t
random_below(uint32_t n)
{
	sim.random ^= sim.random << 13;
	sim.random ^= sim.random >> 17;
	sim.random ^= sim.random << 5;
	return sim.random % n;
}

static bool
exists(int version)
{
	return version && sim.holder[version % WATCHED_MAX] != DELETED;
}

/* Writes the Lease, or deletes it if @holder is DELETED.  Returns the new version. */
static int
change(char holder)
{
	int made = exists(sim.version) ? sim.made[sim.version % WATCHED_MAX] : sim.version + 1;

	sim.version++;
	sim.holder[sim.version % WATCHED_MAX] = holder;
	sim.made[sim.version % WATCHED_MAX] = made;
	return sim.version;
}

static struct object *
lease_at(int version)
{
	struct object *obj = object_new(KIND_LEASE, 0);
	char holder = sim.holder[version % WATCHED_MAX];

	obj->meta.version = arena_printf(&obj->mem, "%d", version);
	obj->meta.uid = arena_printf(&obj->mem, "uid-%d", sim.made[version % WATCHED_MAX]);
	obj->u.lease.holder = holder == '-' ? "" : arena_printf(&obj->mem, "%c", holder);
	obj->u.lease.duration_s = DURATION_MS / 1000;
	obj->u.lease.renew_time = obj->u.lease.acquire_time = "";
	return obj;
}

static void
learn(struct candidate *c, int version, int64_t now)
{
	struct object *obj = exists(version) ? lease_at(version) : NULL;

	lease_seen(&c->el, obj, now + c->clock_ms);
	object_free(obj);
}

/*
 * True if the API accepts the write.  If the Lease was deleted, a PUT of an old version creates the
 * Lease again in half of the cases.
 */
static bool
accepts(const struct candidate *c)
{
	if (!exists(sim.version))
		return !*c->version || random_below(2);
	return atoi(c->version) == sim.version;
}

static void
arrive(struct candidate *c, int64_t now)
{
	c->arrives = 0;
	c->accepted = 0;
	c->answered = now + 1 + random_below(random_below(8) ? 50 : DURATION_MS * 2);
	c->reply_lost = random_below(20) == 0;
	if (accepts(c))
		c->accepted = change(*c->write.holder ? *c->write.holder : '-');
}

static void
answer(struct candidate *c, int64_t now)
{
	struct object *obj = c->accepted && !c->reply_lost ? lease_at(c->accepted) : NULL;

	c->answered = 0;
	c->writing = !obj;
	if (obj)
		lease_replied(&c->el, obj, now + c->clock_ms);
	else
		c->reads = now + 1 + random_below(50);
	object_free(obj);
}

/* After a write without a reply, the candidate reads the Lease; this read may fail too. */
static void
read_lease(struct candidate *c, int64_t now)
{
	c->reads = 0;
	c->writing = false;
	lease_replied(&c->el, NULL, now + c->clock_ms);
	if (random_below(10))
		learn(c, sim.version, now);
}

static void
watch(struct candidate *c, int64_t now)
{
	learn(c, ++c->seen, now);
	c->watch_ms = now + random_below(random_below(50) ? 60 : 3000);
	if (random_below(100) == 0)
		c->seen -= (int)random_below((uint32_t)(c->seen < 10 ? c->seen : 10));
}

/* Creates the proof, whose create or reply can be late. */
static void
prove(struct candidate *c, int64_t now)
{
	if (lease_needs_proof(&c->el) && !c->proves && !c->proved)
		c->proves = now + 1 + random_below(random_below(20) ? 30 : DURATION_MS);
	if (c->proves && now >= c->proves) {
		c->first = !sim.proof_exists;
		sim.proof_exists = true;
		c->proves = 0;
		c->proved = now + 1 + random_below(random_below(20) ? 30 : DURATION_MS);
	}
	if (c->proved && now >= c->proved) {
		c->proved = 0;
		lease_proved(&c->el, c->first && random_below(20));
	}
}

static void
act(struct candidate *c, int64_t now)
{
	prove(c, now);
	if (c->answered && now >= c->answered)
		answer(c, now);
	if (c->reads && now >= c->reads)
		read_lease(c, now);
	if (now >= c->watch_ms && c->seen < sim.version)
		watch(c, now);
	if (!c->writing &&
	    lease_due(&c->el, now + c->clock_ms, &c->write)) {
		c->writing = true;
		snprintf(c->version, sizeof(c->version), "%s", c->write.version);
		c->arrives = now + 1 + random_below(random_below(20) ? 30 : DURATION_MS);
	}
}

static void
start(struct candidate *c, int64_t now)
{
	char me[2] = { (char)('A' + sim.processes++ % 50), '\0' };

	*c = (struct candidate){ .clock_ms = (int64_t)random_below(1 << 30), .seen = sim.version };
	lease_init(&c->el, me, DURATION_MS, random_below(1000));
	learn(c, sim.version, now);
}

/*
 * The candidate resigns, or it ends with a write in progress; then a new process starts.  Returns
 * true if the candidate resigns: a daemon resigns only after its allocations have ended.
 */
static bool
stop(struct candidate *c, int64_t now)
{
	if (!c->el.resigned && random_below(2) == 0) {
		lease_resign(&c->el);
		return true;
	}
	start(c, now);
	return false;
}

/* Runs the history of a seed; returns the number of steps in which a candidate led. */
static int
run(uint32_t seed)
{
	int led = 0, last = -1;
	int64_t ended = 0;

	memset(&sim, 0, sizeof(sim));
	sim.random = seed * 2654435761u | 1;
	for (int i = 0; i < CANDIDATES; i++)
		start(&sim.c[i], 1);
	for (int64_t now = 1; now < (int64_t)STEPS * STEP_MS; now += STEP_MS) {
		int leader = -1;

		if (exists(sim.version) && random_below(seed % 2 ? 6000 : 500) == 0)
			change(DELETED);
		for (int i = 0; i < CANDIDATES; i++) {
			struct candidate *c = &sim.c[i];

			if (c->arrives && now >= c->arrives)
				arrive(c, now);
			if (now >= c->frozen_till)
				act(c, now);
			if (random_below(c->el.resigned ? 100 : 3000) == 0) {
				bool was_last = last == *c->el.me;

				if (stop(c, now) && was_last)
					last = -1;
			}
			if (random_below(4000) == 0)
				c->frozen_till = now + random_below(DURATION_MS * 3);
			if (!lease_leads(&c->el, now + c->clock_ms))
				continue;
			if (leader >= 0)
				fail_msg("seed %u: %c and %c lead at %lld ms", seed, leader,
				    *c->el.me, (long long)now);
			leader = *c->el.me;
			sim.proof_exists = true; /* a leader creates the Secret if it is missing */
		}
		if (leader >= 0 && last >= 0 && leader != last && now - ended < DURATION_MS / 4)
			fail_msg("seed %u: %c leads %lld ms after %c, whose writes may still arrive",
			    seed, leader, (long long)(now - ended), last);
		if (leader >= 0) {
			last = leader;
			ended = now;
			led++;
		}
	}
	return led;
}

static void
two_candidates_never_lead_at_the_same_time(void **state)
{
	int64_t led = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= SEEDS; seed++)
		led += run(seed);
	/* a candidate must lead for at least a third of the time, although processes end so often */
	assert_in_range(led, (int64_t)SEEDS * STEPS / 3, (int64_t)SEEDS * STEPS);
}

/* The candidate writes the Lease; the API accepts the write, and its reply arrives. */
static void
one_write(struct candidate *c, int64_t now)
{
	assert_true(lease_due(&c->el, now, &c->write));
	change(*c->write.holder);
	c->accepted = sim.version;
	c->reply_lost = false;
	answer(c, now);
}

static void
start_first(struct candidate *c)
{
	memset(&sim, 0, sizeof(sim));
	lease_init(&c->el, "A", DURATION_MS, 0);
	learn(c, 0, 1000);
	one_write(c, 1000);
	assert_true(lease_needs_proof(&c->el));
	assert_false(lease_leads(&c->el, 1000));
	lease_proved(&c->el, true);
	assert_true(lease_leads(&c->el, 1000));
}

/* Another daemon has created the proof before, so it possibly still leads. */
static void
start_unproved(struct candidate *c)
{
	memset(&sim, 0, sizeof(sim));
	lease_init(&c->el, "A", DURATION_MS, 0);
	learn(c, 0, 1000);
	one_write(c, 1010);
	lease_proved(&c->el, false);
	assert_false(lease_needs_proof(&c->el));
}

static void
a_daemon_that_finds_no_lease_and_has_no_proof_waits_for_one_duration(void **state)
{
	struct candidate c = { .clock_ms = 0 };

	(void)state;
	start_unproved(&c);
	for (int64_t now = 1020; now < 1000 + DURATION_MS; now += STEP_MS) {
		assert_false(lease_leads(&c.el, now));
		if (lease_due(&c.el, now, &c.write)) {
			change('A');
			c.accepted = sim.version;
			answer(&c, now);
		}
	}
	assert_true(lease_leads(&c.el, 1000 + DURATION_MS));
}

/* A released Lease is free at once, so the next holder would not wait for the old holder. */
static void
a_daemon_that_waits_before_it_leads_releases_no_lease(void **state)
{
	struct candidate c = { .clock_ms = 0 };

	(void)state;
	start_unproved(&c);
	lease_resign(&c.el);
	assert_true(lease_next_ms(&c.el, 1020) == INT64_MAX);
	assert_false(lease_due(&c.el, 1020 + 2 * DURATION_MS, &c.write));
}

static void
a_daemon_that_sees_a_lease_at_its_start_needs_no_proof(void **state)
{
	struct candidate c = { .clock_ms = 0 };

	(void)state;
	memset(&sim, 0, sizeof(sim));
	lease_init(&c.el, "A", DURATION_MS, 0);
	learn(&c, change('-'), 1000);
	one_write(&c, 1000);
	assert_false(lease_needs_proof(&c.el));
	assert_true(lease_leads(&c.el, 1000));
}

static void
a_late_watch_event_costs_the_holder_one_write(void **state)
{
	struct candidate c = { .clock_ms = 0 };

	(void)state;
	start_first(&c);
	change('B');
	learn(&c, sim.version--, 1010);
	assert_false(lease_leads(&c.el, 1010));
	one_write(&c, 1010);
	assert_true(lease_leads(&c.el, 1010));
}

static void
the_holder_of_a_deleted_lease_leads_again_at_once(void **state)
{
	struct candidate c = { .clock_ms = 0 };

	(void)state;
	start_first(&c);
	change(DELETED);
	learn(&c, sim.version, 1010);
	assert_false(lease_leads(&c.el, 1010));
	one_write(&c, 1010);
	assert_true(lease_leads(&c.el, 1010));
}

static void
a_late_holder_of_a_deleted_lease_does_not_lead_at_once(void **state)
{
	struct candidate c = { .clock_ms = 0 };
	int64_t now = 1000 + DURATION_MS / 2; /* the holder should have renewed the Lease before */

	(void)state;
	start_first(&c);
	change(DELETED);
	learn(&c, sim.version, now);
	one_write(&c, now);
	assert_false(lease_leads(&c.el, now));
}

static void
a_candidate_that_creates_a_deleted_lease_waits_before_it_leads(void **state)
{
	struct candidate c = { .clock_ms = 0 };
	int64_t led_ms = 0;

	(void)state;
	memset(&sim, 0, sizeof(sim));
	lease_init(&c.el, "A", DURATION_MS, 0);
	learn(&c, change('B'), 1000);
	learn(&c, change(DELETED), 1010);
	assert_false(lease_due(&c.el, 1020, &c.write));
	for (int64_t now = 1020; !led_ms && now < DURATION_MS * 3; now += STEP_MS) {
		if (lease_due(&c.el, now, &c.write)) {
			change('A');
			c.accepted = sim.version;
			answer(&c, now);
		}
		if (lease_leads(&c.el, now))
			led_ms = now;
	}
	assert_in_range(led_ms, 1010 + DURATION_MS, 1010 + DURATION_MS * 5 / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_late_watch_event_costs_the_holder_one_write),
		cmocka_unit_test(the_holder_of_a_deleted_lease_leads_again_at_once),
		cmocka_unit_test(a_late_holder_of_a_deleted_lease_does_not_lead_at_once),
		cmocka_unit_test(a_candidate_that_creates_a_deleted_lease_waits_before_it_leads),
		cmocka_unit_test(a_daemon_that_finds_no_lease_and_has_no_proof_waits_for_one_duration),
		cmocka_unit_test(a_daemon_that_waits_before_it_leads_releases_no_lease),
		cmocka_unit_test(a_daemon_that_sees_a_lease_at_its_start_needs_no_proof),
		cmocka_unit_test(two_candidates_never_lead_at_the_same_time),
	};

	return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
