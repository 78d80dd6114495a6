/* SPDX-License-Identifier: Apache-2.0 */
#include "shared_addrs.h"
#include "core/state/world_state.h"

#include <stdlib.h>
#include <string.h>

static int
order(const struct shared_addr *a, const struct shared_addr *b)
{
	int order = strcmp(a->key, b->key);

	if (!order)
		order = strcmp(a->ns, b->ns);
	return order ? order : ip_cmp(&a->ip, &b->ip);
}
RB_PROTOTYPE(shared_addrs, shared_addr, link, order)
RB_GENERATE(shared_addrs, shared_addr, link, order)

static struct shared_addr *
find_or_new(struct world *world, const struct shared_addr *key)
{
	struct shared_addr *found = RB_FIND(shared_addrs, &world->shared_addrs,
	    (struct shared_addr *)key);
	size_t key_size = strlen(key->key) + 1, ns_size = strlen(key->ns) + 1;
	char *text;

	if (found)
		return found;
	found = xcalloc(1, sizeof(*found) + key_size + ns_size);
	text = (char *)(found + 1);
	found->ip = key->ip;
	found->key = memcpy(text, key->key, key_size);
	found->ns = memcpy(text + key_size, key->ns, ns_size);
	RB_INSERT(shared_addrs, &world->shared_addrs, found);
	return found;
}

void
shared_addrs_remove(struct world *world, struct addr_use *addr_use)
{
	struct shared_addr *shared_addr = addr_use->shared_addr;

	addr_use->shared_addr = NULL;
	if (!shared_addr || --shared_addr->users)
		return;
	RB_REMOVE(shared_addrs, &world->shared_addrs, shared_addr);
	free(shared_addr);
}

void
shared_addrs_update(struct world *world, struct addr_use *addr_use)
{
	const struct sharing *share = svc_spec(addr_use->svc)->share;
	struct shared_addr key = { .ip = addr_use->addr->ip,
		.ns = addr_use->svc->e.obj->meta.ns, .key = share ? share->key : NULL };

	if (addr_use->shared_addr && share && strcmp(addr_use->shared_addr->key, key.key) == 0)
		return;
	shared_addrs_remove(world, addr_use);
	if (!share)
		return;
	addr_use->shared_addr = find_or_new(world, &key);
	addr_use->shared_addr->users++;
}

const struct shared_addr *
shared_addrs_from(const struct world *world, const char *key, const char *ns, const struct ip *ip)
{
	struct shared_addr at = { .key = key, .ns = ns, .ip = *ip };

	return RB_NFIND(shared_addrs, (struct shared_addrs *)&world->shared_addrs, &at);
}

const struct shared_addr *
shared_addrs_next(const struct shared_addr *shared_addr)
{
	return RB_NEXT(shared_addrs, NULL, (struct shared_addr *)shared_addr);
}
