/* SPDX-License-Identifier: Apache-2.0 */
#include "pool_order.h"
#include "arplet/object.h"
#include "pools.h"

#include <string.h>

/*
 * Returns the metadata with the pool's creation time: of the newest object or, if that object is
 * invalid, of the object in force.
 */
static const struct meta *
age_of(const struct pool_entry *pool)
{
	bool unknown = pool->c.e.obj->bad && pool->c.in_force;

	return unknown ? &pool->c.in_force->meta : &pool->c.e.obj->meta;
}

int
pool_age_cmp(const void *a, const void *b)
{
	const struct pool_entry *const *pa = a, *const *pb = b;
	const struct meta *ma = age_of(*pa), *mb = age_of(*pb);

	if ((*pa)->c.e.obj->pending_delete != (*pb)->c.e.obj->pending_delete)
		return (*pa)->c.e.obj->pending_delete ? 1 : -1;
	if (ma->created_s != mb->created_s)
		return ma->created_s < mb->created_s ? -1 : 1;
	return strcmp(ma->name, mb->name);
}

int
pool_order_cmp(const void *a, const void *b)
{
	const struct pool_entry *const *pa = a, *const *pb = b;
	const struct pool *sa = &(*pa)->c.in_force->u.pool;
	const struct pool *sb = &(*pb)->c.in_force->u.pool;

	if (!(*pa)->alloc_refusal != !(*pb)->alloc_refusal)
		return (*pa)->alloc_refusal ? 1 : -1;
	if (sa->pinned != sb->pinned)
		return sa->pinned ? -1 : 1;
	if (sa->priority != sb->priority) {
		int64_t x = sa->priority ? sa->priority : INT64_MAX;
		int64_t y = sb->priority ? sb->priority : INT64_MAX;

		return x < y ? -1 : 1;
	}
	return strcmp((*pa)->c.in_force->meta.name, (*pb)->c.in_force->meta.name);
}
