/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "arplet/world.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * What the API server sends, well formed or not, reaches the decisions of a daemon that allocates
 * and announces.  A line a fact, and a pass after each:
 *
 *	{...}   an object was seen; -{...}: it is gone; ?{...}: it seems to be gone
 *	l       all ServiceL2Statuses are listed, and there is none
 *	a       this daemon allocates, or does so no more
 *	t       ten seconds go by
 *	f       all is looked at again
 *	c       addresses are asked for on the LAN before they are given
 *	y, u    nobody has those that are asked for; or another host has
 *	h, o    this node, or the other one, holds all that stands for election; x: a rival has it
 */
#define VIPS_MAX 64

struct run {
	struct world *world;
	int64_t now_ms;
	bool allocator;
	struct ip vips[VIPS_MAX];
	size_t n_vips;
};

static void
note_stand(struct run *run, const struct action *act)
{
	size_t i = 0;

	while (i < run->n_vips && !ip_equal(&run->vips[i], &act->u.vip.ip))
		i++;
	if (act->kind == ACT_VIP_ELECT && i == run->n_vips && i < VIPS_MAX)
		run->vips[run->n_vips++] = act->u.vip.ip;
	else if (act->kind == ACT_VIP_WITHDRAW && i < run->n_vips)
		run->vips[i] = run->vips[--run->n_vips];
}

/* What every writer relies on. */
static void
check_action(const struct action *act)
{
	if (act->kind == ACT_EVENT && (!act->u.event.reason[0] || !act->u.event.message[0]))
		abort();
	if (act->kind == ACT_SERVICE_STATUS && act->u.service_status.n > 2)
		abort();
	if (act->kind < ACT_SECRET_CREATE && (!act->on.ns || !act->on.name[0]))
		abort();
}

static void
view(void *arg, const struct service_view *view)
{
	(void)arg;
	if (view->n_ips > 2 || (view->why && !view->why[0]))
		abort();
}

static void
pass(struct run *run)
{
	struct plan plan = { 0 };

	world_set_now(run->world, run->now_ms);
	world_decide(run->world, &plan);
	for (size_t i = 0; i < plan.n; i++) {
		check_action(&plan.v[i]);
		if (plan.v[i].kind == ACT_VIP_ELECT || plan.v[i].kind == ACT_VIP_WITHDRAW)
			note_stand(run, &plan.v[i]);
	}
	plan_done(&plan);
	if (world_next_ms(run->world) <= run->now_ms)
		abort(); /* the daemon would never rest */
	world_each_service(run->world, view, NULL);
}

static const struct mac conflicting_host = { { 2, 9, 9, 9, 9, 9 } };

static void
each_vip(struct run *run, char what)
{
	for (size_t i = 0; i < run->n_vips; i++) {
		if (what == 'x')
			world_set_conflict(run->world, &run->vips[i], 1, CONFLICT_DEFENDED, &conflicting_host);
		else
			world_set_holder(run->world, 1, &run->vips[i], what == 'h' ? "n1" : "n2");
	}
}

struct wanted {
	struct ip ips[VIPS_MAX];
	size_t n;
};

static void
want(void *arg, const struct probe_target *wish)
{
	struct wanted *wanted = arg;

	if (wanted->n < VIPS_MAX)
		wanted->ips[wanted->n++] = wish->ip;
}

static void
answer_asked(struct world *world, const struct mac *used_by)
{
	struct wanted wanted = { .n = 0 };

	world_each_probe(world, want, &wanted);
	for (size_t i = 0; i < wanted.n; i++)
		world_set_probe_result(world, &wanted.ips[i], used_by);
}

static void
tell_object(struct run *run, char what, const char *text, size_t len)
{
	struct object *obj;

	if (decode_object(text, len, 0, &obj, NULL) < 0)
		return;
	if (what == '{') {
		world_put(run->world, obj);
		return;
	}
	if (what == '-')
		world_del(run->world, obj->kind, obj->meta.ns, obj->meta.name);
	else if (obj->kind == KIND_POOL || obj->kind == KIND_L2ADV)
		world_pend_delete(run->world, obj->kind, obj->meta.ns, obj->meta.name);
	object_free(obj);
}

static void
tell(struct run *run, const char *line, size_t len)
{
	if (line[0] == '{') {
		tell_object(run, '{', line, len);
	} else if (line[0] == '-' || line[0] == '?') {
		tell_object(run, line[0], line + 1, len - 1);
	} else if (line[0] == 'l') {
		world_list_begin(run->world, KIND_L2STATUS);
		world_list_end(run->world, KIND_L2STATUS);
	} else if (line[0] == 'a') {
		run->allocator = !run->allocator;
		world_set_allocator(run->world, run->allocator);
	} else if (line[0] == 't') {
		run->now_ms += 10000;
	} else if (line[0] == 'f') {
		world_mark_everything(run->world);
	} else if (line[0] == 'c') {
		world_set_probing(run->world, true);
	} else if (line[0] == 'y' || line[0] == 'u') {
		answer_asked(run->world, line[0] == 'u' ? &conflicting_host : NULL);
	} else {
		each_vip(run, line[0]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct link eth0 = { .ifindex = 1, .name = "eth0", .ether = true, .up = true,
		.arp = true, .broadcast = true, .n_addrs = 1,
		.addrs = { { { IPV4, { 10, 0, 0, 250 } }, 24 } } };
	struct run run = { .now_ms = 1000, .world = world_new(&(struct world_opts){
		.node_name = "n1", .pool_ns = "metallb-system", .hello_secret = "arplet-hello" }) };
	const char *line = (const char *)data, *end = line + size;

	world_set_links(run.world, &eth0, 1);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		world_list_begin(run.world, kind);
		world_list_end(run.world, kind);
	}
	tell(&run, "a", 1);
	while (line < end) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		next = next ? next : end;
		if (next > line) {
			tell(&run, line, (size_t)(next - line));
			pass(&run);
		}
		line = next + 1;
	}
	world_free(run.world);
	return 0;
}
