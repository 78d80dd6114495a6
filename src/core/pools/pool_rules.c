/* SPDX-License-Identifier: Apache-2.0 */
#include "pool_rules.h"
#include "arplet/duration.h"
#include "core/base/lower_bound.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COOLDOWN_MAX_MS (INT64_C(720) * 3600 * 1000)
#define BLANKS " \t\r\n"

/* Returns a copy of @len bytes at @text, without leading and trailing blanks. */
static char *
trim(struct arena *mem, const char *text, size_t len)
{
	while (len && strchr(BLANKS, *text))
		text++, len--;
	while (len && strchr(BLANKS, text[len - 1]))
		len--;
	return arena_strndup(mem, text, len);
}

/* Splits a comma-separated list.  A text with only blanks is an empty list. */
static struct strings
split(struct arena *mem, const char *text)
{
	struct strings list = { 0 };
	size_t n = 1;

	if (text[strspn(text, BLANKS)] == '\0')
		return list;
	for (const char *c = text; *c; c++)
		n += *c == ',';
	list.v = arena_calloc(mem, n, sizeof(*list.v));
	while (list.n < n) {
		size_t len = strcspn(text, ",");

		list.v[list.n++] = trim(mem, text, len);
		text += len + (text[len] == ',');
	}
	return list;
}

static int
range_cmp(const void *a, const void *b)
{
	return ip_cmp(&((const struct ip_range *)a)->first, &((const struct ip_range *)b)->first);
}

/*
 * Sorts the excluded ranges and joins ranges that overlap, because pool_rules_excluded() uses a
 * binary search.
 */
static void
merge(struct pool_rules *rules)
{
	struct ip_range *v = rules->exclude;
	size_t n = 0;

	qsort(v, rules->n_exclude, sizeof(*v), range_cmp);
	for (size_t i = 0; i < rules->n_exclude; i++) {
		if (n == 0 || !ip_range_overlaps(&v[n - 1], &v[i]))
			v[n++] = v[i];
		else if (ip_cmp(&v[i].last, &v[n - 1].last) > 0)
			v[n - 1].last = v[i].last;
	}
	rules->n_exclude = n;
}

static int
parse_exclude(const char *text, struct pool_rules *rules, struct err *err)
{
	struct strings list = split(&rules->mem, text);

	rules->exclude = arena_calloc(&rules->mem, list.n, sizeof(*rules->exclude));
	for (size_t i = 0; i < list.n; i++) {
		struct ip_range *range = &rules->exclude[i];

		if (ip_parse(list.v[i], &range->first) == 0)
			range->last = range->first;
		else if (ip_range_parse(list.v[i], range, err) < 0)
			return -EINVAL;
	}
	rules->n_exclude = list.n;
	if (list.n)
		merge(rules);
	return 0;
}

static int
owner_cmp(const struct reservation *a, const struct reservation *b)
{
	int order = strcmp(a->ns, b->ns);

	return order ? order : strcmp(a->name, b->name);
}

static int
by_address(const void *a, const void *b)
{
	const struct reservation *ra = a, *rb = b;
	int order = ip_cmp(&ra->ip, &rb->ip);

	return order ? order : owner_cmp(ra, rb);
}

static int
by_owner(const void *a, const void *b)
{
	const struct reservation *const *ra = a, *const *rb = b;
	int order = owner_cmp(*ra, *rb);

	return order ? order : ip_cmp(&(*ra)->ip, &(*rb)->ip);
}

/* "ADDRESS=NAMESPACE/NAME" */
static int
parse_reservation(char *text, struct reservation *ret, struct err *err)
{
	char *equals = strchr(text, '='), *slash = equals ? strchr(equals, '/') : NULL;

	if (!slash || slash == equals + 1 || !slash[1] || strpbrk(slash + 1, "/=" BLANKS))
		return err_set(err, -EINVAL, "\"%.100s\" is not of the form "
			       "ADDRESS=NAMESPACE/NAME", text);
	*equals = *slash = '\0';
	ret->ns = equals + 1;
	ret->name = slash + 1;
	if (ip_parse(text, &ret->ip) < 0)
		return err_set(err, -EINVAL, "\"%.100s\" is not an address", text);
	return 0;
}

