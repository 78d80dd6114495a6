/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "history.h"
#include "invariants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The addresses in use when the stable period began. */
#define TRACKED_MAX 64
static struct tracked {
	struct ip ip;
	char key[OBJECT_TEXT_MAX]; /* the only Service with the IP; "": several, or a new Service */
	int64_t freed_ms;       /* time of the release of the address; -1: in use */
} tracked[TRACKED_MAX];
static size_t n_tracked;

static void
each_address(const struct stored *obj,
    void (*visit)(const struct stored *obj, const struct ip *ip))
{
	char status[OBJECT_TEXT_MAX], *save;

	if (strncmp(obj->status, "status=", 7) != 0)
		return;
	snprintf(status, sizeof(status), "%s", obj->status + 7);
	for (char *s = strtok_r(status, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		struct ip ip = ip_from_text(s);

		visit(obj, &ip);
	}
}

static struct tracked *
find_tracked(const struct ip *ip)
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
	struct tracked *t = find_tracked(ip);

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
history_set_stable(bool stable)
{
	struct stored *obj;

	hist.stable = stable;
	n_tracked = 0;
	for (size_t i = 0; i < DAEMONS; i++)
		hist.daemons[i].knows_config = true;
	if (!stable)
		return;
	TAILQ_FOREACH(obj, &hist.api.objects, link)
		each_address(obj, track);
}

static bool used[TRACKED_MAX]; /* true if a Service has the address tracked[i] */

static void
note_used(const struct stored *obj, const struct ip *ip)
{
	struct tracked *t = find_tracked(ip);

	if (!t)
		return;
	used[t - tracked] = true;
	if (t->freed_ms >= 0 || strcmp(t->key, obj->key) != 0)
		t->key[0] = '\0';
}

void
history_track_releases(void)
{
	struct stored *obj;

	if (!hist.stable)
		return;
	memset(used, 0, sizeof(used));
	TAILQ_FOREACH(obj, &hist.api.objects, link)
		each_address(obj, note_used);
	for (size_t i = 0; i < n_tracked; i++) {
		if (!used[i] && tracked[i].freed_ms < 0)
			tracked[i].freed_ms = hist.now_ms;
	}
}

/* Returns the entry of @ip if its only Service released @ip, and the cooldown lasts; or NULL. */
static const struct tracked *
find_cooldown(const struct ip *ip)
{
	const struct tracked *t = find_tracked(ip);

	return t && *t->key && t->freed_ms >= 0 &&
	    hist.now_ms < t->freed_ms + cooldown_of_address_ms(&hist.api, ip) ? t : NULL;
}

static bool
is_cooldown_of(const struct ip *ip, const char *key)
{
	const struct tracked *t = find_cooldown(ip);

	return t && strcmp(t->key, key) == 0;
}

/* Fails if an address in a cooldown is allocated to a Service that did not release it. */
static void
check_cooldown(const struct ip *ip, const char *key)
{
	char text[IP_TEXT_MAX];
	struct arena mem = { 0 };

	if (find_cooldown(ip) && !is_cooldown_of(ip, key))
		history_require(arena_printf(&mem, "%s gets %s", key, ip_format(ip, text)),
		    "an address is allocated during the cooldown of another Service");
	arena_done(&mem);
}

void
history_check_write(const struct daemon *d, const struct request *req)
{
	const struct action *act = &req->act;
	struct stored *obj;
	char key[OBJECT_TEXT_MAX];
	struct arena mem = { 0 };

	snprintf(key, sizeof(key), "svc %s/%s", act->on.ns, act->on.name);
	obj = fake_api_find(&hist.api, key);
	if (!hist.stable || act->kind != ACT_SERVICE_STATUS || !obj ||
	    atoi(act->on.version) != obj->version)
		return;
	history_require(check_allocation(&hist.api, act, req->seen_version, is_cooldown_of, &mem),
	    "a write violates a rule");
	for (size_t i = 0; d->knows_config && i < act->u.service_status.n; i++)
		check_cooldown(&act->u.service_status.ips[i], key);
	arena_done(&mem);
}

struct service_search {
	const struct action *act;
	const struct object *svc;
	const struct ip *ip;
	bool node_gateway;
};

static void
find_service(void *arg, const struct object *svc)
{
	struct service_search *search = arg;

	if (strcmp(svc->meta.ns, search->act->on.ns) == 0 &&
	    strcmp(svc->meta.name, search->act->on.name) == 0)
		search->svc = svc;
}

static void
find_node(void *arg, const struct object *node)
{
	struct service_search *search = arg;

	for (size_t i = 0; i < node->u.node.n_addrs; i++)
		search->node_gateway |= ip_equal(&node->u.node.addrs[i], search->ip);
}

static bool
contains(const struct earlier_ips *contains, const struct ip *ip)
{
	size_t i = 0;

	while (i < contains->n && !ip_equal(&contains->ips[i], ip))
		i++;
	return i < contains->n;
}

static void
earlier_ips_add(struct earlier_ips *it, const struct ip *ips, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (contains(it, &ips[i]))
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

	earlier_ips_add(&d->earlier[svc->meta.name[1] - '0'], svc->u.service.status,
	    svc->u.service.n_status);
}

void
daemon_note_addresses(struct daemon *d)
{
	world_each(d->world, KIND_SERVICE, note_service, d);
}

void
daemon_check_allocation(struct daemon *d, const struct action *act)
{
	struct earlier_ips *its = &d->earlier[act->on.name[1] - '0'];
	struct service_search search = { .act = act };
	struct arena mem = { 0 };

	world_each(d->world, KIND_SERVICE, find_service, &search);
	if (search.svc && search.svc->u.service.lb_class && act->u.service_status.n)
		history_require(action_text(act, &mem),
		    "a Service of another class gets an address");
	for (size_t i = 0; search.svc && i < act->u.service_status.n; i++) {
		search.ip = &act->u.service_status.ips[i];
		search.node_gateway = false;
		world_each(d->world, KIND_NODE, find_node, &search);
		/* a pool can allow a node address for a Service that requests the address */
		if (search.node_gateway && !search.svc->u.service.ann_ips && !contains(its,
		    search.ip) &&
		    strcmp(act->on.name, &RESERVED_A[2]) != 0 && strcmp(act->on.name,
		    &RESERVED_B[2]) != 0)
			history_require(action_text(act, &mem),
			    "the address of a node is allocated");
	}
	earlier_ips_add(its, act->u.service_status.ips, act->u.service_status.n);
	arena_done(&mem);
}
