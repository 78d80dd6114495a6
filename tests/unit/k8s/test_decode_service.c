/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "unit.h"

#include <string.h>

/* Tests which annotations of a Service are read, and which are unknown. */

static const struct prefix_case {
	const char *name, *annotations;
	const char *ips, *share, *pool, *deprecated; /* expected values; NULL: none */
	const char *unknown; /* expected first unknown annotation; NULL: none */
} prefixes[] = {
	{ "annotations with the old prefix count",
	    "\"metallb.universe.tf/loadBalancerIPs\":\"10.0.0.1\",\"metallb.universe.tf/allow-shared-ip\":\"k\"",
	    "10.0.0.1", "k", NULL, "metallb.universe.tf/loadBalancerIPs" },
	{ "the new prefix wins for each annotation",
	    "\"metallb.io/loadBalancerIPs\":\"10.0.0.2\",\"metallb.universe.tf/loadBalancerIPs\":\"10.0.0.1\","
	    "\"metallb.universe.tf/address-pool\":\"old\",\"metallb.io/allow-shared-ip\":\"l\","
	    "\"metallb.universe.tf/allow-shared-ip\":\"k\"",
	    "10.0.0.2", "l", "old", "metallb.universe.tf/loadBalancerIPs" },
	{ "an empty annotation with the new prefix wins over the old prefix",
	    "\"metallb.universe.tf/allow-shared-ip\":\"k\",\"metallb.io/allow-shared-ip\":\"\"",
	    NULL, NULL, NULL, "metallb.universe.tf/allow-shared-ip" },
	{ "empty annotations request nothing",
	    "\"metallb.io/loadBalancerIPs\":\"\",\"metallb.io/address-pool\":\"\","
	    "\"metallb.universe.tf/address-pool\":\"old\"",
	    NULL, NULL, NULL, "metallb.universe.tf/address-pool" },
	{ "annotations with other prefixes are ignored",
	    "\"example.com/arplet.io\":\"x\",\"metallb.io.example.com/y\":\"1\"",
	    NULL, NULL, NULL, NULL, NULL },
	{ "the annotation that arplet writes is known", "\"metallb.io/ip-allocated-from-pool\":\"lan\"",
	    NULL, NULL, NULL, NULL, NULL },
	{ "a misspelled annotation is stored", "\"metallb.io/loadBalancerIP\":\"10.0.0.1\"",
	    NULL, NULL, NULL, NULL, "metallb.io/loadBalancerIP" },
	{ "an unknown annotation with the old prefix is stored", "\"metallb.universe.tf/ip-pool\":\"lan\"",
	    NULL, NULL, NULL, NULL, "metallb.universe.tf/ip-pool" },
	{ "an annotation for pools is unknown on a Service", "\"arplet.io/exclude\":\"10.0.0.1\"",
	    NULL, NULL, NULL, NULL, "arplet.io/exclude" },
};

static void
assert_text(const char *got, const char *want)
{
	assert_string_equal(got ? got : "(none)", want ? want : "(none)");
}

static void
check_annotations(void **state)
{
	const struct prefix_case *c = *state;
	struct arena mem = { 0 };
	struct object *obj = NULL;
	const char *json = arena_printf(&mem,
	    "{\"metadata\":{\"name\":\"x\",\"namespace\":\"d\",\"annotations\":{%s}},"
	    "\"spec\":{\"type\":\"LoadBalancer\"}}", c->annotations);

	assert_int_equal(decode_kind(KIND_SERVICE, json, strlen(json), 0, &obj, NULL), 0);
	assert_text(obj->u.service.ann_ips, c->ips);
	assert_text(obj->u.service.share ? obj->u.service.share->key : NULL, c->share);
	assert_text(obj->u.service.ann_pool, c->pool);
	assert_text(obj->u.service.deprecated, c->deprecated);
	assert_text(obj->u.service.unknown, c->unknown);
	object_free(obj);
	arena_done(&mem);
}

int
main(void)
{
	return UNIT_TABLE("annotations", prefixes, check_annotations);
}
