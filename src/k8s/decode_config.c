/* SPDX-License-Identifier: Apache-2.0 */
#include "decode_config.h"
#include "decode_limits.h"
#include "decode_service.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* IPAddressPool and L2Advertisement. */

static int
read_allocation(const struct json_reader *rd, const struct json_field *spec, struct pool *pool)
{
	struct json_field alloc = json_member(spec, "serviceAllocation");
	int rc = read_object(rd, &alloc);

	if (rc <= 0)
		return rc;
	pool->pinned = true;
	rc = READ(int32, rd, &alloc, "priority", &pool->priority);
	if (rc >= 0)
		rc = READ(set, rd, &alloc, "namespaces", &pool->namespaces);
	if (rc >= 0)
		rc = READ(selectors, rd, &alloc, "namespaceSelectors", &pool->ns_selectors);
	if (rc >= 0)
		rc = READ(selectors, rd, &alloc, "serviceSelectors", &pool->svc_selectors);
	return rc;
}

/* A count in a pool's status that is malformed becomes -1, so that arplet overwrites the count. */
static void
read_counts(const struct json_reader *rd, const struct json_field *status,
    struct pool_counts *counts)
{
	const struct json_reader no_error = { .mem = rd->mem };
	const struct {
		const char *key;
		int64_t *n;
	} fields[] = {
		{ "assignedIPv4", &counts->assigned4 },
		{ "assignedIPv6", &counts->assigned6 },
		{ "availableIPv4", &counts->available4 },
		{ "availableIPv6", &counts->available6 },
	};

	*counts = (struct pool_counts){ -1, -1, -1, -1 };
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		(void)READ(int, &no_error, status, fields[i].key, 0, INT64_MAX, fields[i].n);
}

/* Read the condition arplet.io/Valid, which set_bad() does not clear. */
static void
read_valid_condition(const struct json_reader *rd, const struct json_field *root,
    struct validity *valid)
{
	const struct json_reader no_error = { .mem = rd->mem };
	struct json_field status = json_member(root, "status"),
	    all = json_member(&status, "conditions");
	size_t n = 0;

	if (read_array(&no_error, &all, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		struct json_field one = json_element(&all, i);
		const char *type;
		uint64_t hash;

		if (read_condition_hash(&no_error, &one, &type, &hash) < 0 ||
		    strcmp(type, CONDITION_VALID) != 0)
			continue;
		valid->hash = hash;
		(void)READ(string, &no_error, &one, "lastTransitionTime", &valid->since);
	}
}

/* False for an unknown annotation with arplet's prefix, which is probably a spelling error. */
static bool
is_known_annotation(const char *key)
{
	if (strncmp(key, ARPLET_PREFIX, strlen(ARPLET_PREFIX)) != 0)
		return true;
	for (enum pool_annotation i = 0; i < POOL_ANNOTATIONS; i++) {
		if (strcmp(key, pool_annotation_keys[i]) == 0)
			return true;
	}
	return false;
}

static int
refuse_annotation(const struct json_reader *rd, const struct json_field *annotations,
    const char *key)
{
	struct json_field one = json_member(annotations, key);
	char known[256] = "";

	for (enum pool_annotation i = 0; i < POOL_ANNOTATIONS; i++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
		    i ? ", " : "", pool_annotation_keys[i] + strlen(ARPLET_PREFIX));
	return json_field_error(rd, &one,
	    "unknown annotation; those with the prefix " ARPLET_PREFIX " are %s", known);
}

static int
read_pool_annotations(const struct json_reader *rd, const struct json_field *root,
    struct pool *pool)
{
	struct json_field meta = json_member(root, "metadata"),
	    annotations = json_member(&meta, "annotations");
	const char *other = json_unknown_key(&annotations, is_known_annotation);
	struct json_reader longer = *rd;
	int rc = other ? refuse_annotation(rd, &annotations, other) : 0;

	longer.max_text = POOL_TEXT_MAX;
	for (enum pool_annotation i = 0; rc >= 0 && i < POOL_ANNOTATIONS; i++)
		rc = READ(string, &longer, &annotations, pool_annotation_keys[i], &pool->annotations[i]);
	return rc;
}

int
read_pool(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	struct pool *pool = &obj->u.pool;
	struct json_field spec = json_member(root, "spec"), status = json_member(root, "status");
	struct json_field addresses = json_member(&spec, "addresses");
	int rc;

	read_valid_condition(rd, root, &pool->valid);
	pool->auto_assign = true;
	rc = read_set(rd, &addresses, &pool->addresses);
	if (rc >= 0 && !pool->addresses.n)
		rc = json_field_error(rd, &addresses,
		    "must list at least one CIDR or address range");
	if (rc >= 0)
		rc = READ(bool, rd, &spec, "autoAssign", &pool->auto_assign);
	if (rc >= 0)
		rc = READ(bool, rd, &spec, "avoidBuggyIPs", &pool->avoid_buggy);
	if (rc >= 0)
		rc = read_allocation(rd, &spec, pool);
	if (rc >= 0)
		rc = read_pool_annotations(rd, root, pool);
	read_counts(rd, &status, &pool->status);
	return rc;
}

int
read_l2adv(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	struct l2adv *adv = &obj->u.l2adv;
	struct json_field spec = json_member(root, "spec");
	int rc;

	read_valid_condition(rd, root, &adv->valid);
	rc = READ(set, rd, &spec, "ipAddressPools", &adv->pools);
	if (rc >= 0)
		rc = READ(selectors, rd, &spec, "ipAddressPoolSelectors", &adv->pool_selectors);
	if (rc >= 0)
		rc = READ(selectors, rd, &spec, "nodeSelectors", &adv->node_selectors);
	if (rc >= 0)
		rc = READ(selectors, rd, &spec, "serviceSelectors", &adv->svc_selectors);
	if (rc >= 0)
		rc = READ(set, rd, &spec, "interfaces", &adv->interfaces);
	return rc;
}
