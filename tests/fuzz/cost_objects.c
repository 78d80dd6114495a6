/* SPDX-License-Identifier: Apache-2.0 */
#include "cost_objects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 400000 /* bytes of all objects of a recipe */

enum style {
	MEMBERS,  /* an object of strings */
	STRINGS,  /* a list of strings */
	OBJECTS,  /* a list of objects */
	TEXT,     /* a long string */
	NESTED,   /* objects within objects */
};

/*
 * The parts of each kind.  Each stands in the member @in of the object, or of the object's
 * annotations, as the member @name.  In @item, the first %u, if any, is the version, and the second
 * %u the number of the element.
 */
struct part {
	const char *in, *name;
	enum style style;
	const char *item;
};

static const struct part service_parts[] = {
	{ "metadata", "labels", MEMBERS, "\"l%u-%x\":\"v\"" },
	{ "annotations", NULL, MEMBERS, "\"a%u-%x\":\"v\"" },
	{ "spec", "ports", OBJECTS, "{\"name\":\"p%u-%x\",\"port\":%u,\"protocol\":\"TCP\"}" },
	{ "spec", "selector", MEMBERS, "\"s%u-%x\":\"v\"" },
	{ "annotations", "metallb.io/loadBalancerIPs", TEXT, "10.%u.%u.1," },
	{ "annotations", "metallb.io/address-pool", TEXT, "p%u-%x," },
	{ "annotations", "metallb.io/allow-shared-ip", TEXT, "key" },
	{ "annotations", NULL, MEMBERS, "\"metallb.io/x%u-%x\":\"v\"" },
	{ "annotations", "a", TEXT, "\\u0001\\\"\\\\" },
	{ "spec", "externalIPs", STRINGS, "\"192.0.%u.%u\"" },
	{ "spec", "loadBalancerSourceRanges", STRINGS, "\"10.%u.%u.0/24\"" },
	{ "spec", "clusterIPs", STRINGS, "\"10.%u.%u.3\"" },
	{ "spec", "ipFamilies", STRINGS, "\"IPv4\"" },
	{ "metadata", "finalizers", STRINGS, "\"example.com/f%u-%x\"" },
	{ "metadata", "managedFields", NESTED, "{\"f:%u%u\":" },
	{ "spec", "unknown", NESTED, "{\"u%u%u\":" },
	{ "status", "conditions", OBJECTS, "{\"type\":\"arplet.io/c%u-%x\",\"status\":\"True\"}" },
	{ "lb", "ingress", OBJECTS, "{\"ip\":\"10.%u.%u.4\"}" },
};
static const struct part slice_parts[] = {
	{ "metadata", "labels", MEMBERS, "\"l%u-%x\":\"v\"" },
	{ "root", "endpoints", OBJECTS,
	    "{\"addresses\":[\"10.%u.%u.5\"],\"nodeName\":\"n1\",\"conditions\":{\"ready\":true}}" },
	{ "root", "endpoints", OBJECTS,
	    "{\"addresses\":[\"10.%u.%u.5\"],\"nodeName\":\"x%u\",\"conditions\":{}}" },
	{ "root", "ports", OBJECTS, "{\"name\":\"p%u-%x\",\"port\":1}" },
	{ "annotations", NULL, MEMBERS, "\"a%u-%x\":\"v\"" },
};
static const struct part namespace_parts[] = {
	{ "metadata", "labels", MEMBERS, "\"l%u-%x\":\"v\"" },
	{ "annotations", NULL, MEMBERS, "\"a%u-%x\":\"v\"" },
	{ "metadata", "finalizers", STRINGS, "\"example.com/f%u-%x\"" },
};

static const struct tenant_kind {
	enum kind kind;
	const struct part *parts;
	size_t n;
} kinds[] = {
	{ KIND_SERVICE, service_parts, sizeof(service_parts) / sizeof(service_parts[0]) },
	{ KIND_SLICE, slice_parts, sizeof(slice_parts) / sizeof(slice_parts[0]) },
	{ KIND_NAMESPACE, namespace_parts, sizeof(namespace_parts) / sizeof(namespace_parts[0]) },
};

static const struct tenant_kind *
of_kind(enum kind kind)
{
	size_t i = 0;

	while (kinds[i].kind != kind)
		i++;
	return &kinds[i];
}

bool
recipe_read(const uint8_t *data, size_t size, struct recipe *ret_recipe)
{
	static const unsigned int copies[] = { 1, 1, 2, 16, 128, 1024 };
	struct recipe recipe = { .kind = KIND_SERVICE };

	if (size < 4)
		return false;
	recipe.kind = kinds[data[0] % (sizeof(kinds) / sizeof(kinds[0]))].kind;
	recipe.copies = copies[data[1] % (sizeof(copies) / sizeof(copies[0]))];
	for (size_t at = 2; at + 2 <= size && recipe.n_parts < RECIPE_PARTS; at += 2) {
		unsigned int n = 1U << (data[at + 1] % 16);

		recipe.parts[recipe.n_parts].part = data[at];
		recipe.parts[recipe.n_parts++].n = n;
	}
	*ret_recipe = recipe;
	return true;
}

