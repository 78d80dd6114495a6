/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/yaml.h"
#include "arplet/arena.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Write one line for each object: its JSON, or "NUMBER:LINE: error". */
static void
on_doc(void *arg, const struct yaml_doc *doc)
{
	if (doc->json)
		fprintf(arg, "%s\n", doc->json);
	else
		fprintf(arg, "%u:%u: %s\n", doc->number, doc->line, doc->error);
}

static char *
read_all(const char *text)
{
	char *got = NULL;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	assert_non_null(out);
	yaml_read(text, strlen(text), on_doc, out);
	fclose(out);
	return got;
}

struct text_case {
	const char *name, *text, *want;
};

static void
check_text(void **state)
{
	const struct text_case *c = *state;
	char *got = read_all(c->text);

	assert_string_equal(got, c->want);
	free(got);
}

/* The expected values are those of kubectl's library (sigs.k8s.io/yaml 1.6). */
static const struct text_case scalars[] = {
	{ "words of YAML 1.1 are booleans", "[yes, Yes, y, on, TRUE, no, N, off, False]",
	    "[true,true,true,true,true,false,false,false,false]\n" },
	{ "words in mixed case are strings", "[yEs, tRUE, nULL, infinity, nan]",
	    "[\"yEs\",\"tRUE\",\"nULL\",\"infinity\",\"nan\"]\n" },
	{ "an empty value, a tilde and null are null", "a:\nb: ~\nc: Null\n",
	    "{\"a\":null,\"b\":null,\"c\":null}\n" },
	{ "quoted words are strings", "[\"yes\", 'no', \"1\", '', \"null\"]",
	    "[\"yes\",\"no\",\"1\",\"\",\"null\"]\n" },
	{ "a block scalar is a string", "a: |\n  1\nb: >-\n  yes\n",
	    "{\"a\":\"1\\u000a\",\"b\":\"yes\"}\n" },
	{ "integers are numbers", "[0, 5, -7, +5, 1_000, -0]", "[0,5,-7,5,1000,0]\n" },
	{ "integers can have other bases", "[0x1F, 010, 0o17, 0b101, -0x10, 0777_]",
	    "[31,8,15,5,-16,511]\n" },
	{ "the largest integers keep all digits", "[18446744073709551615, -9223372036854775808]",
	    "[18446744073709551615,-9223372036854775808]\n" },
	{ "decimals are numbers", "[1.5, .5, 5., 1e3, 1.5e+3, 0.10, 5.0, 08]", "[1.5,0.5,5,1000,1500,0.1,5,8]\n" },
	{ "a decimal keeps all its digits", "[0.1234567890123456789, 123456789.5]",
	    "[0.12345678901234568,123456789.5]\n" },
	{ "text that is almost a number is a string", "[0x, 0o, 1e, 1.2.3, 10.0.0.1, +, '-', ., 0b2, 1e400, _1]",
	    "[\"0x\",\"0o\",\"1e\",\"1.2.3\",\"10.0.0.1\",\"+\",\"-\",\".\",\"0b2\",\"1e400\","
	    "\"_1\"]\n" },
	{ "times and dates are strings", "[2001-01-01, 12:30, 2001-01-01T00:00:00Z]",
	    "[\"2001-01-01\",\"12:30\",\"2001-01-01T00:00:00Z\"]\n" },
	{ "the tag !!str makes a string", "[!!str yes, !!str 5, !foo 5]", "[\"yes\",\"5\",\"5\"]\n" },
	{ "the tags !!int, !!float, !!bool and !!null set the type", "[!!int \"5\", !!float 1, !!bool 'yes', !!null '']",
	    "[5,1,true,null]\n" },
	{ "a value that does not fit its tag is refused", "!!int five", "1:1: \"five\" is not a value that JSON can represent\n" },
	{ "an unknown tag is refused", "!!binary aGVsbG8=",
	    "1:1: the tag !!binary is not supported in a manifest\n" },
	{ "infinity is refused", "a: 1\nb: -.inf\n",
	    "1:2: \"-.inf\" is not a value that JSON can represent\n" },
	{ "control characters and quotes are escaped", "\"\\x01\\\"\\\\\\n\\u00e9\\0\"",
	    "\"\\u0001\\\"\\\\\\u000a\xc3\xa9\\u0000\"\n" },
};

