/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_api.h"
#include "object_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fake_api_init(struct fake_api *api, void (*on_change)(void *arg, const char *event), void *arg)
{
	*api = (struct fake_api){ .on_change = on_change, .arg = arg };
	TAILQ_INIT(&api->objects);
}

static void
stored_free(struct stored *obj)
{
	free(obj->key);
	free(obj->spec);
	free(obj->status);
	free(obj->from);
	free(obj);
}

void
fake_api_done(struct fake_api *api)
{
	struct stored *obj;

	while ((obj = TAILQ_FIRST(&api->objects))) {
		TAILQ_REMOVE(&api->objects, obj, link);
		stored_free(obj);
	}
}

struct stored *
fake_api_find(struct fake_api *api, const char *key)
{
	struct stored *obj;

	TAILQ_FOREACH(obj, &api->objects, link) {
		if (strcmp(obj->key, key) == 0)
			return obj;
	}
	return NULL;
}

const char *
fake_api_line(const struct stored *obj, char *buf)
{
	char stamps[192];
	int len = 0;

	if (!strstr(obj->spec, "bad=")) /* the decoder leaves these fields unset after an error */
		len = snprintf(stamps, sizeof(stamps), "created=%d gen=%d uid=%d ", obj->created,
		    obj->generation, obj->created);
	len += snprintf(stamps + len, sizeof(stamps) - (size_t)len, "version=%d", obj->version);
	if (obj->conditions[0] || obj->conditions[1])
		snprintf(stamps + len, sizeof(stamps) - (size_t)len,
		    " conditions=%" PRIx64 "/%" PRIx64, obj->conditions[0], obj->conditions[1]);
	if (obj->since && !strstr(obj->spec, "bad="))
		snprintf(stamps + strlen(stamps), sizeof(stamps) - strlen(stamps), " since=%d",
		    obj->since);
	if (strstr(obj->spec, "bad="))
		snprintf(buf, OBJECT_TEXT_MAX, "%s %s %s %s", obj->key, stamps, obj->status,
		    obj->spec);
	else
		snprintf(buf, OBJECT_TEXT_MAX, "%s %s %s %s %s", obj->key, stamps, obj->spec,
		    obj->status, obj->from);
	return buf;
}

static void
changed(struct fake_api *api, struct stored *obj)
{
	char buf[OBJECT_TEXT_MAX];

	obj->version = ++api->version;
	api->on_change(api->arg, fake_api_line(obj, buf));
}

static void
set(char **text, const char *to)
{
	free(*text);
	*text = xstrdup(to);
}

