/* SPDX-License-Identifier: Apache-2.0 */
#include "write_pace.h"
#include "arplet/arena.h"
#include "core/base/backoff.h"
#include "rate_table.h"
#include "token_bucket.h"

#include <stdlib.h>

#define FREE_WRITES 3 /* writes of an object that its namespace's bucket does not count */
#define CONFLICT_FIRST_MS 100
#define CONFLICT_CAP_MS 10000
#define CALM_S 60 /* after this time without a write, the conflicts of an object are over */

static const struct token_rate object_rate = { .burst = 10, .interval_ms = 500 };
static const struct token_rate namespace_rate = { .burst = 200, .interval_ms = 20 };

struct write_pace {
	struct rate_table *table; /* a bucket for each object and for each namespace */
};

struct write_pace *
write_pace_new(uint32_t seed)
{
	struct write_pace *pace = xcalloc(1, sizeof(*pace));

	pace->table = rate_table_new(seed);
	return pace;
}

void
write_pace_free(struct write_pace *pace)
{
	if (!pace)
		return;
	rate_table_free(pace->table);
	free(pace);
}

static uint64_t
object_key(const struct write_pace *pace, const char *kind, const char *ns, const char *name)
{
	return rate_key(pace->table, (const char *[]){ kind, ns, name }, 3);
}

/* Returns the record of the object.  The record forgets its conflicts after CALM_S. */
static struct rate_record *
object_record(struct write_pace *pace, const char *kind, const char *ns, const char *name,
    int64_t now_ms)
{
	uint64_t key = object_key(pace, kind, ns, name);
	struct rate_record *object = rate_table_find(pace->table, key);

	if (object && now_ms / 1000 - object->used_s > CALM_S)
		object->n = 0;
	return rate_table_get(pace->table, key, now_ms);
}

static int64_t
longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
write_pace_reserve(struct write_pace *pace, const char *kind, const char *ns, const char *name,
    int64_t now_ms, uint32_t random)
{
	struct rate_record *object = object_record(pace, kind, ns, name, now_ms);
	int64_t used = bucket_used(object->value, &object_rate, now_ms), wait_ms;

	wait_ms = bucket_reserve(&object->value, &object_rate, 1, now_ms);
	if (object->n > 1)
		wait_ms = longer(wait_ms,
		    backoff_ms(CONFLICT_FIRST_MS, CONFLICT_CAP_MS, object->n - 1u, random));
	if (used >= FREE_WRITES) {
		struct rate_record *all = rate_table_get(pace->table,
		    rate_key(pace->table, &ns, 1), now_ms);

		wait_ms = longer(wait_ms, bucket_reserve(&all->value, &namespace_rate, 1, now_ms));
	}
	return wait_ms;
}

unsigned int
write_pace_conflict(struct write_pace *pace, const char *kind, const char *ns, const char *name,
    int64_t now_ms)
{
	struct rate_record *object = object_record(pace, kind, ns, name, now_ms);

	object->n += object->n < UINT16_MAX;
	return object->n;
}

void
write_pace_accepted(struct write_pace *pace, const char *kind, const char *ns, const char *name)
{
	struct rate_record *object = rate_table_find(pace->table, object_key(pace, kind, ns, name));

	if (object)
		object->n = 0;
}
