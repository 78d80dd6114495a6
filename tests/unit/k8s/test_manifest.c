/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/manifest.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum how { LIST, EACH };

static char *
print(const char *json, const char *ns, const char *name, const char *patch, enum manifest_format format, enum how how)
{
	struct manifest *manifest = manifest_new();
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	manifest_add(manifest, json, ns, name, patch);
	if (how == LIST)
		manifest_print(manifest, format, out);
	else
		manifest_print_each(manifest, format, out);
	fclose(out);
	manifest_free(manifest);
	return text;
}

/* The first rows are the examples of RFC 7386, appendix A. */
static const struct patch_case {
	const char *name, *json, *patch, *want, *ns;
} patches[] = {
	{ "a member is replaced", "{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}\n" },
	{ "a member is added", "{\"b\":1}", "{\"a\":2}", "{\"a\":2,\"b\":1}\n" },
	{ "null removes a member", "{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}\n" },
	{ "null for an absent member changes nothing", "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}",
	    "{\"a\":{\"bb\":{}}}\n" },
	{ "a list is replaced", "{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}\n" },
	{ "an object is merged", "{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":3,\"d\":4}}",
	    "{\"a\":{\"b\":3,\"c\":2,\"d\":4}}\n" },
	{ "an object replaces another type", "{\"a\":[1]}", "{\"a\":{\"b\":1}}",
	    "{\"a\":{\"b\":1}}\n" },
	{ "keys are sorted", "{\"b\":{\"d\":1,\"c\":[{\"f\":1,\"e\":2}]},\"a\":1}",
	    NULL, "{\"a\":1,\"b\":{\"c\":[{\"e\":2,\"f\":1}],\"d\":1}}\n" },
	{ "managedFields are left out", "{\"metadata\":{\"managedFields\":[1],\"name\":\"a\"}}", NULL,
	    "{\"metadata\":{\"name\":\"a\"}}\n" },
	{ "an object without a namespace gets one", "{\"metadata\":{\"name\":\"a\"}}", NULL,
	    "{\"metadata\":{\"name\":\"a\",\"namespace\":\"b\"}}\n", .ns = "b" },
	{ "an object without a name gets one, and keeps its namespace",
	    "{\"metadata\":{\"namespace\":\"a\"}}", NULL,
	    "{\"metadata\":{\"name\":\"n\",\"namespace\":\"a\"}}\n", .ns = "b" },
	{ "numbers keep their text", "{\"a\":1.10,\"b\":18446744073709551615,\"c\":-5}", NULL,
	    "{\"a\":1.10,\"b\":18446744073709551615,\"c\":-5}\n" },
};

static void
check_patch(void **state)
{
	const struct patch_case *c = *state;
	char *text = print(c->json, c->ns ? c->ns : "", c->ns ? "n" : "", c->patch, MANIFEST_JSON, EACH);

	assert_string_equal(text, c->want);
	free(text);
}

static const struct format_case {
	const char *name, *json;
	enum manifest_format format;
	enum how how;
	const char *want;
} formats[] = {
	{ "objects are printed as a JSON List", "{\"a\":[1,{\"b\":\"/\"}],\"c\":{},\"d\":[]}", MANIFEST_JSON, LIST,
	    "{\n"
	    "    \"apiVersion\": \"v1\",\n"
	    "    \"items\": [\n"
	    "        {\n"
	    "            \"a\": [\n"
	    "                1,\n"
	    "                {\n"
	    "                    \"b\": \"/\"\n"
	    "                }\n"
	    "            ],\n"
	    "            \"c\": {},\n"
	    "            \"d\": []\n"
	    "        }\n"
	    "    ],\n"
	    "    \"kind\": \"List\"\n"
	    "}\n" },
	{ "objects are printed as a YAML List", "{\"a\":[1,{\"b\":\"/\"}],\"c\":{},\"d\":[]}", MANIFEST_YAML, LIST,
	    "apiVersion: v1\n"
	    "items:\n"
	    "- a:\n"
	    "  - 1\n"
	    "  - b: /\n"
	    "  c: {}\n"
	    "  d: []\n"
	    "kind: List\n" },
	{ "objects are printed as YAML documents", "{\"a\":1}", MANIFEST_YAML, EACH, "---\na: 1\n" },
	{ "strings that look like numbers or YAML words are quoted",
	    "{\"a\":\"1\",\"b\":\"yes\",\"c\":\"\",\"d\":\"0x1f\",\"on\":\"~\"}", MANIFEST_YAML, EACH,
	    "---\na: \"1\"\nb: \"yes\"\nc: \"\"\nd: \"0x1f\"\n\"on\": \"~\"\n" },
	{ "strings that other readers read as times or numbers are quoted",
	    "{\"a\":\"2001-01-01\",\"b\":\"12:30\",\"c\":\"0x_\",\"d\":\"<<\",\"e\":\"=\"}",
	    MANIFEST_YAML, EACH,
	    "---\na: \"2001-01-01\"\nb: \"12:30\"\nc: \"0x_\"\nd: \"<<\"\ne: \"=\"\n" },
	{ "other strings are not quoted", "{\"a\":\"10.0.0.1\",\"b\":\"fd00::1\",\"c\":\"10.0.0.0/24\"}",
	    MANIFEST_YAML, EACH, "---\na: 10.0.0.1\nb: fd00::1\nc: 10.0.0.0/24\n" },
	{ "a string of several lines keeps its lines", "{\"a\":\"b\\nc\\n\",\"d\":\"e\\nf\"}", MANIFEST_YAML, EACH,
	    "---\na: |\n  b\n  c\nd: |-\n  e\n  f\n" },
	{ "other values are not quoted", "{\"a\":true,\"b\":null,\"c\":1.5}", MANIFEST_YAML, EACH,
	    "---\na: true\nb: null\nc: 1.5\n" },
	{ "a long line is not wrapped",
	    "{\"a\":\"a sentence that goes on and on until it is much longer than any line of eighty "
	    "columns\"}",
	    MANIFEST_YAML, EACH,
	    "---\na: a sentence that goes on and on until it is much longer than any line of eighty "
	    "columns\n" },
};

static void
check_format(void **state)
{
	const struct format_case *c = *state;
	char *text = print(c->json, "", "", NULL, c->format, c->how);

	assert_string_equal(text, c->want);
	free(text);
}

int
main(void)
{
	return UNIT_TABLE("patches", patches, check_patch) +
	    UNIT_TABLE("formats", formats, check_format);
}
