/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "unit.h"

#include <stdio.h>

/* Selectors, in the notation of object_text.h, are matched with the labels of a node. */
static const struct match_case {
	const char *name, *selectors, *labels;
	bool matches;
} matches[] = {
	{ "a label with the value matches", "zone:1", "zone:1", true },
	{ "a label with another value does not match", "zone:1", "zone:2", false },
	{ "a node without the label does not match", "zone:1", "rack:1", false },
	{ "a node without labels does not match", "zone:1", NULL, false },
	{ "In matches one of several values", "zone:1/2", "zone:2", true },
	{ "In does not match another value", "zone:1/2", "zone:3", false },
	{ "NotIn matches another value", "zone!:1", "zone:2", true },
	{ "NotIn does not match a listed value", "zone!:1/2", "zone:2", false },
	{ "NotIn matches a node without the key", "zone!:1", "rack:1", true },
	{ "Exists matches any value", "gpu", "gpu:", true },
	{ "Exists does not match a node without the key", "gpu", "cpu:", false },
	{ "DoesNotExist matches a node without the key", "!gpu", "cpu:", true },
	{ "DoesNotExist does not match a node with the key", "!gpu", "gpu:", false },
	{ "a selector does not match if one requirement fails", "zone:1&!gpu", "zone:1,gpu:",
	    false },
	{ "a selector matches if all requirements hold", "zone:1&!gpu&rack", "zone:1,rack:9",
	    true },
	{ "a list matches if one selector matches", "zone:1,rack:9", "zone:2,rack:9", true },
	{ "a list does not match if no selector matches", "zone:1,rack:9", "zone:2,rack:8",
	    false },
	{ "keys are compared whole", "zone:1", "zone2:1,zon:1", false },
	{ "an empty list of selectors matches nothing", "", "zone:1", false },
	{ "In does not match unknown labels", "zone:1", "many", false },
	{ "NotIn does not match unknown labels", "zone!:1", "many", false },
	{ "DoesNotExist does not match unknown labels", "!gpu", "many", false },
};

static struct object *
node_with(const char *labels)
{
	char line[OBJECT_TEXT_MAX];

	snprintf(line, sizeof(line), labels ? "node n labels=%s" : "node n", labels);
	return object_from_text(line);
}

static void
check_match(void **state)
{
	const struct match_case *c = *state;
	struct object *node = node_with(c->labels), *adv;
	char line[OBJECT_TEXT_MAX];

	snprintf(line, sizeof(line), "adv x nodes=%s", c->selectors);
	adv = object_from_text(line);
	assert_int_equal(selectors_match(&adv->u.l2adv.node_selectors, &node->meta.labels),
	    c->matches);
	object_free(adv);
	object_free(node);
}

static void
empty_selector_matches_everything(void **state)
{
	const struct selector everything = { 0 };
	const struct selectors one = { (struct selector *)&everything, 1 };
	struct object *node = node_with("zone:1"), *bare = node_with(NULL);

	(void)state;
	assert_true(selector_matches(&everything, &node->meta.labels));
	assert_true(selectors_match(&one, &bare->meta.labels));
	object_free(node);
	object_free(bare);
}

static const struct equal_case {
	const char *name, *a, *b;
	bool equal;
} equals[] = {
	{ "the same labels", "a:1,b:2", "a:1,b:2", true },
	{ "in another order", "a:1,b:2", "b:2,a:1", true },
	{ "none and none", NULL, NULL, true },
	{ "unknown labels equal no labels, not even unknown labels", "many", "many", false },
	{ "one more", "a:1", "a:1,b:2", false },
	{ "one fewer", "a:1,b:2", "a:1", false },
	{ "another value", "a:1", "a:2", false },
	{ "another key", "a:1", "b:1", false },
};

static void
check_equal(void **state)
{
	const struct equal_case *c = *state;
	struct object *a = node_with(c->a), *b = node_with(c->b);

	assert_int_equal(labels_equal(&a->meta.labels, &b->meta.labels), c->equal);
	object_free(a);
	object_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_selector_matches_everything),
	};
	int failed = UNIT_TABLE("selectors", matches, check_match);

	failed += UNIT_TABLE("labels", equals, check_equal);
	return failed + cmocka_run_group_tests_name("selector", tests, NULL, NULL);
}
