/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "history.h"
#include "invariants.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Runs random histories of two daemons and an API: late watches, slow and lost requests, restarts,
 * and changes of the allocator.  These statements are true in every history:
 *  - Two Services have the same address only if they may share it (check_no_address_twice).
 *  - An address changes only if a user edit explains the change (check_address_stays).
 *  - When the daemons are idle, each Service has the addresses that it could have
 *    (check_all_served).
 *  - A restart does not change the decisions of a daemon (check_restart_decides_same).
 *  - The order of events does not matter if no Services compete for an address
 *    (check_event_order).
 *  - A request for an address precedes an automatic allocation that is not written yet
 *    (check_allocation).
 *  - Every allocation obeys reservations, exclusions, quotas and cooldowns (history_check_write).
 *  - An incremental decision has the same result as a full decision (daemon_decide).
 *
 *	test_world_random [--digest] [SEED [COUNT]]
 *
 * With SEED alone, the program prints each step.  --digest prints a hash of all decisions of each
 * history, and a hash over all histories.
 */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SEEDS 1000 /* a sanitizer makes each history ten times slower */
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SEEDS 1000
#endif
#ifndef SEEDS
#define SEEDS 10000
#endif
#define STEPS 60
#define DECIDES_MAX 50
#define COOLDOWNS_OVER_MS (11 * 60 * 1000)

static void
step_daemon(struct daemon *d)
{
	switch (history_random(12)) {
	case 0:
		daemon_start(d, history_random(2));
		break;
	case 1:
		for (size_t i = 0; i < DAEMONS; i++) {
			if (hist.daemons[i].allocator)
				daemon_set_allocator(&hist.daemons[i], false);
		}
		daemon_set_allocator(d, true);
		break;
	case 2:
		daemon_list(d, (int)history_random(KINDS));
		break;
	case 3:
		hist.now_ms += history_random(7 * 60 * 1000);
		break;
	default:
		for (int kind = 0; kind < KINDS; kind++)
			daemon_receive(d, kind, history_random((uint32_t)d->n_events[kind] + 1));
		if (history_random(3))
			daemon_decide(d);
		while (d->n_requests && history_random(3))
			daemon_request_arrives(d, false);
		break;
	}
}

/* Delivers watch events and API writes, until both daemons have nothing left to do. */
static void
run_until_idle(void)
{
	struct daemon *first = &hist.daemons[0];
	size_t n = 1;

	if (!first->allocator && !hist.daemons[1].allocator)
		daemon_set_allocator(first, true);
	for (int pass = 0; n > 0 && pass < DECIDES_MAX; pass++) {
		n = 0;
		for (size_t i = 0; i < DAEMONS; i++) {
			struct daemon *d = &hist.daemons[i];

			for (int kind = 0; kind < KINDS; kind++) {
				n += d->n_events[kind];
				if (!d->listed[kind])
					daemon_list(d, kind);
				daemon_receive(d, kind, d->n_events[kind]);
			}
			n += daemon_decide(d) + d->n_requests;
			while (d->n_requests)
				daemon_request_arrives(d, false);
		}
	}
	history_require(n ? "they still have actions or requests" : NULL,
	    "the daemons never become idle");
}

/*
 * Lets time pass until all cooldowns are over.  When a cooldown ends, a Service can move to the
 * released address.  This move starts the cooldown of the Service's old address.
 */
static void
run_until_cooldowns_end(void)
{
	int64_t next_ms = 0;

	for (int i = 0; i < DECIDES_MAX && next_ms != INT64_MAX; i++) {
		hist.now_ms += COOLDOWNS_OVER_MS;
		run_until_idle();
		next_ms = INT64_MAX;
		for (size_t j = 0; j < DAEMONS; j++) {
			int64_t its_ms = world_next_ms(hist.daemons[j].world);

			next_ms = its_ms < next_ms ? its_ms : next_ms;
		}
	}
	history_require(next_ms == INT64_MAX ? NULL : "a cooldown remains", "cooldowns never end");
}

/*
 * Starts a second world for the node of the allocator, as after a restart.  Both worlds receive the
 * same changes at once, and must write the same statuses.
 */
static void
check_restart_decides_same(void)
{
	struct daemon *old = &hist.daemons[hist.daemons[0].allocator ? 0 : 1];
	struct plan plan = { 0 };
	char buf[OBJECT_TEXT_MAX];
	struct stored *obj;

	hist.restarted = new_world(old->node);
	TAILQ_FOREACH(obj, &hist.api.objects, link)
		fake_api_deliver(hist.restarted, fake_api_line(obj, buf));
	for (int kind = 0; kind < KINDS; kind++)
		world_list_end(hist.restarted, (enum kind)kind);
	world_set_allocator(hist.restarted, true);
	world_decide(hist.restarted, &plan);
	plan_done(&plan);
	for (int i = 0; i < 6; i++) {
		struct arena mem = { 0 };
		const char *wrote;

		history_edit_service();
		for (int kind = 0; kind < KINDS; kind++)
			daemon_receive(old, kind, old->n_events[kind]);
		daemon_decide(old);
		world_decide(hist.restarted, &plan);
		wrote = status_writes(&plan, &mem);
		if (strcmp(wrote, old->last_wrote) != 0)
			history_require(arena_printf(&mem, "%s against %s", wrote, old->last_wrote),
			    "a daemon decides otherwise after a restart");
		plan_done(&plan);
		arena_done(&mem);
		while (old->n_requests)
			daemon_request_arrives(old, false);
	}
	world_free(hist.restarted);
	hist.restarted = NULL;
}

