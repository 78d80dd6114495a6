/* SPDX-License-Identifier: Apache-2.0 */
#include "decode_service.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "metallb.io/"
#define OLD_PREFIX "metallb.universe.tf/"

/*
 * The new prefix wins over the old one, which is remembered so that a person can be told.  An empty
 * value is what a template without one writes.
 */
static int
read_annotation(const struct reading *rd, const struct at *annotations, const char *name,
    struct service *svc, const char **ret_value)
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

/* Is it an annotation of somebody else, or one of ours that has a meaning on a Service? */
static bool
is_known(const char *key)
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
read_annotations(const struct reading *rd, const struct at *root, struct service *svc)
{
	struct at meta = at_key(root, "metadata"), annotations = at_key(&meta, "annotations");
	const char *key = NULL, *other = at_other(&annotations, is_known);
	int rc = read_annotation(rd, &annotations, "loadBalancerIPs", svc, &svc->ann_ips);

	if (rc >= 0)
		rc = read_annotation(rd, &annotations, "address-pool", svc, &svc->ann_pool);
	if (rc >= 0)
		rc = read_annotation(rd, &annotations, "allow-shared-ip", svc, &key);
	if (key && *key) {
		svc->share = arena_alloc(rd->mem, sizeof(*svc->share));
		svc->share->key = key;
	}
	if (svc->ann_ips && !*svc->ann_ips)
		svc->ann_ips = NULL;
	if (svc->ann_pool && !*svc->ann_pool)
		svc->ann_pool = NULL;
	svc->unknown = arena_strdup(rd->mem, other);
	if (rc >= 0) /* written by us, never asked for: the old form is not taken up */
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

/* In a file no clusterIPs are given yet: the families that the API server would choose. */
static int
default_families(const struct reading *rd, const struct at *spec, struct service *svc)
{
	struct at at = at_key(spec, "ipFamilies");
	struct strings names = { 0 };
	int rc = read_strings(rd, &at, &names);

	for (size_t i = 0; rc >= 0 && i < names.n; i++) {
		int family = family_of(names.v[i]);

		if (family < 0) {
			struct at one = at_index(&at, i);

			return at_fail(rd, &one, "must be IPv4 or IPv6");
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
families_of(const struct reading *rd, const struct at *spec, struct service *svc)
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

		if (ip_parse(cluster_ips.v[i], &ip) == 0) /* "None" has no family */
			add_family(svc, ip.family);
	}
	return 0;
}

/* The addresses themselves are not kept. */
static int
read_families(const struct reading *rd, const struct at *spec, struct service *svc)
{
	struct arena mem = { 0 };
	struct reading brief = *rd;
	int rc;

	brief.mem = &mem;
	rc = families_of(&brief, spec, svc);
	arena_done(&mem);
	return rc;
}

static int
read_policy(const struct reading *rd, const struct at *spec, struct service *svc)
{
	const char *families = "SingleStack", *traffic = "Cluster";
	int rc = READ(word, rd, spec, "ipFamilyPolicy", &families);

	if (rc >= 0)
		rc = READ(word, rd, spec, "externalTrafficPolicy", &traffic);
	if (strcmp(families, "PreferDualStack") == 0)
		svc->policy = PREFER_DUAL_STACK;
	else if (strcmp(families, "RequireDualStack") == 0)
		svc->policy = REQUIRE_DUAL_STACK;
	svc->local = strcmp(traffic, "Local") == 0;
	return rc;
}

/* The names that there are live as long as the program, and take no memory of the object. */
static const char *
protocol_name(const struct reading *rd, const char *text)
{
	static const char *const known[] = { "TCP", "UDP", "SCTP" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i], text) == 0)
			return known[i];
	}
	return arena_strdup(rd->mem, text);
}

static int
read_ports(const struct reading *rd, const struct at *spec, struct sharing *share)
{
	struct at ports = at_key(spec, "ports");
	int rc = read_array(rd, &ports, &share->n_ports);

	if (rc <= 0)
		return rc;
	share->ports = arena_calloc(rd->mem, share->n_ports, sizeof(*share->ports));
	for (size_t i = 0; rc >= 0 && i < share->n_ports; i++) {
		struct at one = at_index(&ports, i);
		const char *protocol = "TCP";
		int64_t port = 0;

		rc = READ(word, rd, &one, "protocol", &protocol);
		share->ports[i].protocol = protocol_name(rd, protocol);
		if (rc >= 0)
			rc = READ(int, rd, &one, "port", 1, UINT16_MAX, &port);
		share->ports[i].port = (uint16_t)port;
	}
	return rc;
}