static bool
starts_with(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Stores a status, from or creation time in the member of @obj; appends other words to @spec. */
static void
put_field(struct stored *obj, const char *word, char *spec)
{
	if (starts_with(word, "status=") || starts_with(word, "counts="))
		set(&obj->status, strcmp(word, "status=none") == 0 ? "" : word);
	else if (starts_with(word, "from="))
		set(&obj->from, word);
	else if (starts_with(word, "created="))
		obj->created = atoi(word + 8);
	else
		sprintf(spec + strlen(spec), "%s%s", *spec ? " " : "", word);
}

/* Moves *@at to the next word that is not an annotation.  Returns the word's length; 0: no word. */
static size_t
next_spec_word(const char **at)
{
	static const char *const annotations[] = { "exclude=", "reserve=", "reuse-after=", "quota=",
		"allow-infrastructure=", "conflict=", "share-namespaces=", "ignore-proxy-arp=" };

	for (;; *at += strcspn(*at, " ")) {
		bool is_annotation = false;

		*at += strspn(*at, " ");
		for (size_t i = 0; i < sizeof(annotations) / sizeof(annotations[0]); i++)
			is_annotation |= starts_with(*at, annotations[i]);
		if (!is_annotation)
			return strcspn(*at, " ");
	}
}

/* Compares specs without annotations, which do not count for metadata.generation. */
static bool
is_same_spec(const char *a, const char *b)
{
	for (;;) {
		size_t n = next_spec_word(&a), m = next_spec_word(&b);

		if (n != m || strncmp(a, b, n) != 0)
			return false;
		if (n == 0)
			return true;
		a += n;
		b += m;
	}
}

void
fake_api_put(struct fake_api *api, const char *line)
{
	char copy[OBJECT_TEXT_MAX], spec[OBJECT_TEXT_MAX] = "", key[OBJECT_TEXT_MAX], *save, *word;
	struct stored *obj;

	snprintf(copy, sizeof(copy), "%s", line);
	word = strtok_r(copy, " ", &save);
	snprintf(key, sizeof(key), "%s %s", word, strtok_r(NULL, " ", &save));
	obj = fake_api_find(api, key);
	if (!obj) {
		obj = xcalloc(1, sizeof(*obj));
		obj->key = xstrdup(key);
		obj->spec = xstrdup("");
		obj->status = xstrdup("");
		obj->from = xstrdup("");
		obj->created = ++api->version;
		TAILQ_INSERT_TAIL(&api->objects, obj, link);
	}
	while ((word = strtok_r(NULL, " ", &save)))
		put_field(obj, word, spec);
	if (!is_same_spec(spec, obj->spec) || !obj->generation)
		obj->generation++;
	set(&obj->spec, spec);
	changed(api, obj);
}

void
fake_api_delete(struct fake_api *api, const char *key)
{
	struct stored *obj = fake_api_find(api, key);
	char event[OBJECT_TEXT_MAX];

	if (!obj)
		return;
	snprintf(event, sizeof(event), "del %s", key);
	TAILQ_REMOVE(&api->objects, obj, link);
	stored_free(obj);
	api->version++;
	api->on_change(api->arg, event);
}

static const char *
ref_key(const struct object_ref *ref, char *buf)
{
	if (ref->kind == KIND_SERVICE)
		snprintf(buf, OBJECT_TEXT_MAX, "svc %s/%s", ref->ns, ref->name);
	else
		snprintf(buf, OBJECT_TEXT_MAX, "%s %s", ref->kind == KIND_POOL ? "pool"
		    : ref->kind == KIND_L2ADV ? "adv" : "l2", ref->name);
	return buf;
}

static void
write_service(struct stored *obj, const struct action *act)
{
	char a[IP_TEXT_MAX], b[IP_TEXT_MAX], text[OBJECT_TEXT_MAX];
	size_t n = act->u.service_status.n;

	snprintf(text, sizeof(text), "status=%s%s%s",
	    n > 0 ? ip_format(&act->u.service_status.ips[0], a) : "", n > 1 ? "," : "",
	    n > 1 ? ip_format(&act->u.service_status.ips[1], b) : "");
	set(&obj->status, n ? text : "");
	snprintf(text, sizeof(text), "from=%s",
	    act->u.service_status.pool ? act->u.service_status.pool : "");
	set(&obj->from, act->u.service_status.pool ? text : "");
}

static void
write_conditions(struct stored *obj, const struct action *act, int since)
{
	for (int i = 0; i < CONDITIONS; i++) {
		const struct condition_change *change = &act->conditions[i];

		if (change->op == CONDITION_SET)
			obj->conditions[i] = condition_hash(change->status, change->reason,
			    change->message);
		else if (change->op == CONDITION_DROP)
			obj->conditions[i] = 0;
		if (i == CONDITION_ALLOCATED && change->op == CONDITION_DROP)
			obj->since = 0;
		else if (i == CONDITION_ALLOCATED && change->transition &&
		    strncmp(obj->key, "svc ", 4) == 0)
			obj->since = since;
	}
}

static void
write_counts(struct stored *obj, const struct action *act)
{
	const struct pool_counts *c = &act->u.pool_status;
	char text[OBJECT_TEXT_MAX];

	snprintf(text, sizeof(text), "counts=%lld/%lld/%lld/%lld", (long long)c->assigned4,
	    (long long)c->available4, (long long)c->assigned6, (long long)c->available6);
	set(&obj->status, text);
}

static void
create_l2status(struct fake_api *api, const struct action *act, const char *node)
{
	const struct strings *ifaces = &act->u.l2status.interfaces;
	const char *conflict = act->u.l2status.conflict;
	char line[OBJECT_TEXT_MAX];
	int len;

	len = snprintf(line, sizeof(line), "l2 l2-%d node=%s svc=%s/%s", api->version + 1, node,
	    act->u.l2status.service_ns, act->u.l2status.service);
	for (size_t i = 0; i < ifaces->n; i++)
		len += snprintf(line + len, sizeof(line) - (size_t)len, "%s%s",
		    i ? "," : " ifaces=", ifaces->v[i]);
	snprintf(line + len, sizeof(line) - (size_t)len, "%s%s", conflict ? " conflict=" : "",
	    conflict ? conflict : "");
	fake_api_put(api, line);
}

int
fake_api_write(struct fake_api *api, const struct action *act, const char *node)
{
	char key[OBJECT_TEXT_MAX];
	struct stored *obj;

	if (act->kind == ACT_L2STATUS_CREATE) {
		create_l2status(api, act, node);
		return 0;
	}
	if (act->kind != ACT_SERVICE_STATUS && act->kind != ACT_POOL_STATUS &&
	    act->kind != ACT_SERVICE_CONDITIONS && act->kind != ACT_CONFIG_CONDITION &&
	    act->kind != ACT_L2STATUS_DELETE)
		return 0;
	obj = fake_api_find(api, ref_key(&act->on, key));
	if (!obj)
		return -ENOENT;
	if (act->kind == ACT_L2STATUS_DELETE) {
		fake_api_delete(api, key);
		return 0;
	}
	/* arplet sends no resourceVersion when it writes the status of a pool or advertisement */
	if (act->kind != ACT_POOL_STATUS && act->kind != ACT_CONFIG_CONDITION &&
	    atoi(act->on.version) != obj->version)
		return -EAGAIN;
	if (act->kind == ACT_SERVICE_STATUS)
		write_service(obj, act);
	if (act->kind == ACT_POOL_STATUS)
		write_counts(obj, act);
	else if (act->kind == ACT_CONFIG_CONDITION)
		obj->conditions[0] = condition_hash(act->u.config_condition.change.status,
		    act->u.config_condition.change.reason, act->u.config_condition.change.message);
	else
		write_conditions(obj, act, api->version);
	changed(api, obj);
	return 0;
}

void
fake_api_deliver(struct world *world, const char *event)
{
	bool gone = starts_with(event, "del ");
	struct object *obj = object_from_text(gone ? event + 4 : event);

	if (!gone) {
		world_put(world, obj);
		return;
	}
	world_del(world, obj->kind, obj->meta.ns, obj->meta.name);
	object_free(obj);
}
