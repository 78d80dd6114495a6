/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "dryrun/outcome.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A dry run with --watch of one world, and the text that this dry run prints after a decision. */
struct watch {
	struct world *world;
	struct outcome *outcome;
	char *text;
	size_t len;
	FILE *out;
};

static void
put(struct watch *watch, const char *json)
{
	struct object *obj;

	assert_int_equal(decode_object(json, strlen(json), DECODE_KEEP_RAW, &obj, NULL), 0);
	world_put(watch->world, obj);
}

static void
start(struct watch *watch, enum output format)
{
	*watch = (struct watch){ 0 };
	watch->out = open_memstream(&watch->text, &watch->len);
	assert_non_null(watch->out);
	watch->outcome = outcome_new(format, "metallb-system", watch->out, stderr);
	watch->world = world_new(&(struct world_opts){ .node_name = "",
	    .pool_ns = "metallb-system",
	    .assume_written = true,
	    .assume_endpoints = true,
	    .assume_elected = true,
	    .assume_everywhere = true });
	world_set_allocator(watch->world, true);
	for (enum kind kind = 0; kind < KINDS; kind++)
		world_list_begin(watch->world, kind);
	put(watch, "{\"apiVersion\":\"metallb.io/v1beta1\",\"kind\":\"IPAddressPool\",\"metadata\":"
		   "{\"name\":\"lan\",\"namespace\":\"metallb-system\"},"
		   "\"spec\":{\"addresses\":[\"10.0.0.1-10.0.0.2\"]}}");
	put(watch, "{\"apiVersion\":\"metallb.io/v1beta1\",\"kind\":\"L2Advertisement\","
		   "\"metadata\":{\"name\":\"lan\",\"namespace\":\"metallb-system\"}}");
	put(watch, "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n1\"},"
		   "\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
	for (enum kind kind = 0; kind < KINDS; kind++)
		world_list_end(watch->world, kind);
}

static void
put_service(struct watch *watch, const char *name, const char *spec)
{
	char json[512];

	snprintf(json, sizeof(json),
	    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"%s\","
	    "\"namespace\":\"d\"},\"spec\":{\"type\":\"LoadBalancer\"%s}}", name, spec);
	put(watch, json);
}

/* Lets the world decide, and returns the text that the dry run prints. */
static const char *
decide(struct watch *watch)
{
	struct plan plan = { 0 };

	rewind(watch->out);
	world_decide(watch->world, &plan);
	outcome_add(watch->outcome, &plan);
	plan_done(&plan);
	assert_int_equal(outcome_print_changes(watch->outcome, watch->world), 0);
	putc('\0', watch->out);
	fflush(watch->out);
	return watch->text;
}

static void
end(struct watch *watch)
{
	outcome_free(watch->outcome);
	world_free(watch->world);
	fclose(watch->out);
	free(watch->text);
}

static void
test_table(void **state)
{
	struct watch w;

	(void)state;
	start(&w, OUTPUT_TABLE);
	put_service(&w, "a", "");
	put_service(&w, "b", "");
	assert_string_equal(decide(&w),
	    "NAMESPACE   NAME   ADDRESS    POOL   NODE   INTERFACES   REASON\n"
	    "d           a      10.0.0.1   lan    n1     all\n"
	    "d           b      10.0.0.2   lan    n1     all\n");
	assert_string_equal(decide(&w), "");
	put_service(&w, "c", "");
	assert_string_equal(decide(&w),
	    "d           c      <pending>   <none>   <none>   <none>       "
	    "pool \"lan\": it has no free IPv4 address\n");
	world_del(w.world, KIND_SERVICE, "d", "a");
	assert_string_equal(decide(&w),
	    "d           c      10.0.0.1    lan      n1       all\n"
	    "d           a      <none>      <none>   <none>   <none>       "
	    "gone: deleted, or not served by arplet any more\n");
	assert_true(outcome_served(w.world));
	put_service(&w, "a", "");
	assert_non_null(strstr(decide(&w), "d           a      <pending>"));
	assert_false(outcome_served(w.world));
	end(&w);
}

/* Returns the number of objects of @kind in @text. */
static int
count(const char *text, const char *kind)
{
	char want[64];
	int n = 0;

	snprintf(want, sizeof(want), ",\"kind\":\"%s\",\"metadata\"", kind);
	for (; (text = strstr(text, want)); text++)
		n++;
	return n;
}

static void
test_objects(void **state)
{
	struct watch w;
	const char *text;

	(void)state;
	start(&w, OUTPUT_JSON);
	put_service(&w, "a", "");
	text = decide(&w);
	assert_int_equal(count(text, "Service"), 1);
	assert_int_equal(count(text, "IPAddressPool"), 1);
	assert_int_equal(count(text, "ServiceL2Status"), 1);
	assert_non_null(strstr(text, "\"reason\":\"IPAllocated\""));
	assert_string_equal(decide(&w), "");
	/* a second Service changes the counts in the pool's status, but not the first Service */
	put_service(&w, "b", "");
	text = decide(&w);
	assert_int_equal(count(text, "Service"), 1);
	assert_non_null(strstr(text, "\"ip\":\"10.0.0.2\""));
	assert_null(strstr(text, "\"ip\":\"10.0.0.1\""));
	assert_non_null(strstr(text, "\"assignedIPv4\":2"));
	/* a new Service does not get the patch of a deleted Service with the same name */
	world_del(w.world, KIND_SERVICE, "d", "b");
	text = decide(&w);
	assert_int_equal(count(text, "Service"), 0);
	assert_non_null(strstr(text, "\"assignedIPv4\":1"));
	put_service(&w, "b", ",\"loadBalancerClass\":\"other\"");
	text = decide(&w);
	assert_int_equal(count(text, "Service"), 1);
	assert_null(strstr(text, "ingress"));
	end(&w);
}

/* The world plans no action that revokes an unwritten address, but the patch must disappear. */
static void
test_withdrawn(void **state)
{
	struct watch w;
	const char *text;

	(void)state;
	start(&w, OUTPUT_JSON);
	put_service(&w, "a", "");
	assert_non_null(strstr(decide(&w), "\"ip\":\"10.0.0.1\""));
	put_service(&w, "a", ",\"loadBalancerClass\":\"other\"");
	text = decide(&w);
	assert_int_equal(count(text, "Service"), 1);
	assert_null(strstr(text, "ingress"));
	put_service(&w, "a", "");
	assert_non_null(strstr(decide(&w), "\"ip\":\"10.0.0.1\""));
	world_del(w.world, KIND_POOL, "metallb-system", "lan");
	text = decide(&w);
	assert_int_equal(count(text, "Service"), 1);
	assert_null(strstr(text, "ingress"));
	end(&w);
}

static void
test_unwritten(void **state)
{
	struct watch w;
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	start(&w, OUTPUT_TABLE);
	outcome_free(w.outcome);
	w.outcome = outcome_new(OUTPUT_TABLE, "metallb-system", full, stderr);
	put_service(&w, "a", "");
	assert_true(outcome_print_changes(w.outcome, w.world) < 0);
	end(&w);
	fclose(full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		{ "a table prints only rows that have changed", test_table },
		{ "JSON output contains only objects that have changed", test_objects },
		{ "a Service that loses its class or pool is printed without its address",
		    test_withdrawn },
		{ "an output that cannot be written is an error", test_unwritten },
	};

	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