/*
 * What it may share an address by; of a Service that does not, it has to make sense all the same.
 */
static int
read_sharing(const struct reading *rd, const struct at *spec, struct service *svc)
{
	struct arena mem = { 0 };
	struct sharing alone;
	int rc;

	if (!svc->share)
		rc = read_ports(&(struct reading){ &mem, rd->err }, spec, &alone);
	else
		rc = read_ports(rd, spec, svc->share);
	if (rc >= 0 && svc->share && svc->local)
		rc = READ(labels, rd, spec, "selector", &svc->share->selector);
	arena_done(&mem);
	return rc;
}

static bool
is_type(const char *text)
{
	static const char *const types[] = { "ClusterIP", "NodePort", "LoadBalancer", "ExternalName" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(text, types[i]) == 0)
			return true;
	}
	return false;
}

static int
read_type(const struct reading *rd, const struct at *root, struct service *svc)
{
	struct at spec = at_key(root, "spec");
	const char *type = "ClusterIP";
	int rc = READ(word, rd, &spec, "type", &type);

	if (rc >= 0 && !is_type(type))
		return at_fail(rd, &(struct at){ .up = &spec, .key = "type" },
		    "\"%.64s\" is none of ClusterIP, NodePort, LoadBalancer, ExternalName", type);
	svc->load_balancer = strcmp(type, "LoadBalancer") == 0;
	if (rc >= 0 && svc->load_balancer)
		rc = READ(string, rd, &spec, "loadBalancerClass", &svc->lb_class);
	return rc;
}

static int
read_spec(const struct reading *rd, const struct at *root, struct service *svc)
{
	struct at spec = at_key(root, "spec");
	int rc;

	if (!svc->load_balancer)
		return 0; /* the rest is of no interest, and takes no memory */
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
read_ingress(const struct reading *rd, const struct at *root, struct service *svc)
{
	struct at status = at_key(root, "status"), lb = at_key(&status, "loadBalancer");
	struct at ingress = at_key(&lb, "ingress");
	size_t n = 0;
	int rc = read_array(rd, &ingress, &n);

	svc->status_room = (uint8_t)(n < STATUS_MAX ? n : STATUS_MAX);
	svc->status = arena_calloc(rd->mem, svc->status_room, sizeof(*svc->status));
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		struct at one = at_index(&ingress, i);
		const char *text = "";

		rc = READ(word, rd, &one, "ip", &text);
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
read_condition_hash(const struct reading *rd, const struct at *one, const char **ret_type,
    uint64_t *ret_mark)
{
	const char *type = "", *status = "", *reason = "", *message = "";
	int rc = READ(word, rd, one, "type", &type);

	if (rc >= 0)
		rc = READ(word, rd, one, "status", &status);
	if (rc >= 0)
		rc = READ(word, rd, one, "reason", &reason);
	if (rc >= 0)
		rc = READ(word, rd, one, "message", &message);
	if (rc < 0)
		return rc;
	*ret_type = type;
	*ret_mark = condition_hash(strcmp(status, "True") == 0, reason, message);
	return 0;
}

/* Whoever else has conditions there: of ours only. */
static int
take_condition(const struct reading *rd, const struct at *one, struct service *svc)
{
	const char *type;
	uint64_t mark;
	int rc = read_condition_hash(rd, one, &type, &mark);

	for (int i = 0; rc >= 0 && i < CONDITIONS; i++) {
		if (strcmp(type, condition_types[i]) == 0)
			svc->conditions[i] = mark;
	}
	return rc;
}

static int
read_conditions(const struct reading *rd, const struct at *root, struct service *svc)
{
	struct at status = at_key(root, "status"), all = at_key(&status, "conditions");
	size_t n = 0;
	int rc = read_array(rd, &all, &n);

	for (size_t i = 0; rc >= 0 && i < n; i++) {
		struct at one = at_index(&all, i);

		rc = take_condition(rd, &one, svc);
	}
	return rc;
}

int
read_service(const struct reading *rd, const struct at *root, struct object *obj)
{
	struct service *svc = &obj->u.service;
	/* both count also when the other, or the rest, is bad */
	int rc = read_ingress(rd, root, svc), rc_type = read_type(rd, root, svc);
	int rc_conditions = read_conditions(rd, root, svc);

	if (rc >= 0)
		rc = rc_type;
	if (rc >= 0)
		rc = rc_conditions;
	if (rc >= 0)
		rc = read_annotations(rd, root, svc);
	if (rc >= 0)
		rc = read_spec(rd, root, svc);
	return rc;
}
