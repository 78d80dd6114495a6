/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/manifest.h"
#include "arplet/yaml.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct roundtrip {
	char *first; /* JSON of the document after the first reading */
	FILE *out;   /* output of the manifests */
};

/*
 * True if the JSON is also valid YAML.  YAML has more line breaks than JSON, and limits the length
 * of a key.
 */
static bool
is_plain(const char *json)
{
	size_t n = strlen(json);

	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)json[i] > 0x7e)
			return false;
	}
	return n < 1000;
}

static void
on_same(void *arg, const struct yaml_doc *doc)
{
	struct roundtrip *r = arg;

	if (!doc->json || strcmp(doc->json, r->first) != 0)
		abort();
}

/*
 * Checks that a document's JSON can be read as YAML, which gives the same JSON, and can be printed.
 */
static void
on_doc(void *arg, const struct yaml_doc *doc)
{
	struct roundtrip *r = arg;
	struct manifest *manifest;

	if (!doc->json == !doc->error || doc->number == 0 || doc->line == 0)
		abort();
	if (doc->error)
		return;
	if (yaml_line_of(doc, "spec.addresses[1]: x") == 0)
		abort();
	r->first = strdup(doc->json);
	if (!doc->item && is_plain(doc->json))
		yaml_read(doc->json, strlen(doc->json), on_same, r);
	free(r->first);
	if (doc->json[0] != '{')
		return;
	manifest = manifest_new();
	manifest_add(manifest, doc->json, "a", "b", "{\"status\":{\"a\":null,\"b\":[1]}}");
	manifest_print(manifest, MANIFEST_YAML, r->out);
	manifest_print_each(manifest, MANIFEST_JSON, r->out);
	manifest_free(manifest);
}

/* The input is a stream of manifests. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct roundtrip r = { NULL, fopen("/dev/null", "w") };

	yaml_read((const char *)data, size, on_doc, &r);
	fclose(r.out);
	return 0;
}
