/* SPDX-License-Identifier: Apache-2.0 */
#include "core/story/facts.h"
#include "history.h"
#include "judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What holds in all histories (the checks are in judge.h, history.h and below):
 *  - no address is held by two Services that may not share it (judge_twice, after each change);
 *  - an address never changes without a cause that the user made (calm: check_cause);
 *  - a Service that can be served is served (judge_served, at rest);
 *  - allocation after a restart is the same as without (check_restart, and no writes at rest);
 *  - the order of events does not matter where no address is contended (order_check);
 *  - a requested address beats an automatic one that has not been written (judge_gift);
 *  - reservations, exclusions, quotas and rests hold for whatever is given (calm_check_gift).
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
#define PASSES_MAX 50
#define RESTS_OVER_MS (11 * 60 * 1000)

static void
put(const char *line)
{
	api_put(&hist.api, line);
}

/* The API lets a class change only together with the type; by then no status is left. */
static bool
class_may_change(uint32_t n)
{
	const struct stored *svc;
	char key[16];

	snprintf(key, sizeof(key), "svc %s/s%u", n & 1 ? "d" : "e", n);
	svc = api_find(&hist.api, key);
	return history_pick(6) == 0 && (!svc || !*svc->status);
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
	char line[FACT_LEN_MAX], wish[64];
	uint32_t n = history_pick(8), family, port, key, kind;

	/* without edits, how a Service shares follows from its name, for as long as it lives */
	snprintf(wish, sizeof(wish), "%s", wishes[history_pick(8)]);
	if (history_pick(10) == 0) {
		uint32_t net = history_pick(2);

		snprintf(wish, sizeof(wish), " ann-ips=10.0.%u.%u", net, history_pick(5));
	}
	/* picks are named, because arguments are evaluated in any order: a seed must replay */
	family = history_pick(6), port = history_pick(3), key = history_pick(6);
	kind = history_pick(8);
	snprintf(line, sizeof(line), "svc %s/s%u%s%s ports=TCP/%u%s%s", n & 1 ? "d" : "e", n,
	    *wish == ' ' && wish[1] == 'a' ? "" : families[family], wish,
	    hist.edits ? port : n % 3, sharing[hist.edits ? key : n % 6],
	    n == 7 || (hist.edits && class_may_change(n)) ? " class=other" : kinds[kind]);
	snprintf(wish, sizeof(wish), "svc %s/s%u", n & 1 ? "d" : "e", n);
	if (history_pick(4) == 0)
		api_del(&hist.api, wish);
	else if (!hist.calm || !api_find(&hist.api, wish))
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
			" allow-infra=true", " reuse-after=1m quota=2", " exclude=10.0.0.2" },
		{ "", "", " exclude=10.0.1.0/24", " reuse-after=10m", " quota=2",
			" allow-infra=true", " exclude=10.0.1.1 reuse-after=5m", " quota=1" },
	};
	static const char *const reserved[2] = { " reserve=10.0.0.2=" RESERVED_A,
		" reserve=10.0.1.2=" RESERVED_B };
	uint32_t n = history_pick(2), block = history_pick(4), rule = history_pick(9);
	uint32_t note = history_pick(8), reserve = history_pick(4);
	char line[FACT_LEN_MAX];

	/* not every block has the address that is reserved, and a pool without it would be bad */
	if (n == 0 ? block == 0 : block != 1 && block != 3)
		reserve = 1;
	snprintf(line, sizeof(line), "pool %c %s%s%s%s", 'a' + (int)n, blocks[n][block], rules[rule],
	    notes[n][note], reserve ? "" : reserved[n]);
	if (history_pick(6) == 0)
		api_del(&hist.api, n ? "pool b" : "pool a");
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
	uint32_t n = history_pick(8), node = history_pick(3) + 1;
	char line[FACT_LEN_MAX];

	switch (history_pick(4)) {
	case 0:
		snprintf(line, sizeof(line), "node n%u%s", node, states[history_pick(6)]);
		break;
	case 1:
		snprintf(line, sizeof(line), "%s", advs[history_pick(4)]);
		break;
	default:
		snprintf(line, sizeof(line), "slice %s/s%u n%u:%s", n & 1 ? "d" : "e", n, node,
		    history_pick(3) ? "ready" : "not");
		break;
	}
	put(line);
}