static void
check_idle(void)
{
	struct arena mem = { 0 };
	struct daemon *d = &hist.daemons[history_random(DAEMONS)];

	run_until_cooldowns_end();
	/* a restart forgets probe results and conflicts, so later decisions can differ */
	if (!hist.probing && !hist.off_lan)
		check_restart_decides_same();
	run_until_cooldowns_end();
	history_require(check_no_address_twice(&hist.api, &mem), "two Services have one address");
	history_require(check_all_served(&hist.api, &mem),
	    "the daemons are idle, but a Service is not served");
	history_require(check_pool_counts(&hist.api, &mem),
	    "the daemons are idle, but pool counts are wrong");
	world_mark_everything(d->world);
	history_require(daemon_decide(d) ? "it has actions" : NULL,
	    "the daemons are idle, but a full decision is not empty");
	for (size_t i = 0; i < DAEMONS; i++)
		daemon_set_allocator(&hist.daemons[i], false);
	daemon_start(d, true);
	daemon_set_allocator(d, true);
	daemon_decide(d);
	for (size_t i = 0; i < d->n_requests; i++) {
		/* daemons without a link write different conditions, which name their nodes */
		if (!hist.off_lan || d->requests[i].act.kind != ACT_SERVICE_CONDITIONS)
			history_require(action_text(&d->requests[i].act, &mem),
			    "the daemons are idle, but a restarted one writes");
	}
	arena_done(&mem);
}

static void
run(uint32_t seed)
{
	static const char *const nodes[] = { "n1", "n2" };

	hist.step = 0;
	history_set_stable(false);
	hist.now_ms = 0;
	hist.seed = seed;
	hist.random = seed * 2654435761u | 1;
	hist.edits = seed & 1;
	hist.probing = seed % 8 < 2;
	hist.off_lan = seed % 8 == 2;
	hist.hosts = 0;
	hist.digest = DIGEST_INIT;
	fake_api_init(&hist.api, history_on_change, NULL);
	hist.api.share_namespaces = seed / 8 % 3;
	for (size_t i = 0; i < DAEMONS; i++) {
		hist.daemons[i] = (struct daemon){ .node = nodes[i] };
		daemon_start(&hist.daemons[i], false);
	}
	fake_api_put(&hist.api, "ns d");
	fake_api_put(&hist.api, "ns e labels=team:web");
	for (hist.step = 0; hist.step < STEPS; hist.step++) {
		if (hist.step % 20 == 19) {
			check_idle();
			history_set_stable(!hist.edits && history_random(2));
		}
		if (hist.probing && history_random(6) == 0)
			history_change_hosts();
		if (hist.off_lan && history_random(6) == 0)
			history_change_conflict();
		switch (history_random(6)) {
		case 0:
			history_edit_service();
			break;
		case 1:
			if (hist.stable)
				break;
			if (history_random(4) == 0)
				fake_api_put(&hist.api,
				    history_random(2) ? "ns e labels=team:web" : "ns e");
			else
				history_edit_pool();
			break;
		case 2:
			history_edit_candidates();
			break;
		default:
			step_daemon(&hist.daemons[history_random(DAEMONS)]);
			break;
		}
	}
	history_set_stable(false);
	check_idle();
	if (!hist.probing)
		check_event_order();
	for (size_t i = 0; i < DAEMONS; i++)
		daemon_stop(&hist.daemons[i]);
	fake_api_done(&hist.api);
}

int
main(int argc, char **argv)
{
	bool digest = argc > 1 && strcmp(argv[1], "--digest") == 0;
	uint32_t first = 1, count = SEEDS;
	uint64_t of_all = DIGEST_INIT;

	argc -= digest;
	argv += digest;
	if (argc > 1) {
		first = (uint32_t)strtoul(argv[1], NULL, 10);
		count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1;
	}
	for (uint32_t i = 0; i < count; i++) {
		hist.trace = argc == 2 && !digest;
		run(first + i);
		digest_bytes(&of_all, &hist.digest, sizeof(hist.digest));
		if (digest)
			printf("seed %u: digest %016" PRIx64 "\n", first + i, hist.digest);
	}
	if (digest)
		printf("all: digest %016" PRIx64 "\n", of_all);
	printf("%u histories of %d steps, from seed %u on: no failure\n", count, STEPS, first);
	return 0;
}
