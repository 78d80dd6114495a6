/* SPDX-License-Identifier: Apache-2.0 */
#include "world_impl.h"

#include <string.h>

/*
 * Services in the dark: some node may announce the address, and none is known to.  That is so for a
 * moment whenever a Service is new or a node dies, and is told only when it lasts.
 */
#define DARK_MS 10000

void
dark_set(struct world *world, struct svc *svc, bool dark)
{
	if (svc->dark == dark)
		return;
	if (svc->dark && !svc->dark_long)
		TAILQ_REMOVE(&world->dark, svc, darkens);
	svc->dark = dark;
	svc->dark_long = false;
	svc->dark_ms = world->now_ms;
	if (dark)
		TAILQ_INSERT_TAIL(&world->dark, svc, darkens);
}

void
dark_settle(struct world *world)
{
	struct svc *svc;

	while ((svc = TAILQ_FIRST(&world->dark)) && svc->dark_ms + DARK_MS <= world->now_ms) {
		TAILQ_REMOVE(&world->dark, svc, darkens);
		svc->dark_long = true;
		world_mark(world, svc, MARK_REPORT);
	}
}

int64_t
dark_next_ms(const struct world *world)
{
	const struct svc *svc = TAILQ_FIRST(&world->dark);

	return svc ? svc->dark_ms + DARK_MS : INT64_MAX;
}

struct names {
	struct arena *mem;
	const char *text;
};

static void
add_name(void *arg, const char *node, bool ready)
{
	struct names *names = arg;

	if (strlen(names->text) < 600)
		names->text = arena_printf(names->mem, "%s%s%s%s", names->text,
		    *names->text ? ", " : "", node, ready ? "" : " (not Ready)");
}

const char *
dark_text(const struct world *world, const struct svc *svc, struct arena *mem)
{
	struct names names = { mem, "" };

	world_each_candidate(world, &svc_ips(world, svc)->v[0], add_name, &names);
	if (!*names.text)
		return "no node can serve all Services that share its address";
	return arena_printf(mem, "no daemon claims it, though these nodes may: %s; is arplet running "
	    "there, with the key in its Secret, and is an interface of the node on that LAN?",
	    names.text);
}
