/* SPDX-License-Identifier: Apache-2.0 */
#include "json_fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Decodes a metav1.LabelSelector, in which all matchLabels and matchExpressions must hold. */

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct label *)a)->key, ((const struct label *)b)->key);
}

static int
read_operator(const struct json_reader *rd, const struct json_field *field,
    struct requirement *ret_req)
{
	static const struct {
		const char *name;
		int op;
	} ops[] = {
		{ "In", SEL_IN },
		{ "NotIn", SEL_NOT_IN },
		{ "Exists", SEL_EXISTS },
		{ "DoesNotExist", SEL_NOT_EXISTS },
	};
	const char *name = "";
	int rc = read_string(rd, field, &name);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (strcmp(name, ops[i].name) == 0) {
			ret_req->op = ops[i].op;
			return 1;
		}
	}
	return json_field_error(rd, field, "must be In, NotIn, Exists or DoesNotExist");
}

static int
read_requirement(const struct json_reader *rd, const struct json_field *field,
    struct requirement *ret_req)
{
	struct json_field key = json_member(field, "key"), op = json_member(field, "operator"),
	    values = json_member(field, "values");
	bool wants_values;
	int rc;

	if (!field->value || read_object(rd, field) < 0)
		return json_field_error(rd, field, "must be an object");
	ret_req->key = "";
	rc = read_string(rd, &key, &ret_req->key);
	if (rc < 0)
		return rc;
	if (!ret_req->key[0])
		return json_field_error(rd, &key, "must be a label key");
	rc = read_operator(rd, &op, ret_req);
	if (rc >= 0)
		rc = read_strings(rd, &values, &ret_req->values);
	if (rc < 0)
		return rc;
	wants_values = ret_req->op == SEL_IN || ret_req->op == SEL_NOT_IN;
	if (wants_values != (ret_req->values.n > 0))
		return json_field_error(rd, &values,
		    wants_values ? "must not be empty for this operator"
							 : "must be empty for this operator");
	return 1;
}

static int
read_selector(const struct json_reader *rd, const struct json_field *field,
    struct selector *ret_sel)
{
	struct json_field exprs = json_member(field, "matchExpressions");
	struct labels labels = { 0 };
	size_t n = 0;
	int rc;

	if (!field->value || read_object(rd, field) < 0)
		return json_field_error(rd, field, "must be a label selector");
	rc = READ(labels, rd, field, "matchLabels", &labels);
	if (rc >= 0)
		rc = read_array(rd, &exprs, &n);
	if (rc < 0)
		return rc;
	if (labels.n)
		qsort(labels.v, labels.n, sizeof(*labels.v), by_key);
	ret_sel->v = arena_calloc(rd->mem, labels.n + n, sizeof(*ret_sel->v));
	for (size_t i = 0; i < labels.n; i++) {
		const char **value = arena_alloc(rd->mem, sizeof(*value));

		*value = labels.v[i].value;
		ret_sel->v[ret_sel->n++] =
		    (struct requirement){ SEL_IN, labels.v[i].key, { value, 1 } };
	}
	for (size_t i = 0; i < n; i++) {
		struct json_field one = json_element(&exprs, i);

		rc = read_requirement(rd, &one, &ret_sel->v[ret_sel->n]);
		if (rc < 0)
			return rc;
		ret_sel->n++;
	}
	return 1;
}

static int
strings_cmp(const struct strings *a, const struct strings *b)
{
	int cmp = 0;

	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (size_t i = 0; !cmp && i < a->n; i++)
		cmp = strcmp(a->v[i], b->v[i]);
	return cmp;
}

static int
selector_cmp(const struct selector *a, const struct selector *b)
{
	int cmp = 0;

	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (size_t i = 0; !cmp && i < a->n; i++) {
		cmp = (int)a->v[i].op - (int)b->v[i].op;
		if (!cmp)
			cmp = strcmp(a->v[i].key, b->v[i].key);
		if (!cmp)
			cmp = strings_cmp(&a->v[i].values, &b->v[i].values);
	}
	return cmp;
}

/* Orders pointers to the elements of one array; equal selectors stay in the array's order. */
static int
by_selector(const void *a, const void *b)
{
	const struct selector *one = *(const struct selector *const *)a,
	    *other = *(const struct selector *const *)b;
	int cmp = selector_cmp(one, other);

	return cmp ? cmp : (one > other) - (one < other);
}

/* Returns the index of the first selector that equals an earlier selector; sels->n: none. */
static size_t
first_duplicate(const struct selectors *sels)
{
	const struct selector **sorted = xcalloc(sels->n, sizeof(*sorted));
	size_t first = sels->n;

	for (size_t i = 0; i < sels->n; i++)
		sorted[i] = &sels->v[i];
	qsort(sorted, sels->n, sizeof(*sorted), by_selector);
	for (size_t i = 1; i < sels->n; i++) {
		size_t index = (size_t)(sorted[i] - sels->v);

		if (selector_cmp(sorted[i - 1], sorted[i]) == 0 && index < first)
			first = index;
	}
	free(sorted);
	return first;
}

int
read_selectors(const struct json_reader *rd, const struct json_field *field,
    struct selectors *ret_sels)
{
	struct json_field one;
	size_t n = 0, i;
	int rc = read_array(rd, field, &n);

	if (rc <= 0)
		return rc;
	ret_sels->v = arena_calloc(rd->mem, n, sizeof(*ret_sels->v));
	for (i = 0; i < n; i++) {
		one = json_element(field, i);
		rc = read_selector(rd, &one, &ret_sels->v[i]);
		if (rc < 0)
			return rc;
		ret_sels->n = i + 1;
	}
	i = first_duplicate(ret_sels);
	if (i == ret_sels->n)
		return 1;
	one = json_element(field, i);
	return json_field_error(rd, &one, "duplicates an earlier selector");
}
