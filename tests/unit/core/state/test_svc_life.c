/* SPDX-License-Identifier: Apache-2.0 */
#include "core/state/svc_life.h"
#include "core/state/svc.h"
#include "unit.h"

/* Each row is a state of a Service, an event, and the state after the event by svc_life.c. */

static const struct alloc_case {
	const char *name;
	enum svc_alloc from;
	enum svc_alloc_event event;
	enum svc_alloc to;
} alloc_cases[] = {
	{ "a new Service is served", ALLOC_FOLLOWING, ALLOC_EV_SERVE, ALLOC_SERVED },
	{ "a new Service waits for a probe", ALLOC_FOLLOWING, ALLOC_EV_PROBE, ALLOC_PROBING },
	{ "the probe finds a conflicting host", ALLOC_PROBING, ALLOC_EV_REFUSE, ALLOC_WAITING },
	{ "the probe finds nobody", ALLOC_PROBING, ALLOC_EV_SERVE, ALLOC_SERVED },
	{ "an address is released for a waiting Service", ALLOC_WAITING, ALLOC_EV_SERVE,
	    ALLOC_SERVED },
	{ "a served Service requests an address in use", ALLOC_SERVED, ALLOC_EV_REFUSE,
	    ALLOC_WAITING },
	{ "a served Service changes its type", ALLOC_SERVED, ALLOC_EV_RELEASE, ALLOC_RELEASED },
	{ "a Service of another class is left alone", ALLOC_FOLLOWING, ALLOC_EV_NOT_OURS,
	    ALLOC_FOLLOWING },
	{ "a released Service stays released", ALLOC_RELEASED, ALLOC_EV_NOT_OURS, ALLOC_RELEASED },
	{ "somebody else writes the status", ALLOC_SERVED, ALLOC_EV_FOLLOW, ALLOC_FOLLOWING },
	{ "the Lease is lost while a probe runs", ALLOC_PROBING, ALLOC_EV_FOLLOW, ALLOC_FOLLOWING },
};

static void
alloc_moves(void **state)
{
	const struct alloc_case *c = *state;
	struct svc svc = { .alloc = c->from };

	assert_int_equal(svc_alloc_on(&svc, c->event), c->from != c->to);
	assert_int_equal(svc.alloc, c->to);
}

static void
a_service_that_follows_has_no_write_under_way(void **state)
{
	struct svc svc = { .alloc = ALLOC_SERVED, .write_sent = true };

	(void)state;
	svc_alloc_on(&svc, ALLOC_EV_SERVE);
	assert_true(svc.write_sent);
	svc_alloc_on(&svc, ALLOC_EV_FOLLOW);
	assert_false(svc.write_sent);
}

static const struct announcement_case {
	const char *name;
	enum svc_ann from;
	enum svc_ann_event event;
	enum svc_ann to;
} announcement_cases[] = {
	{ "a node becomes eligible", SVC_NO_ENDPOINT, SVC_EV_ELIGIBLE, SVC_NO_HOLDER },
	{ "this node is elected", SVC_NO_HOLDER, SVC_EV_HERE, SVC_ANNOUNCED_HERE },
	{ "another node is elected", SVC_NO_HOLDER, SVC_EV_ELSEWHERE, SVC_ANNOUNCED_ELSEWHERE },
	{ "the holder moves", SVC_ANNOUNCED_HERE, SVC_EV_ELSEWHERE, SVC_ANNOUNCED_ELSEWHERE },
	{ "the holder dies", SVC_ANNOUNCED_ELSEWHERE, SVC_EV_NO_HOLDER, SVC_NO_HOLDER },
	{ "more nodes become eligible", SVC_ANNOUNCED_HERE, SVC_EV_ELIGIBLE, SVC_ANNOUNCED_HERE },
	{ "the last endpoint ends", SVC_ANNOUNCED_HERE, SVC_EV_NO_ENDPOINT, SVC_NO_ENDPOINT },
	{ "the last advertisement is deleted", SVC_ANNOUNCED_HERE, SVC_EV_NO_NODE, SVC_NO_NODE },
	{ "the address is released", SVC_ANNOUNCED_HERE, SVC_EV_NO_ADDRESS, SVC_NO_ADDRESS },
	{ "a holder without an eligible node does not count", SVC_NO_NODE, SVC_EV_ELSEWHERE,
	    SVC_NO_NODE },
};

static void
announcement_moves(void **state)
{
	const struct announcement_case *c = *state;
	struct svc svc = { .ann = c->from };

	assert_int_equal(svc_ann_on(&svc, c->event), c->from != c->to);
	assert_int_equal(svc.ann, c->to);
}

static const struct l2_case {
	const char *name;
	enum svc_l2 from;
	enum svc_l2_event event;
	enum svc_l2 to;
} l2_cases[] = {
	{ "the holder creates its status", L2_ABSENT, L2_EV_CREATE, L2_CREATING },
	{ "the watch shows it", L2_CREATING, L2_EV_SEEN, L2_PRESENT },
	{ "the create was lost", L2_CREATING, L2_EV_LOST, L2_ABSENT },
	{ "the holder writes another one", L2_PRESENT, L2_EV_CREATE, L2_REPLACING },
	{ "the other one was lost", L2_REPLACING, L2_EV_LOST, L2_PRESENT },
	{ "a deleted status was there before", L2_PRESENT, L2_EV_LOST, L2_PRESENT },
	{ "another node is the holder", L2_PRESENT, L2_EV_LEFT, L2_ABSENT },
};

static void
l2_moves(void **state)
{
	const struct l2_case *c = *state;
	struct svc svc = { .l2 = c->from };

	assert_int_equal(svc_l2_on(&svc, c->event), c->from != c->to);
	assert_int_equal(svc.l2, c->to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_that_follows_has_no_write_under_way),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	failed += UNIT_TABLE("allocation", alloc_cases, alloc_moves);
	failed += UNIT_TABLE("announcement", announcement_cases, announcement_moves);
	failed += UNIT_TABLE("ServiceL2Status", l2_cases, l2_moves);
	return failed;
}
