/* SPDX-License-Identifier: Apache-2.0 */
#include "decode_service.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "metallb.io/"
#define OLD_PREFIX "metallb.universe.tf/"

/*
 * Read annotation @name.  If a Service has the annotation with both prefixes, only the annotation
 * with metallb.io/ counts.  svc->deprecated names the first annotation with the old prefix, for an
 * Event.
 */
static int
read_annotation(const struct json_reader *rd, const struct json_field *annotations,
    const char *name, struct service *svc, const char **ret_value)
{
	char key[64];
	int rc;

	snprintf(key, sizeof(key), OLD_PREFIX "%s", name);
	rc = READ(string, rd, annotations, key, ret_value);
	if (rc > 0 && !svc->deprecated)
		svc->deprecated = arena_strdup(rd->mem, key);
	if (rc < 0)
		return rc;
	snprintf(key, sizeof(key), PREFIX "%s", name);
	return READ(string, rd, annotations, key, ret_value);
}

/* False for an annotation that has a prefix of MetalLB or arplet, but no meaning on a Service. */
static bool
is_known_annotation(const char *key)
{
	static const char *const known[] = { "loadBalancerIPs", "address-pool", "allow-shared-ip",
		"ip-allocated-from-pool" };
	const char *name = NULL;

	if (strncmp(key, PREFIX, strlen(PREFIX)) == 0)
		name = key + strlen(PREFIX);
	else if (strncmp(key, OLD_PREFIX, strlen(OLD_PREFIX)) == 0)
		name = key + strlen(OLD_PREFIX);
	else
		return strncmp(key, ARPLET_PREFIX, strlen(ARPLET_PREFIX)) != 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i]) == 0)
			return true;
	}
	return false;
}

static int
read_annotations(const struct json_reader *rd, const struct json_field *root, struct service *svc)
{
	struct json_field meta = json_member(root, "metadata"),
	    annotations = json_member(&meta, "annotations");
	const char *key = NULL, *other = json_unknown_key(&annotations, is_known_annotation);
	int rc = read_annotation(rd, &annotations, "loadBalancerIPs", svc, &svc->ann_ips);

	if (rc >= 0)
		rc = read_annotation(rd, &annotations, "address-pool", svc, &svc->ann_pool);
	if (rc >= 0)
		rc = read_annotation(rd, &annotations, "allow-shared-ip", svc, &key);
	if (key && *key) {
		svc->share = arena_alloc(rd->mem, sizeof(*svc->share));
		svc->share->key = key;
	}
	/* An empty annotation counts as absent, because templates write "" for an unset value. */
	if (svc->ann_ips && !*svc->ann_ips)
		svc->ann_ips = NULL;
	if (svc->ann_pool && !*svc->ann_pool)
		svc->ann_pool = NULL;
	svc->unknown = arena_strdup(rd->mem, other);
	if (rc >= 0) /* only arplet writes ip-allocated-from-pool, and only with the new prefix */
		rc = READ(string, rd, &annotations, PREFIX "ip-allocated-from-pool",
		    &svc->from_pool);
	return rc;
}

static void
add_family(struct service *svc, uint8_t family)
{
	if (svc->n_families < sizeof(svc->families))
		svc->families[svc->n_families++] = family;
}

static int
family_of(const char *text)
{
	if (strcmp(text, "IPv4") == 0)
		return IPV4;
	return strcmp(text, "IPv6") == 0 ? IPV6 : -1;
}

/*
 * A Service in a manifest has no clusterIPs yet, so choose the address families that the API server
 * would choose.
 */
static int
default_families(const struct json_reader *rd, const struct json_field *spec, struct service *svc)
{
	struct json_field field = json_member(spec, "ipFamilies");
	struct strings names = { 0 };
	int rc = read_strings(rd, &field, &names);

	for (size_t i = 0; rc >= 0 && i < names.n; i++) {
		int family = family_of(names.v[i]);

		if (family < 0) {
			struct json_field one = json_element(&field, i);

			return json_field_error(rd, &one, "must be IPv4 or IPv6");
		}
		add_family(svc, (uint8_t)family);
	}
	if (svc->n_families == 0)
		add_family(svc, IPV4);
	if (svc->n_families == 1 && svc->policy == REQUIRE_DUAL_STACK)
		add_family(svc, svc->families[0] == IPV4 ? IPV6 : IPV4);
	return rc;
}

