/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "history.h"
#include "invariants.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What holds in all histories (the checks are in judge.h, history.h and below):
 *  - no address is held by two Services that may not share it (check_no_address_twice, after each change);
 *  - an address never changes without a cause that the user made (calm: check_address_stays);
 *  - a Service that can be served is served (check_all_served, at rest);
 *  - allocation after a restart is the same as without (check_restart_decides_same, and no writes at rest);
 *  - the order of events does not matter where no address is contended (check_event_order);
 *  - a requested address beats an automatic one that has not been written (check_allocation);
 *  - reservations, exclusions, quotas and rests hold for whatever is given (history_check_write).
 *
 * Random histories: two daemons, an API, watches that are late, requests that take long or are
 * lost, restarts, changes of the allocator.
 *
 *	test_world_random [--digest] [SEED [COUNT]]	with a seed alone: prints each step
 *
 * --digest prints a hash of all decisions of each history, and one over all of them.
 */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SEEDS 1000 /* which take ten times as long */
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
put(const char *line)
{
	fake_api_put(&hist.api, line);
}

/* The API lets a class change only together with the type; by then no status is left. */
static bool
class_may_change(uint32_t n)
{
	const struct stored *svc;
	char key[16];

	snprintf(key, sizeof(key), "svc %s/s%u", n & 1 ? "d" : "e", n);
	svc = fake_api_find(&hist.api, key);
	return history_random(6) == 0 && (!svc || !*svc->status);
}

static void
step_service(void)
{
	static const char *const families[] = { "", "", " families=6",
		" families=46 policy=prefer", " families=64 policy=prefer",
		" families=46 policy=require" };
	static const char *const sharing[] = { "", "", " share=k", " share=l",
		" share=k local selector=app:x", " share=k local selector=app:y" };
	static const char *const wishes[] = { "", "", "", "", "", " pool=a", " pool=b",
		" labels=tier:front" };
	static const char *const kinds[] = { "", "", "", "", "", "", " type=ClusterIP",
		" type=NodePort" };
	char line[OBJECT_TEXT_MAX], wish[64];
	uint32_t n = history_random(8), family, port, key, kind;

	/* without edits, how a Service shares follows from its name, for as long as it lives */
	snprintf(wish, sizeof(wish), "%s", wishes[history_random(8)]);
	if (history_random(10) == 0) {
		uint32_t net = history_random(2);

		snprintf(wish, sizeof(wish), " ann-ips=10.0.%u.%u", net, history_random(5));
	}
	/* picks are named, because arguments are evaluated in any order: a seed must replay */
	family = history_random(6), port = history_random(3), key = history_random(6);
	kind = history_random(8);
	snprintf(line, sizeof(line), "svc %s/s%u%s%s ports=TCP/%u%s%s", n & 1 ? "d" : "e", n,
	    *wish == ' ' && wish[1] == 'a' ? "" : families[family], wish,
	    hist.edits ? port : n % 3, sharing[hist.edits ? key : n % 6],
	    n == 7 || (hist.edits && class_may_change(n)) ? " class=other" : kinds[kind]);
	snprintf(wish, sizeof(wish), "svc %s/s%u", n & 1 ? "d" : "e", n);
	if (history_random(4) == 0)
		fake_api_delete(&hist.api, wish);
	else if (!hist.stable || !fake_api_find(&hist.api, wish))
		put(line);
}

static void
step_pool(void)
{
	static const char *const blocks[2][4] = {
		{ "10.0.0.0/31", "10.0.0.0/30", "10.0.0.2/31 fd00::/127", "10.0.0.0-10.0.0.4" },
		{ "10.0.1.0/32", "10.0.1.0/30 fd01::/128", "fd01::/126", "10.0.1.2/31" },
	};
	static const char *const rules[] = { "", "", "", " auto=no", " avoid", " prio=3",
		" nssel=team:web", " ns=d", " svcsel=tier:front" };
	static const char *const notes[2][8] = {
		{ "", "", " exclude=10.0.0.0/31,fd00::", " reuse-after=10m", " quota=1",
			" allow-infrastructure=true", " reuse-after=1m quota=2", " exclude=10.0.0.2" },
		{ "", "", " exclude=10.0.1.0/24", " reuse-after=10m", " quota=2",
			" allow-infrastructure=true", " exclude=10.0.1.1 reuse-after=5m", " quota=1" },
	};
	static const char *const reserved[2] = { " reserve=10.0.0.2=" RESERVED_A,
		" reserve=10.0.1.2=" RESERVED_B };
	uint32_t n = history_random(2), block = history_random(4), rule = history_random(9);
	uint32_t note = history_random(8), reserve = history_random(4);
	char line[OBJECT_TEXT_MAX];

	/* not every block has the address that is reserved, and a pool without it would be bad */
	if (n == 0 ? block == 0 : block != 1 && block != 3)
		reserve = 1;
	snprintf(line, sizeof(line), "pool %c %s%s%s%s", 'a' + (int)n, blocks[n][block], rules[rule],
	    notes[n][note], reserve ? "" : reserved[n]);
	if (history_random(6) == 0)
		fake_api_delete(&hist.api, n ? "pool b" : "pool a");
	else
		put(line);
}