/* The holder of an address, which is no daemon of ours, says who else has it; or no more. */
static void
step_conflict(void)
{
	uint32_t n = history_pick(8);
	char key[64], line[FACT_LEN_MAX];
	struct stored *svc;

	snprintf(key, sizeof(key), "l2 l2-n3-%u", n);
	if (history_pick(3) == 0)
		api_del(&hist.api, key);
	snprintf(line, sizeof(line), "svc %s/s%u", n & 1 ? "d" : "e", n);
	svc = api_find(&hist.api, line);
	if (!svc || strncmp(svc->status, "status=", 7) != 0 || history_pick(3) == 0)
		return;
	snprintf(line, sizeof(line), "%s node=n3 svc=%s conflict=%.*s,02:00:00:00:00:07,defended", key,
	    svc->key + 4, (int)strcspn(svc->status + 7, ","), svc->status + 7);
	put(line);
}

static void
step_daemon(struct daemon *d)
{
	switch (history_pick(12)) {
	case 0:
		daemon_start(d, history_pick(2));
		break;
	case 1:
		for (size_t i = 0; i < DAEMONS; i++) {
			if (hist.daemons[i].allocator)
				daemon_allocates(&hist.daemons[i], false);
		}
		daemon_allocates(d, true);
		break;
	case 2:
		daemon_list(d, (int)history_pick(KINDS));
		break;
	case 3:
		hist.now_ms += history_pick(7 * 60 * 1000);
		break;
	default:
		for (int kind = 0; kind < KINDS; kind++)
			daemon_deliver(d, kind, history_pick((uint32_t)d->n_events[kind] + 1));
		if (history_pick(3))
			daemon_decide(d);
		while (d->n_requests && history_pick(3))
			daemon_arrive(d, false);
		break;
	}
}

/* All that is under way arrives, until nobody has anything to do. */
static void
come_to_rest(void)
{
	struct daemon *first = &hist.daemons[0];
	size_t n = 1;

	if (!first->allocator && !hist.daemons[1].allocator)
		daemon_allocates(first, true);
	for (int pass = 0; n > 0 && pass < PASSES_MAX; pass++) {
		n = 0;
		for (size_t i = 0; i < DAEMONS; i++) {
			struct daemon *d = &hist.daemons[i];

			for (int kind = 0; kind < KINDS; kind++) {
				n += d->n_events[kind];
				if (!d->listed[kind])
					daemon_list(d, kind);
				daemon_deliver(d, kind, d->n_events[kind]);
			}
			n += daemon_decide(d) + d->n_requests;
			while (d->n_requests)
				daemon_arrive(d, false);
		}
	}
	history_check(n ? "something remains to do, for ever" : NULL, "no rest");
}

/* The end of a rest may let a Service move, whose old address then rests. */
static void
let_rests_end(void)
{
	int64_t next_ms = 0;

	for (int i = 0; i < PASSES_MAX && next_ms != INT64_MAX; i++) {
		hist.now_ms += RESTS_OVER_MS;
		come_to_rest();
		next_ms = INT64_MAX;
		for (size_t j = 0; j < DAEMONS; j++) {
			int64_t its_ms = world_next_ms(hist.daemons[j].world);

			next_ms = its_ms < next_ms ? its_ms : next_ms;
		}
	}
	history_check(next_ms == INT64_MAX ? NULL : "an address rests for ever", "no rest");
}

/*
 * From here on a daemon that has just started decides the same as the one that was here before:
 * a few changes, which both see at once.
 */