static bool
contained(const struct ip_range *ranges, size_t n, const struct ip *ip)
{
	for (size_t i = 0; i < n; i++) {
		if (ip_range_contains(&ranges[i], ip))
			return true;
	}
	return false;
}

/* Fills rules->by_owner.  A Service can have only one reserved address of each family. */
static int
index_owners(struct pool_rules *rules, struct err *err)
{
	rules->by_owner = arena_calloc(&rules->mem, rules->n_reserved, sizeof(*rules->by_owner));
	for (size_t i = 0; i < rules->n_reserved; i++)
		rules->by_owner[i] = &rules->reserved[i];
	qsort(rules->by_owner, rules->n_reserved, sizeof(*rules->by_owner), by_owner);
	for (size_t i = 1; i < rules->n_reserved; i++) {
		const struct reservation *a = rules->by_owner[i - 1], *b = rules->by_owner[i];

		if (owner_cmp(a, b) == 0 && a->ip.family == b->ip.family)
			return err_set(err, -EINVAL, "reserves more than one IPv%d address for "
				       "Service %.100s/%.100s", a->ip.family, a->ns, a->name);
	}
	return 0;
}

static int
parse_reservations(const char *text, const struct ip_range *ranges, size_t n_ranges,
    struct pool_rules *rules, struct err *err)
{
	struct strings list = split(&rules->mem, text);

	rules->reserved = arena_calloc(&rules->mem, list.n, sizeof(*rules->reserved));
	for (size_t i = 0; i < list.n; i++) {
		struct reservation *one = &rules->reserved[i];
		char buf[IP_TEXT_MAX];
		int rc = parse_reservation((char *)list.v[i], one, err);

		if (rc < 0)
			return rc;
		if (!contained(ranges, n_ranges, &one->ip))
			return err_set(err, -EINVAL, "the pool does not contain %s",
			    ip_format(&one->ip, buf));
	}
	rules->n_reserved = list.n;
	if (list.n == 0)
		return 0;
	qsort(rules->reserved, list.n, sizeof(*rules->reserved), by_address);
	return index_owners(rules, err);
}

static int
parse_reuse_after(const char *text, struct pool_rules *rules, struct err *err)
{
	if (duration_parse(text, &rules->cooldown_ms) < 0)
		return err_set(err, -EINVAL, "\"%.100s\" is not a time such as 30s, 10m or 24h",
		    text);
	if (rules->cooldown_ms > COOLDOWN_MAX_MS)
		return err_set(err, -EINVAL, "\"%.100s\" is longer than 720h, the maximum", text);
	return 0;
}

static int
parse_quota(const char *text, struct pool_rules *rules, struct err *err)
{
	size_t digits = strspn(text, "0123456789");

	rules->quota = digits && digits <= 9 && !text[digits] ? strtoll(text, NULL, 10) : 0;
	if (!rules->quota)
		return err_set(err, -EINVAL, "\"%.100s\" is not a number of addresses, 1 or more",
		    text);
	return 0;
}

static int
parse_flag(const char *text, bool *ret_flag, struct err *err)
{
	*ret_flag = strcmp(text, "true") == 0;
	if (!*ret_flag && strcmp(text, "false") != 0)
		return err_set(err, -EINVAL, "\"%.100s\" is neither \"true\" nor \"false\"", text);
	return 0;
}

static int
parse_conflict(const char *text, struct pool_rules *rules, struct err *err)
{
	bool yield = strcmp(text, "yield") == 0;

	if (!yield && strcmp(text, "defend") != 0)
		return err_set(err, -EINVAL, "\"%.100s\" is neither \"defend\" nor \"yield\"",
		    text);
	rules->has_conflict = true;
	rules->conflict = yield ? POLICY_YIELD : POLICY_DEFEND;
	return 0;
}

static int
parse_share_namespaces(const char *text, struct pool_rules *rules, struct err *err)
{
	static const char *const values[] = { [SHARE_NO_NAMESPACES] = "false",
		[SHARE_CLUSTER_POLICY] = "true", [SHARE_LIKE_METALLB] = "metallb" };

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (strcmp(text, values[i]) == 0) {
			rules->share_namespaces = (enum share_namespaces)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "\"%.100s\" is not \"false\", \"true\" or \"metallb\"",
	    text);
}