void
recipe_print(const struct recipe *recipe)
{
	const struct tenant_kind *kind = of_kind(recipe->kind);

	fprintf(stderr, "%u objects of kind %d\n", recipe->copies, (int)recipe->kind);
	for (size_t i = 0; i < recipe->n_parts; i++) {
		const struct part *part = &kind->parts[recipe->parts[i].part % kind->n];

		fprintf(stderr, "%u times %s %s\n", recipe->parts[i].n, part->in,
		    part->name ? part->name : part->item);
	}
}

static void
add_element(FILE *f, const struct part *part, unsigned int version, unsigned int i)
{
	if (i && part->style != TEXT && part->style != NESTED)
		fputc(',', f);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (part->style == TEXT || part->style == STRINGS)
		fprintf(f, part->item, version * 100 + i / 256 % 100, i % 256);
	else
		fprintf(f, part->item, version, i, i % 65535 + 1);
#pragma GCC diagnostic pop
}

static void
add_part(FILE *f, const struct part *part, unsigned int n, unsigned int version)
{
	static const char *const begin[] = { "{", "[", "[", "\"", "" };
	static const char *const end[] = { "}", "]", "]", "\"", "0" };
	bool inside = part->style == MEMBERS && !part->name; /* its members are the annotations' */

	fprintf(f, ",");
	if (!inside)
		fprintf(f, "\"%s\":%s", part->name, begin[part->style]);
	for (unsigned int i = 0; i < n; i++)
		add_element(f, part, version, i);
	if (!inside)
		fprintf(f, "%s", end[part->style]);
	for (unsigned int i = 0; part->style == NESTED && i < n; i++)
		fputc('}', f);
}

/* Adds the parts of a recipe that stand in the member @in. */
static void
add_parts(FILE *f, const struct recipe *recipe, const char *in, unsigned int version)
{
	const struct tenant_kind *kind = of_kind(recipe->kind);

	for (size_t i = 0; i < recipe->n_parts; i++) {
		const struct part *part = &kind->parts[recipe->parts[i].part % kind->n];
		unsigned int most = TEXT_MAX / RECIPE_PARTS / recipe->copies / (unsigned)strlen(part->item);
		unsigned int n = recipe->parts[i].n;

		if (strcmp(part->in, in) == 0)
			add_part(f, part, n < most ? n : most + 1, version);
	}
}

static void
add_object(FILE *f, const struct recipe *recipe, unsigned int number, unsigned int version)
{
	fprintf(f, "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"o%u\","
	    "\"namespace\":\"tenant\",\"resourceVersion\":\"%u\",\"annotations\":{\"b\":\"\"",
	    number, version + 1);
	add_parts(f, recipe, "annotations", version);
	fprintf(f, "}");
	if (recipe->kind == KIND_SLICE)
		fprintf(f, ",\"labels\":{\"kubernetes.io/service-name\":\"fixed\"}");
	add_parts(f, recipe, "metadata", version);
	fprintf(f, "},\"spec\":{\"type\":\"LoadBalancer\",\"externalTrafficPolicy\":\"Local\"");
	add_parts(f, recipe, "spec", version);
	fprintf(f, "},\"addressType\":\"IPv4\"");
	add_parts(f, recipe, "root", version);
	fprintf(f, ",\"status\":{\"x\":0");
	add_parts(f, recipe, "status", version);
	fprintf(f, ",\"loadBalancer\":{\"x\":0");
	add_parts(f, recipe, "lb", version);
	fprintf(f, "}}}}\n");
}

struct cost_text
cost_objects(const struct recipe *recipe, unsigned int version)
{
	struct cost_text text = { 0 };
	FILE *f = open_memstream(&text.text, &text.len);

	if (!f)
		abort();
	for (unsigned int i = 0; i < recipe->copies; i++)
		add_object(f, recipe, i, version);
	fclose(f);
	return text;
}

#define EVENT(object) "{\"type\":\"ADDED\",\"object\":" object "}\n"
#define META(name, ns) "\"metadata\":{\"name\":\"" name "\",\"namespace\":\"" ns "\"}"

const struct cost_fixed *
cost_fixed_objects(size_t *ret_n)
{
	static const struct cost_fixed fixed[] = {
		{ KIND_POOL, EVENT("{" META("pool", "metallb-system")
		    ",\"spec\":{\"addresses\":[\"10.0.0.0/16\"],\"serviceAllocation\":{"
		    "\"namespaceSelectors\":[{\"matchLabels\":{\"l0-1\":\"v\"}},{}],"
		    "\"serviceSelectors\":[{\"matchLabels\":{\"l0-1\":\"v\"}},{}]}}}") },
		{ KIND_L2ADV, EVENT("{" META("adv", "metallb-system") ",\"spec\":{}}") },
		{ KIND_NODE, EVENT("{\"metadata\":{\"name\":\"n1\"},\"status\":{\"conditions\":["
		    "{\"type\":\"Ready\",\"status\":\"True\"}]}}") },
		{ KIND_SERVICE, EVENT("{\"metadata\":{\"name\":\"fixed\",\"namespace\":\"tenant\","
		    "\"annotations\":{\"metallb.io/allow-shared-ip\":\"key\"}},\"spec\":{\"type\":"
		    "\"LoadBalancer\",\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}}") },
	};

	*ret_n = sizeof(fixed) / sizeof(fixed[0]);
	return fixed;
}