/* What decides who announces: it never touches an address. */
static void
step_announce(void)
{
	static const char *const advs[] = { "adv x", "adv x pools=a", "adv y svcsel=tier:front",
		"adv y nodes=zone:1" };
	static const char *const states[] = { "", "", " ip=10.0.0.2", " notready", " nonet",
		" labels=zone:1 ip=10.0.1.0 ip=fd00::" };
	uint32_t n = history_random(8), node = history_random(3) + 1;
	char line[OBJECT_TEXT_MAX];

	switch (history_random(4)) {
	case 0:
		snprintf(line, sizeof(line), "node n%u%s", node, states[history_random(6)]);
		break;
	case 1:
		snprintf(line, sizeof(line), "%s", advs[history_random(4)]);
		break;
	default:
		snprintf(line, sizeof(line), "slice %s/s%u n%u:%s", n & 1 ? "d" : "e", n, node,
		    history_random(3) ? "ready" : "not");
		break;
	}
	put(line);
}

/* The holder of an address, which is no daemon of ours, says who else has it; or no more. */
static void
step_conflict(void)
{
	uint32_t n = history_random(8);
	char key[64], line[OBJECT_TEXT_MAX];
	struct stored *svc;

	snprintf(key, sizeof(key), "l2 l2-n3-%u", n);
	if (history_random(3) == 0)
		fake_api_delete(&hist.api, key);
	snprintf(line, sizeof(line), "svc %s/s%u", n & 1 ? "d" : "e", n);
	svc = fake_api_find(&hist.api, line);
	if (!svc || strncmp(svc->status, "status=", 7) != 0 || history_random(3) == 0)
		return;
	snprintf(line, sizeof(line), "%s node=n3 svc=%s conflict=%.*s,02:00:00:00:00:07,defended", key,
	    svc->key + 4, (int)strcspn(svc->status + 7, ","), svc->status + 7);
	put(line);
}

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

/* All that is under way arrives, until nobody has anything to do. */
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
	history_require(n ? "something remains to do, for ever" : NULL, "no rest");
}

/* The end of a rest may let a Service move, whose old address then rests. */
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
	history_require(next_ms == INT64_MAX ? NULL : "an address rests for ever", "no rest");
}

/*
 * From here on a daemon that has just started decides the same as the one that was here before:
 * a few changes, which both see at once.
 */
static void
check_restart_decides_same(void)
{
	struct daemon *old = &hist.daemons[hist.daemons[0].allocator ? 0 : 1];
	struct plan plan = { 0 };
	char buf[OBJECT_TEXT_MAX];
	struct stored *obj;

	hist.restarted = world_of(old->node);
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

		step_service();
		for (int kind = 0; kind < KINDS; kind++)
			daemon_receive(old, kind, old->n_events[kind]);
		daemon_decide(old);
		world_decide(hist.restarted, &plan);
		wrote = statuses(&plan, &mem);
		if (strcmp(wrote, old->wrote) != 0)
			history_require(arena_printf(&mem, "%s against %s", wrote, old->wrote),
			    "after a restart it is decided otherwise");
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
	if (!hist.probing && !hist.off_lan) /* what the LAN has said dies with the daemon */
		check_restart_decides_same();
	run_until_cooldowns_end();
	history_require(check_no_address_twice(&hist.api, &mem), "given twice, at rest");
	history_require(check_all_served(&hist.api, &mem), "not served");
	history_require(check_pool_counts(&hist.api, &mem), "counted wrong");
	world_mark_everything(d->world);
	history_require(daemon_decide(d) ? "a full pass found more to do" : NULL, "no rest");
	for (size_t i = 0; i < DAEMONS; i++)
		daemon_set_allocator(&hist.daemons[i], false);
	daemon_start(d, true);
	daemon_set_allocator(d, true);
	daemon_decide(d);
	for (size_t i = 0; i < d->n_requests; i++) {
		/* where no daemon has a link, each says of its own node that it cannot announce */
		if (!hist.off_lan || d->requests[i].act.kind != ACT_SERVICE_CONDITIONS)
			history_require(action_text(&d->requests[i].act, &mem), "a restart at rest writes");
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
	for (size_t i = 0; i < DAEMONS; i++) {
		hist.daemons[i] = (struct daemon){ .node = nodes[i] };
		daemon_start(&hist.daemons[i], false);
	}
	put("ns d");
	put("ns e labels=team:web");
	for (hist.step = 0; hist.step < STEPS; hist.step++) {
		if (hist.step % 20 == 19) {
			check_idle();
			history_set_stable(!hist.edits && history_random(2));
		}
		if (hist.probing && history_random(6) == 0)
			history_change_hosts();
		if (hist.off_lan && history_random(6) == 0)
			step_conflict();
		switch (history_random(6)) {
		case 0:
			step_service();
			break;
		case 1:
			if (hist.stable)
				break;
			if (history_random(4) == 0)
				put(history_random(2) ? "ns e labels=team:web" : "ns e");
			else
				step_pool();
			break;
		case 2:
			step_announce();
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
	printf("%u histories of %d steps, from seed %u on: all well\n", count, STEPS, first);
	return 0;
}