static int
families_of(const struct json_reader *rd, const struct json_field *spec, struct service *svc)
{
	struct strings cluster_ips = { 0 };
	const char *one = NULL;
	int rc = READ(strings, rd, spec, "clusterIPs", &cluster_ips);

	if (rc >= 0)
		rc = READ(string, rd, spec, "clusterIP", &one);
	if (rc < 0)
		return rc;
	if (!cluster_ips.n && one && one[0])
		cluster_ips = (struct strings){ &one, 1 };
	if (!cluster_ips.n)
		return default_families(rd, spec, svc);
	for (size_t i = 0; i < cluster_ips.n; i++) {
		struct ip ip;

		if (ip_parse(cluster_ips.v[i], &ip) == 0) /* skips the clusterIP "None" */
			add_family(svc, ip.family);
	}
	return 0;
}

/*
 * Read the address families.  Only this function needs the strings of spec.clusterIPs, so they go
 * to a temporary arena.
 */
static int
read_families(const struct json_reader *rd, const struct json_field *spec, struct service *svc)
{
	struct arena mem = { 0 };
	struct json_reader temporary = *rd;
	int rc;

	temporary.mem = &mem;
	rc = families_of(&temporary, spec, svc);
	arena_done(&mem);
	return rc;
}

static int
read_policy(const struct json_reader *rd, const struct json_field *spec, struct service *svc)
{
	const char *families = "SingleStack", *traffic = "Cluster";
	int rc = READ(string_ref, rd, spec, "ipFamilyPolicy", &families);

	if (rc >= 0)
		rc = READ(string_ref, rd, spec, "externalTrafficPolicy", &traffic);
	if (strcmp(families, "PreferDualStack") == 0)
		svc->policy = PREFER_DUAL_STACK;
	else if (strcmp(families, "RequireDualStack") == 0)
		svc->policy = REQUIRE_DUAL_STACK;
	svc->local = strcmp(traffic, "Local") == 0;
	return rc;
}

static bool
is_type(const char *text)
{
	static const char *const types[] = { "ClusterIP", "NodePort", "LoadBalancer",
	    "ExternalName" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(text, types[i]) == 0)
			return true;
	}
	return false;
}

static int
read_type(const struct json_reader *rd, const struct json_field *root, struct service *svc)
{
	struct json_field spec = json_member(root, "spec");
	const char *type = "ClusterIP";
	int rc = READ(string_ref, rd, &spec, "type", &type);

	if (rc >= 0 && !is_type(type))
		return json_field_error(rd, &(struct json_field){ .parent = &spec, .key = "type" },
		    "must be ClusterIP, NodePort, LoadBalancer or ExternalName, not \"%.64s\"",
		    type);
	svc->load_balancer = strcmp(type, "LoadBalancer") == 0;
	if (rc >= 0 && svc->load_balancer)
		rc = READ(string, rd, &spec, "loadBalancerClass", &svc->lb_class);
	return rc;
}

static int
read_spec(const struct json_reader *rd, const struct json_field *root, struct service *svc)
{
	struct json_field spec = json_member(root, "spec");
	int rc;

	if (!svc->load_balancer)
		return 0; /* if the type is not LoadBalancer, no decision reads more fields */
	rc = READ(string, rd, &spec, "loadBalancerIP", &svc->lb_ip);
	if (svc->lb_ip && !svc->lb_ip[0])
		svc->lb_ip = NULL;
	if (rc >= 0)
		rc = read_policy(rd, &spec, svc);
	if (rc >= 0)
		rc = read_families(rd, &spec, svc);
	if (rc >= 0)
		rc = read_sharing(rd, &spec, svc);
	return rc;
}