static int
parse_annotation(enum pool_annotation annotation, const char *text, const struct ip_range *ranges,
    size_t n_ranges, struct pool_rules *rules, struct err *err)
{
	switch (annotation) {
	case ANNOTATION_EXCLUDE:
		return parse_exclude(text, rules, err);
	case ANNOTATION_RESERVATIONS:
		return parse_reservations(text, ranges, n_ranges, rules, err);
	case ANNOTATION_REUSE_AFTER:
		return parse_reuse_after(text, rules, err);
	case ANNOTATION_QUOTA:
		return parse_quota(text, rules, err);
	case ANNOTATION_NODE_GATEWAY:
		return parse_flag(text, &rules->allow_node_gateway, err);
	case ANNOTATION_CONFLICT:
		return parse_conflict(text, rules, err);
	case ANNOTATION_SHARE_NAMESPACES:
		return parse_share_namespaces(text, rules, err);
	case ANNOTATION_IGNORE_PROXY_ARP:
		return parse_flag(text, &rules->ignore_proxy_arp, err);
	case POOL_ANNOTATIONS:
		break;
	}
	return 0;
}

int
pool_rules_parse(const struct pool *spec, const struct ip_range *ranges, size_t n_ranges,
    struct pool_rules *ret_rules, struct err *err)
{
	struct pool_rules rules = { 0 };

	for (enum pool_annotation i = 0; i < POOL_ANNOTATIONS; i++) {
		if (!spec->annotations[i] ||
		    parse_annotation(i, spec->annotations[i], ranges, n_ranges, &rules, err) == 0)
			continue;
		err_prefix(err, "metadata.annotations[\"%s\"]: ", pool_annotation_keys[i]);
		pool_rules_done(&rules);
		return -EINVAL;
	}
	*ret_rules = rules;
	return 0;
}

void
pool_rules_done(struct pool_rules *rules)
{
	arena_done(&rules->mem);
	*rules = (struct pool_rules){ 0 };
}

static int
end_cmp(const void *element, const void *key)
{
	return ip_cmp(&((const struct ip_range *)element)->last, key);
}

const struct ip_range *
pool_rules_excluded(const struct pool_rules *rules, const struct ip *ip)
{
	size_t i = lower_bound(ip, rules->exclude, rules->n_exclude, sizeof(*rules->exclude),
	    end_cmp);

	return i < rules->n_exclude && ip_range_contains(&rules->exclude[i], ip) ?
	    &rules->exclude[i] :
	    NULL;
}

static int
address_cmp(const void *element, const void *key)
{
	return ip_cmp(&((const struct reservation *)element)->ip, key);
}

const struct reservation *
pool_rules_reservation(const struct pool_rules *rules, const struct ip *ip)
{
	size_t i = lower_bound(ip, rules->reserved, rules->n_reserved, sizeof(*rules->reserved),
	    address_cmp);

	return i < rules->n_reserved && ip_equal(&rules->reserved[i].ip, ip) ?
	    &rules->reserved[i] :
	    NULL;
}

bool
pool_rules_reserved_for(const struct pool_rules *rules, const struct ip *ip, const char *ns,
    const char *name)
{
	const struct reservation key = { .ip = *ip, .ns = ns, .name = name };

	return rules->n_reserved &&
	    bsearch(&key, rules->reserved, rules->n_reserved, sizeof(key), by_address);
}

size_t
pool_rules_reserved_ips(const struct pool_rules *rules, const char *ns, const char *name,
    struct ip ret_ips[2])
{
	const struct reservation owner = { .ns = ns, .name = name }, *key = &owner;
	size_t i = lower_bound(&key, rules->by_owner, rules->n_reserved, sizeof(key), by_owner);
	size_t n = 0;

	for (; i < rules->n_reserved && owner_cmp(rules->by_owner[i], key) == 0; i++)
		ret_ips[n++] = rules->by_owner[i]->ip;
	return n;
}
