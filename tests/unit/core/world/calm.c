/* SPDX-License-Identifier: Apache-2.0 */
#include "core/story/facts.h"
#include "history.h"
#include "judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In calm: who had an address when it began, and since when it is free. */
#define TRACKED_MAX 64
static struct tracked {
	struct ip ip;
	char key[FACT_LEN_MAX]; /* of its only user; "": several, or somebody new */
	int64_t freed_ms;       /* -1: it is in use */
} tracked[TRACKED_MAX];
static size_t n_tracked;

static void
each_address(const struct stored *obj,
    void (*visit)(const struct stored *obj, const struct ip *ip))
{
	char status[FACT_LEN_MAX], *save;

	if (strncmp(obj->status, "status=", 7) != 0)
		return;
	snprintf(status, sizeof(status), "%s", obj->status + 7);
	for (char *s = strtok_r(status, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		struct ip ip = fact_ip(s);

		visit(obj, &ip);
	}
}

static struct tracked *
find(const struct ip *ip)
{
	for (size_t i = 0; i < n_tracked; i++) {
		if (ip_equal(&tracked[i].ip, ip))
			return &tracked[i];
	}
	return NULL;
}

static void
track(const struct stored *obj, const struct ip *ip)
{
	struct tracked *t = find(ip);

	if (t) {
		t->key[0] = '\0';
		return;
	}
	if (n_tracked == TRACKED_MAX)
		abort();
	t = &tracked[n_tracked++];
	*t = (struct tracked){ .ip = *ip, .freed_ms = -1 };
	snprintf(t->key, sizeof(t->key), "%s", obj->key);
}

void
history_calm(bool calm)
{
	struct stored *obj;

	hist.calm = calm;
	n_tracked = 0;
	for (size_t i = 0; i < DAEMONS; i++)
		hist.daemons[i].knows = true;
	if (!calm)
		return;
	TAILQ_FOREACH(obj, &hist.api.objects, link)
		each_address(obj, track);
}

static bool used[TRACKED_MAX]; /* of the tracked ones, as calm_follow() finds them */

static void
note_used(const struct stored *obj, const struct ip *ip)
{
	struct tracked *t = find(ip);

	if (!t)
		return;
	used[t - tracked] = true;
	if (t->freed_ms >= 0 || strcmp(t->key, obj->key) != 0)
		t->key[0] = '\0';
}

void
calm_follow(void)
{
	struct stored *obj;

	if (!hist.calm)
		return;
	memset(used, 0, sizeof(used));
	TAILQ_FOREACH(obj, &hist.api.objects, link)
		each_address(obj, note_used);
	for (size_t i = 0; i < n_tracked; i++) {
		if (!used[i] && tracked[i].freed_ms < 0)
			tracked[i].freed_ms = hist.now_ms;
	}
}

/* The address, if it rests for the only user that it had; or NULL. */
static const struct tracked *
find_resting(const struct ip *ip)
{
	const struct tracked *t = find(ip);

	return t && *t->key && t->freed_ms >= 0 &&
	    hist.now_ms < t->freed_ms + judge_rest_ms(&hist.api, ip) ? t : NULL;
}

static bool
rests_for(const struct ip *ip, const char *key)
{
	const struct tracked *t = find_resting(ip);

	return t && strcmp(t->key, key) == 0;
}

/* A released address goes to nobody else while it rests. */
static void
check_rest_of(const struct ip *ip, const char *key)
{
	char text[IP_TEXT_MAX];

	if (find_resting(ip) && !rests_for(ip, key))
		history_check(key, ip_format(ip, text));
}

void
calm_check_gift(const struct daemon *d, const struct request *req)
{
	const struct action *act = &req->act;
	struct stored *obj;
	char key[FACT_LEN_MAX];
	struct arena mem = { 0 };

	snprintf(key, sizeof(key), "svc %s/%s", act->on.ns, act->on.name);
	obj = api_find(&hist.api, key);
	if (!hist.calm || act->kind != ACT_SERVICE_STATUS || !obj ||
	    atoi(act->on.version) != obj->version)
		return;
	history_check(judge_gift(&hist.api, act, req->seen, rests_for, &mem), "given wrongly");
	for (size_t i = 0; d->knows && i < act->u.service_status.n; i++)
		check_rest_of(&act->u.service_status.ips[i], key);
	arena_done(&mem);
}

struct seen {
	const struct action *act;
	const struct object *svc;
	const struct ip *ip;
	bool node_gateway;
};

static void
find_service(void *arg, const struct object *svc)
{
	struct seen *seen = arg;

	if (strcmp(svc->meta.ns, seen->act->on.ns) == 0 &&
	    strcmp(svc->meta.name, seen->act->on.name) == 0)
		seen->svc = svc;
}

static void
find_node(void *arg, const struct object *node)
{
	struct seen *seen = arg;

	for (size_t i = 0; i < node->u.node.n_addrs; i++)
		seen->node_gateway |= ip_equal(&node->u.node.addrs[i], seen->ip);
}

static bool
had(const struct had *had, const struct ip *ip)
{
	size_t i = 0;

	while (i < had->n && !ip_equal(&had->ips[i], ip))
		i++;
	return i < had->n;
}

static void
note_had(struct had *it, const struct ip *ips, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (had(it, &ips[i]))
			continue;
		if (it->n == sizeof(it->ips) / sizeof(it->ips[0]))
			abort();
		it->ips[it->n++] = ips[i];
	}
}

static void
note_service(void *arg, const struct object *svc)
{
	struct daemon *d = arg;

	note_had(&d->had[svc->meta.name[1] - '0'], svc->u.service.status, svc->u.service.n_status);
}

void
daemon_note_had(struct daemon *d)
{
	world_each(d->world, KIND_SERVICE, note_service, d);
}

void
daemon_check_gift(struct daemon *d, const struct action *act)
{
	struct had *its = &d->had[act->on.name[1] - '0'];
	struct seen seen = { .act = act };
	struct arena mem = { 0 };

	world_each(d->world, KIND_SERVICE, find_service, &seen);
	if (seen.svc && seen.svc->u.service.lb_class && act->u.service_status.n)
		history_check(action_text(act, &mem), "given to a Service of another class");
	for (size_t i = 0; seen.svc && i < act->u.service_status.n; i++) {
		seen.ip = &act->u.service_status.ips[i];
		seen.node_gateway = false;
		world_each(d->world, KIND_NODE, find_node, &seen);
		/* who asks for it by name may be allowed to have it */
		if (seen.node_gateway && !seen.svc->u.service.ann_ips && !had(its, seen.ip) &&
		    strcmp(act->on.name, &RESERVED_A[2]) != 0 && strcmp(act->on.name, &RESERVED_B[2]) != 0)
			history_check(action_text(act, &mem), "a node's own address is given");
	}
	note_had(its, act->u.service_status.ips, act->u.service_status.n);
	arena_done(&mem);
}