static const struct text_case mappings[] = {
	{ "keys are strings, and sorted", "b: 1\n1: 2\nyes: 3\n0x10: 4\n",
	    "{\"1\":2,\"16\":4,\"b\":1,\"true\":3}\n" },
	{ "a duplicate key is refused", "a: 1\nb: 2\n\"a\": 3\n", "1:3: duplicate key \"a\"\n" },
	{ "two spellings of the same key are a duplicate", "yes: 1\ntrue: 2\n", "1:2: duplicate key \"true\"\n" },
	{ "null is refused as a key", "~: 1", "1:1: a key must be a string\n" },
	{ "a list is refused as a key", "? [a]\n: b", "1:1: a key must be a string\n" },
	{ "the string \"null\" is a key", "\"null\": 1", "{\"null\":1}\n" },
	{ "a mapping's own keys win over merged keys", "a: {<<: {b: 1, c: 2}, b: 3}", "{\"a\":{\"b\":3,\"c\":2}}\n" },
	{ "the first of several merged mappings wins", "a: {<<: [{b: 1}, {b: 2, c: 3}]}",
	    "{\"a\":{\"b\":1,\"c\":3}}\n" },
	{ "a merged mapping can have merged another one", "p: &p {a: 1}\nq: &q {<<: *p, b: 2}\nr: {<<: *q}\n",
	    "{\"p\":{\"a\":1},\"q\":{\"a\":1,\"b\":2},\"r\":{\"a\":1,\"b\":2}}\n" },
	{ "a merge of a scalar is refused", "a:\n  <<: 5\n", "1:2: the value of << must be a mapping or a list of mappings\n" },
	{ "a second merge key is refused", "a:\n  <<: {b: 1}\n  <<: {c: 1}\n", "1:3: duplicate key \"<<\"\n" },
	{ "a quoted << is a normal key", "'<<': 1", "{\"<<\":1}\n" },
	{ "an alias repeats the value of its anchor", "a: &x [1, 2]\nb: *x\n", "{\"a\":[1,2],\"b\":[1,2]}\n" },
	{ "an alias means the last anchor of its name", "[&x 1, *x, &x 2, *x]", "[1,1,2,2]\n" },
	{ "an alias without an anchor is refused", "a: *x", "1:1: the alias *x has no anchor before it\n" },
	{ "an alias inside its own anchor is refused", "&x [*x]", "1:1: the alias *x has no anchor before it\n" },
};

static const struct text_case streams[] = {
	{ "an empty stream has no documents", "", "" },
	{ "a comment is no document", "# nothing\n", "" },
	{ "documents are separated by --- or ...", "a: 1\n---\nb: 2\n...\n---\nc: 3\n", "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n" },
	{ "empty documents are skipped", "---\n---\na: 1\n---\n# end\n", "{\"a\":1}\n" },
	{ "empty documents count in the document number", "---\n---\na: *b\n", "2:3: the alias *b has no anchor before it\n" },
	{ "an anchor ends with its document", "a: &x 1\n---\nb: *x\n",
	    "{\"a\":1}\n2:3: the alias *x has no anchor before it\n" },
	{ "an error ends only its document", "a: 1\na: 2\nb: [1, {c: d}]\n---\nb: 1\n---\nc: *x\n",
	    "1:2: duplicate key \"a\"\n{\"b\":1}\n3:7: the alias *x has no anchor before it\n" },
	{ "a syntax error ends the stream", "a: 1\n---\nb: [1\n---\nc: 1\n",
	    "{\"a\":1}\n2:4: while parsing a flow sequence: did not find expected ',' or ']'\n" },
	{ "a tab as indentation is refused with a hint", "a:\n\tb: 1\n",
	    "1:2: while scanning for the next token: found character that cannot start any token (YAML indentation must be spaces; this line has a tab)\n" },
	{ "bytes that are not UTF-8 are refused", "a: 1\nb: \xff\n",
	    "1:2: not UTF-8 text: invalid leading UTF-8 octet\n" },
	{ "JSON is YAML", "{\n\t\"a\": [1, 2.5e3, true, null],\n\t\"b\": \"\\u00e9\\/\"\n}",
	    "{\"a\":[1,2500,true,null],\"b\":\"\xc3\xa9/\"}\n" },
	{ "a surrogate pair of JSON is one character", "{\"a\":\"\\ud83d\\uDE00 \\\\ud83d\\\\ude00\"}",
	    "{\"a\":\"\xf0\x9f\x98\x80 \\\\ud83d\\\\ude00\"}\n" },
	{ "half a surrogate pair is refused", "{\"a\":\"\\ud83d\"}",
	    "1:1: while parsing a quoted scalar: found invalid Unicode character escape code\n" },
	{ "each item of a List is an object", "kind: List\napiVersion: v1\nitems:\n- {kind: A}\n- kind: B\n---\nc: 1",
	    "{\"kind\":\"A\"}\n{\"kind\":\"B\"}\n{\"c\":1}\n" },
	{ "the items of a ServiceList are Services", "kind: ServiceList\napiVersion: v1\nitems: [{a: 1}]",
	    "{\"a\":1,\"apiVersion\":\"v1\",\"kind\":\"Service\"}\n" },
	{ "an empty List has no objects", "kind: List\nitems: []\n", "" },
};

