/* SPDX-License-Identifier: Apache-2.0 */
#include "decode_config.h"
#include "decode_service.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The configuration: pools and advertisements. */

static int
read_allocation(const struct reading *rd, const struct at *spec, struct pool *pool)
{
	struct at alloc = at_key(spec, "serviceAllocation");
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

/* Counts that cannot be read are put right like those that are wrong. */
static void
read_counts(const struct reading *rd, const struct at *status, struct pool_counts *counts)
{
	const struct reading quiet = { rd->mem, NULL };
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
		(void)READ(int, &quiet, status, fields[i].key, 0, INT64_MAX, fields[i].n);
}

/* What is said of the object itself; it counts also when the rest is bad. */
static void
read_valid(const struct reading *rd, const struct at *root, struct validity *valid)
{
	const struct reading quiet = { rd->mem, NULL };
	struct at status = at_key(root, "status"), all = at_key(&status, "conditions");
	size_t n = 0;

	if (read_array(&quiet, &all, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		struct at one = at_index(&all, i);
		const char *type;
		uint64_t mark;

		if (read_condition_hash(&quiet, &one, &type, &mark) < 0 ||
		    strcmp(type, CONDITION_VALID) != 0)
			continue;
		valid->mark = mark;
		(void)READ(string, &quiet, &one, "lastTransitionTime", &valid->since);
	}
}

/* A prefix of ours is nobody else's: what is not known with it is a spelling error. */
static bool
is_known_note(const char *key)
{
	if (strncmp(key, ARPLET_PREFIX, strlen(ARPLET_PREFIX)) != 0)
		return true;
	for (enum pool_annotation note = 0; note < POOL_ANNOTATIONS; note++) {
		if (strcmp(key, pool_annotation_keys[note]) == 0)
			return true;
	}
	return false;
}

static int
refuse_note(const struct reading *rd, const struct at *annotations, const char *key)
{
	struct at one = at_key(annotations, key);
	char known[256] = "";

	for (enum pool_annotation note = 0; note < POOL_ANNOTATIONS; note++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
		    note ? ", " : "", pool_annotation_keys[note] + strlen(ARPLET_PREFIX));
	return at_fail(rd, &one, "is not known; those that begin with " ARPLET_PREFIX " are %s", known);
}

static int
read_notes(const struct reading *rd, const struct at *root, struct pool *pool)
{
	struct at meta = at_key(root, "metadata"), annotations = at_key(&meta, "annotations");
	const char *other = at_other(&annotations, is_known_note);
	int rc = other ? refuse_note(rd, &annotations, other) : 0;

	for (enum pool_annotation note = 0; rc >= 0 && note < POOL_ANNOTATIONS; note++)
		rc = READ(string, rd, &annotations, pool_annotation_keys[note], &pool->notes[note]);
	return rc;
}

int
read_pool(const struct reading *rd, const struct at *root, struct object *obj)
{
	struct pool *pool = &obj->u.pool;
	struct at spec = at_key(root, "spec"), status = at_key(root, "status");
	struct at addresses = at_key(&spec, "addresses");
	int rc;

	read_valid(rd, root, &pool->valid);
	pool->auto_assign = true;
	rc = read_set(rd, &addresses, &pool->addresses);
	if (rc >= 0 && !pool->addresses.n)
		rc = at_fail(rd, &addresses, "must name at least one block of addresses");
	if (rc >= 0)
		rc = READ(bool, rd, &spec, "autoAssign", &pool->auto_assign);
	if (rc >= 0)
		rc = READ(bool, rd, &spec, "avoidBuggyIPs", &pool->avoid_buggy);
	if (rc >= 0)
		rc = read_allocation(rd, &spec, pool);
	if (rc >= 0)
		rc = read_notes(rd, root, pool);
	read_counts(rd, &status, &pool->status);
	return rc;
}

int
read_l2adv(const struct reading *rd, const struct at *root, struct object *obj)
{
	struct l2adv *adv = &obj->u.l2adv;
	struct at spec = at_key(root, "spec");
	int rc;

	read_valid(rd, root, &adv->valid);
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
