/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "arplet/world.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Fuzzes the world of a daemon that allocates and announces, with objects from the API server.
 * Each line of the input is one event, after which a decide turn runs:
 *
 *	{...}   the watch reports an object
 *	-{...}  the watch reports the deletion of an object, and a list confirms it
 *	?{...}  the watch reports the deletion of a pool or an advertisement, not confirmed
 *	l       a list of ServiceL2Statuses is empty
 *	a       the daemon becomes the allocator, or ceases to be it
 *	t       ten seconds pass
 *	f       all work marks are set
 *	c       probes are turned on
 *	y, u    all probes end: the addresses are free (y) or in use (u)
 *	h, o    the election reports this node (h) or another node (o) as the holder of all VIPs
 *	x       the announcer reports a conflict for all VIPs
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
note_vip(struct run *run, const struct action *act)
{
	size_t i = 0;

	while (i < run->n_vips && !ip_equal(&run->vips[i], &act->u.vip.ip))
		i++;
	if (act->kind == ACT_VIP_ELECT && i == run->n_vips && i < VIPS_MAX)
		run->vips[run->n_vips++] = act->u.vip.ip;
	else if (act->kind == ACT_VIP_WITHDRAW && i < run->n_vips)
		run->vips[i] = run->vips[--run->n_vips];
}

/* Aborts if an action lacks a field that the write_queue or the speaker requires. */
static void
check_action(const struct action *act)
{
	if (act->kind == ACT_EVENT && (!act->u.event.reason[0] || !act->u.event.message[0]))
		abort();
	if (act->kind == ACT_SERVICE_STATUS && act->u.service_status.n > 2)
		abort();
	if (act->kind <= ACT_SECRET_KEY && (!act->on.ns || !act->on.name[0]))
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
decide_turn(struct run *run)
{
	struct plan plan = { 0 };

	world_set_now(run->world, run->now_ms);
	world_decide(run->world, &plan);
	for (size_t i = 0; i < plan.n; i++) {
		check_action(&plan.v[i]);
		if (plan.v[i].kind == ACT_VIP_ELECT || plan.v[i].kind == ACT_VIP_WITHDRAW)
			note_vip(run, &plan.v[i]);
	}
	plan_done(&plan);
	if (world_next_ms(run->world) <= run->now_ms)
		abort(); /* a due time that has passed would make the event loop spin */
	world_each_service(run->world, view, NULL);
}

static const struct mac conflicting_host = { { 2, 9, 9, 9, 9, 9 } };

static void
report_vips(struct run *run, char type)
{
	for (size_t i = 0; i < run->n_vips; i++) {
		if (type == 'x')
			world_set_conflict(run->world, &run->vips[i], 1, CONFLICT_DEFENDED,
			    &conflicting_host);
		else
			world_set_holder(run->world, 1, &run->vips[i], type == 'h' ? "n1" : "n2");
	}
}

struct probe_set {
	struct ip ips[VIPS_MAX];
	size_t n;
};

static void
add_probe(void *arg, const struct probe_target *target)
{
	struct probe_set *probes = arg;

	if (probes->n < VIPS_MAX)
		probes->ips[probes->n++] = target->ip;
}

static void
report_probe_results(struct world *world, const struct mac *used_by)
{
	struct probe_set probes = { .n = 0 };

	world_each_probe(world, add_probe, &probes);
	for (size_t i = 0; i < probes.n; i++)
		world_set_probe_result(world, &probes.ips[i], used_by);
}

static void
input_object(struct run *run, char type, const char *text, size_t len)
{
	struct object *obj;

	if (decode_object(text, len, 0, &obj, NULL) < 0)
		return;
	if (type == '{') {
		world_put(run->world, obj);
		return;
	}
	if (type == '-')
		world_del(run->world, obj->kind, obj->meta.ns, obj->meta.name);
	else if (obj->kind == KIND_POOL || obj->kind == KIND_L2ADV)
		world_pend_delete(run->world, obj->kind, obj->meta.ns, obj->meta.name);
	object_free(obj);
}

static void
input_line(struct run *run, const char *line, size_t len)
{
	if (line[0] == '{') {
		input_object(run, '{', line, len);
	} else if (line[0] == '-' || line[0] == '?') {
		input_object(run, line[0], line + 1, len - 1);
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
		report_probe_results(run->world, line[0] == 'u' ? &conflicting_host : NULL);
	} else {
		report_vips(run, line[0]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct link_addr addr = { { IPV4, { 10, 0, 0, 250 } }, 24 };
	static const struct link eth0 = { .ifindex = 1, .name = "eth0", .ether = true, .up = true,
		.arp = true, .broadcast = true, .n_addrs = 1,
		.addrs = &addr };
	struct run run = { .now_ms = 1000, .world = world_new(&(struct world_opts){
		.node_name = "n1", .pool_ns = "metallb-system", .hello_secret = "arplet-hello" }) };
	const char *line = (const char *)data, *end = line + size;

	world_set_links(run.world, &eth0, 1);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		world_list_begin(run.world, kind);
		world_list_end(run.world, kind);
	}
	input_line(&run, "a", 1);
	while (line < end) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		next = next ? next : end;
		if (next > line) {
			input_line(&run, line, (size_t)(next - line));
			decide_turn(&run);
		}
		line = next + 1;
	}
	world_free(run.world);
	return 0;
}