static void
check_depth(void **state)
{
	char text[201];
	char *got;

	(void)state;
	memset(text, '[', 64);
	memset(text + 64, ']', 64);
	text[128] = '\0';
	got = read_all(text);
	assert_int_equal(got[0], '[');
	free(got);
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	text[130] = '\0';
	got = read_all(text);
	assert_string_equal(got, "1:1: nested deeper than 64 levels\n");
	free(got);
}

/* Ten nested levels of aliases, with ten aliases in each, would expand to 10^10 strings. */
static void
check_alias_expansion(void **state)
{
	char *text = NULL, *got;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fprintf(out, "l0: &l0 lol\n");
	for (int i = 1; i <= 10; i++) {
		fprintf(out, "l%d: &l%d [", i, i);
		for (int j = 0; j < 10; j++)
			fprintf(out, "*l%d,", i - 1);
		fprintf(out, "]\n");
	}
	fclose(out);
	got = read_all(text);
	assert_string_equal(got, "1:1: its aliases expand to too much text\n");
	free(got);
	free(text);
}

/*
 * 200 mappings merge the same mapping of 1,000 entries.  Together they copy more entries than
 * YAML_MERGES_MAX.
 */
static void
check_merges(void **state)
{
	char *text = NULL, *got;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fprintf(out, "a: &a {");
	for (int i = 0; i < 1000; i++)
		fprintf(out, "k%d: 1, ", i);
	fprintf(out, "}\nb:\n");
	for (int i = 0; i < 200; i++)
		fprintf(out, "- <<: *a\n");
	fclose(out);
	got = read_all(text);
	assert_string_equal(got, "1:1: its merge keys (<<) expand to too many entries\n");
	free(got);
	free(text);
}

static const char pool_yaml[] = "kind: List\n"
				"items:\n"
				"- metadata:\n"
				"    name: a\n"
				"    annotations:\n"
				"      metallb.io/x: 1\n"
				"  spec:\n"
				"    addresses:\n"
				"    - 10.0.0.0/24\n"
				"    - 10.0.1.0/24\n";

static const struct line_case {
	const char *name, *path;
	unsigned int want;
} lines[] = {
	{ "an item has its line", "spec.addresses[1]: is not a CIDR", 10 },
	{ "an entry of a mapping has its line", "metadata.name: is too long", 4 },
	{ "a key with dots has its line", "metadata.annotations.metallb.io/x: is no string", 6 },
	{ "a key in brackets has its line", "metadata.annotations[\"metallb.io/x\"]: is no string", 6 },
	{ "a missing key has the line of its mapping", "metadata.annotations[\"metallb.io/y\"]: is no string", 6 },
	{ "a missing item has the line of its list", "spec.addresses[2]: is missing", 9 },
	{ "a missing field has the line of its mapping", "spec.autoAssign: is missing", 8 },
	{ "a path without a field has the line of the object", "cannot be", 3 },
};

struct line_query {
	const char *path;
	unsigned int line;
};

static void
on_line_doc(void *arg, const struct yaml_doc *doc)
{
	struct line_query *query = arg;

	assert_int_equal(doc->item, 1);
	assert_int_equal(doc->line, 3);
	query->line = yaml_line_of(doc, query->path);
}

static void
check_line(void **state)
{
	const struct line_case *c = *state;
	struct line_query query = { .path = c->path };

	yaml_read(pool_yaml, strlen(pool_yaml), on_line_doc, &query);
	assert_int_equal(query.line, c->want);
}

int
main(void)
{
	const struct CMUnitTest bounds[] = {
		{ "nesting beyond 64 levels is refused", check_depth },
		{ "aliases of aliases are refused beyond the limit", check_alias_expansion },
		{ "merges are refused beyond the limit", check_merges },
	};

	return UNIT_TABLE("scalars", scalars, check_text) +
	    UNIT_TABLE("mappings", mappings, check_text) +
	    UNIT_TABLE("streams", streams, check_text) + UNIT_TABLE("lines", lines, check_line) +
	    cmocka_run_group_tests_name("bounds", bounds, NULL, NULL);
}