static int
read_ingress(const struct json_reader *rd, const struct json_field *root, struct service *svc)
{
	struct json_field status = json_member(root, "status"),
	    lb = json_member(&status, "loadBalancer");
	struct json_field ingress = json_member(&lb, "ingress");
	size_t n = 0;
	int rc = read_long_array(rd, &ingress, &n);

	svc->status_room = (uint8_t)(n < STATUS_MAX ? n : STATUS_MAX);
	svc->status = arena_calloc(rd->mem, svc->status_room, sizeof(*svc->status));
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		struct json_field one = json_element(&ingress, i);
		const char *text = "";

		if (svc->n_status == STATUS_MAX) {
			svc->status_foreign = true;
			break;
		}
		rc = READ(string_ref, rd, &one, "ip", &text);
		if (rc < 0)
			return rc;
		if (svc->n_status < svc->status_room &&
		    ip_parse(text, &svc->status[svc->n_status]) == 0)
			svc->n_status++;
		else
			svc->status_foreign = true;
	}
	return rc;
}

int
read_condition_hash(const struct json_reader *rd, const struct json_field *one,
    const char **ret_type, uint64_t *ret_hash)
{
	const char *type = "", *status = "", *reason = "", *message = "";
	int rc = READ(string_ref, rd, one, "type", &type);

	if (rc >= 0)
		rc = READ(string_ref, rd, one, "status", &status);
	if (rc >= 0)
		rc = READ(string_ref, rd, one, "reason", &reason);
	if (rc >= 0)
		rc = READ(string_ref, rd, one, "message", &message);
	if (rc < 0)
		return rc;
	*ret_type = type;
	*ret_hash = condition_hash(strcmp(status, "True") == 0, reason, message);
	return 0;
}

/* Returns lastTransitionTime in seconds since 1970; 0: absent or invalid. */
static uint32_t
read_transition_time(const struct json_field *one)
{
	const struct json_reader no_error = { 0 };
	struct json_field time = json_member(one, "lastTransitionTime");
	int64_t s = 0;

	if (read_time(&no_error, &time, &s) < 0 || s < 0 || s > UINT32_MAX)
		return 0;
	return (uint32_t)s;
}

/* Keep only arplet's conditions: other controllers also write conditions of a Service. */
static int
read_condition_of_service(const struct json_reader *rd, const struct json_field *one,
    struct service *svc)
{
	const struct json_reader no_limit = { .mem = rd->mem, .err = rd->err };
	const char *type;
	uint64_t hash;
	int rc = read_condition_hash(&no_limit, one, &type, &hash);

	for (int i = 0; rc >= 0 && i < CONDITIONS; i++) {
		if (strcmp(type, condition_types[i]) == 0)
			svc->conditions[i] = hash;
	}
	if (rc >= 0 && strcmp(type, condition_types[CONDITION_ALLOCATED]) == 0)
		svc->allocated_s = read_transition_time(one);
	return rc;
}

static int
read_conditions(const struct json_reader *rd, const struct json_field *root, struct service *svc)
{
	struct json_field status = json_member(root, "status"),
	    all = json_member(&status, "conditions");
	size_t n = 0;
	int rc = read_array(rd, &all, &n);

	for (size_t i = 0; rc >= 0 && i < n; i++) {
		struct json_field one = json_element(&all, i);

		rc = read_condition_of_service(rd, &one, svc);
	}
	return rc;
}

int
read_service(const struct json_reader *rd, const struct json_field *root, struct object *obj)
{
	struct service *svc = &obj->u.service;
	/*
	 * Read addresses, type and conditions first, because a Service keeps these three even if it
	 * is bad.
	 */
	int rc = read_ingress(rd, root, svc), rc_type = read_type(rd, root, svc);
	int rc_conditions = read_conditions(rd, root, svc);

	if (rc >= 0)
		rc = rc_type;
	if (rc >= 0)
		rc = rc_conditions;
	if (rd->brief)
		return rc;
	if (rc >= 0)
		rc = read_annotations(rd, root, svc);
	if (rc >= 0)
		rc = read_spec(rd, root, svc);
	return rc;
}