static void
check_restart(void)
{
	struct daemon *old = &hist.daemons[hist.daemons[0].allocator ? 0 : 1];
	struct plan plan = { 0 };
	char buf[FACT_LEN_MAX];
	struct stored *obj;

	hist.shadow = world_of(old->node);
	TAILQ_FOREACH(obj, &hist.api.objects, link)
		api_tell(hist.shadow, api_line(obj, buf));
	for (int kind = 0; kind < KINDS; kind++)
		world_list_end(hist.shadow, (enum kind)kind);
	world_set_allocator(hist.shadow, true);
	world_decide(hist.shadow, &plan);
	plan_done(&plan);
	for (int i = 0; i < 6; i++) {
		struct arena mem = { 0 };
		const char *wrote;

		step_service();
		for (int kind = 0; kind < KINDS; kind++)
			daemon_deliver(old, kind, old->n_events[kind]);
		daemon_decide(old);
		world_decide(hist.shadow, &plan);
		wrote = statuses(&plan, &mem);
		if (strcmp(wrote, old->wrote) != 0)
			history_check(arena_printf(&mem, "%s against %s", wrote, old->wrote),
			    "after a restart it is decided otherwise");
		plan_done(&plan);
		arena_done(&mem);
		while (old->n_requests)
			daemon_arrive(old, false);
	}
	world_free(hist.shadow);
	hist.shadow = NULL;
}

static void
check_rest(void)
{
	struct arena mem = { 0 };
	struct daemon *d = &hist.daemons[history_pick(DAEMONS)];

	let_rests_end();
	if (!hist.checking && !hist.unasked) /* what the LAN has said dies with the daemon */
		check_restart();
	let_rests_end();
	history_check(judge_twice(&hist.api, &mem), "given twice, at rest");
	history_check(judge_served(&hist.api, &mem), "not served");
	history_check(judge_counts(&hist.api, &mem), "counted wrong");
	world_mark_everything(d->world);
	history_check(daemon_decide(d) ? "a full pass found more to do" : NULL, "no rest");
	for (size_t i = 0; i < DAEMONS; i++)
		daemon_allocates(&hist.daemons[i], false);
	daemon_start(d, true);
	daemon_allocates(d, true);
	daemon_decide(d);
	for (size_t i = 0; i < d->n_requests; i++) {
		/* where no daemon has a link, each says of its own node that it cannot announce */
		if (!hist.unasked || d->requests[i].act.kind != ACT_SERVICE_CONDITIONS)
			history_check(action_text(&d->requests[i].act, &mem), "a restart at rest writes");
	}
	arena_done(&mem);
}

static void
run(uint32_t seed)
{
	static const char *const nodes[] = { "n1", "n2" };

	hist.step = 0;
	history_calm(false);
	hist.now_ms = 0;
	hist.seed = seed;
	hist.random = seed * 2654435761u | 1;
	hist.edits = seed & 1;
	hist.checking = seed % 8 < 2;
	hist.unasked = seed % 8 == 2;
	hist.hosts = 0;
	hist.digest = DIGEST_INIT;
	api_init(&hist.api, history_on_change, NULL);
	for (size_t i = 0; i < DAEMONS; i++) {
		hist.daemons[i] = (struct daemon){ .node = nodes[i] };
		daemon_start(&hist.daemons[i], false);
	}
	put("ns d");
	put("ns e labels=team:web");
	for (hist.step = 0; hist.step < STEPS; hist.step++) {
		if (hist.step % 20 == 19) {
			check_rest();
			history_calm(!hist.edits && history_pick(2));
		}
		if (hist.checking && history_pick(6) == 0)
			lan_change();
		if (hist.unasked && history_pick(6) == 0)
			step_conflict();
		switch (history_pick(6)) {
		case 0:
			step_service();
			break;
		case 1:
			if (hist.calm)
				break;
			if (history_pick(4) == 0)
				put(history_pick(2) ? "ns e labels=team:web" : "ns e");
			else
				step_pool();
			break;
		case 2:
			step_announce();
			break;
		default:
			step_daemon(&hist.daemons[history_pick(DAEMONS)]);
			break;
		}
	}
	history_calm(false);
	check_rest();
	if (!hist.checking)
		order_check();
	for (size_t i = 0; i < DAEMONS; i++)
		daemon_stop(&hist.daemons[i]);
	api_done(&hist.api);
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
		hist.tell = argc == 2 && !digest;
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
