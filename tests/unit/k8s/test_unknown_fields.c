/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "unit.h"

#include <string.h>

/* Unknown fields of pools and advertisements. */

#define META "\"metadata\":{\"name\":\"x\",\"namespace\":\"ns\"}"

static const struct unknown_case {
	/* expected paths of the unknown fields; a space follows each path */
	const char *name, *json, *paths;
	enum kind kind;
} unknown_cases[] = {
	{ "a pool with all its fields has no unknown field",
	    "{" META ",\"spec\":{\"addresses\":[\"a\"],\"autoAssign\":true,\"avoidBuggyIPs\":true,"
	    "\"serviceAllocation\":{\"priority\":1,\"namespaces\":[],\"serviceSelectors\":"
	    "[{\"matchLabels\":{\"any\":\"x\"},\"matchExpressions\":[{\"key\":\"k\",\"operator\":"
	    "\"In\",\"values\":[\"v\"]}]}],\"namespaceSelectors\":[{}]}},\"status\":{\"any\":1}}",
	    "", KIND_POOL },
	{ "misspelled fields of a pool are unknown",
	    "{" META ",\"specs\":{},\"spec\":{\"addresses\":[\"a\"],\"autoassign\":true,"
	    "\"serviceAllocation\":{\"serviceSelectors\":[{},{\"matchLabel\":{}}]}}}",
	    "specs spec.autoassign spec.serviceAllocation.serviceSelectors[1].matchLabel ", KIND_POOL },
	{ "a pool's field in an advertisement is unknown",
	    "{" META ",\"spec\":{\"ipAddressPools\":[],\"addresses\":[],\"nodeSelectors\":7}}",
	    "spec.addresses ", KIND_L2ADV },
	{ "other kinds are not checked", "{" META ",\"spec\":{\"x\":1}}", "",
	    KIND_SERVICE },
};

static void
on_unknown_field(void *arg, const char *path)
{
	strcat(arg, path);
	strcat(arg, " ");
}

static void
check_unknown(void **state)
{
	const struct unknown_case *c = *state;
	struct object *obj = NULL;
	char paths[256] = "";

	assert_int_equal(decode_kind(c->kind, c->json, strlen(c->json), DECODE_KEEP_RAW, &obj, NULL), 0);
	decode_unknown_fields(obj, on_unknown_field, paths);
	assert_string_equal(paths, c->paths);
	object_free(obj);
}

int
main(void)
{
	return UNIT_TABLE("unknown fields", unknown_cases, check_unknown);
}
