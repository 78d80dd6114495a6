/* SPDX-License-Identifier: Apache-2.0 */
#include "rate_table.h"
#include "arplet/arena.h"

#include <stdlib.h>
#include <string.h>

#define WAYS 4 /* records of a set */
#define SETS_MIN 32
#define SETS_MAX (RATE_RECORDS / WAYS)

struct rate_table {
	uint64_t seed;
	size_t n_sets; /* a power of two, which grows from SETS_MIN to SETS_MAX */
	struct rate_record (*sets)[WAYS];
};

struct rate_table *
rate_table_new(uint32_t seed)
{
	struct rate_table *table = xcalloc(1, sizeof(*table));

	table->n_sets = SETS_MIN;
	table->sets = xcalloc(SETS_MIN, sizeof(table->sets[0]));
	table->seed = 0xcbf29ce484222325 ^ ((uint64_t)seed << 17);
	return table;
}

void
rate_table_free(struct rate_table *table)
{
	if (!table)
		return;
	free(table->sets);
	free(table);
}

/* FNV-1a over the strings and their NULs; the last step mixes the bits (splitmix64). */
uint64_t
rate_key(const struct rate_table *table, const char *const parts[], size_t n)
{
	uint64_t hash = table->seed;

	for (size_t i = 0; i < n; i++) {
		const char *text = parts[i];

		do
			hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
		while (*text++);
	}
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
	hash ^= hash >> 31;
	return hash ? hash : 1;
}

static struct rate_record *
set_of(const struct rate_table *table, uint64_t key)
{
	return table->sets[key & (table->n_sets - 1)];
}

struct rate_record *
rate_table_find(struct rate_table *table, uint64_t key)
{
	struct rate_record *set = set_of(table, key);

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
	}
	return NULL;
}

/* Double the number of sets.  Each old set is divided between two sets, and keeps its order. */
static void
grow(struct rate_table *table)
{
	struct rate_record (*old)[WAYS] = table->sets;
	size_t n_old = table->n_sets;

	table->n_sets = 2 * n_old;
	table->sets = xcalloc(table->n_sets, sizeof(table->sets[0]));
	for (size_t i = 0; i < n_old; i++) {
		struct rate_record *low = table->sets[i], *high = table->sets[i + n_old];

		for (int way = 0; way < WAYS && old[i][way].key; way++) {
			struct rate_record **next = old[i][way].key & n_old ? &high : &low;

			*(*next)++ = old[i][way];
		}
	}
	free(old);
}

/* Returns the set for a new record of @key.  Only a table of SETS_MAX sets loses records. */
static struct rate_record *
set_for_new(struct rate_table *table, uint64_t key)
{
	while (set_of(table, key)[WAYS - 1].key && table->n_sets < SETS_MAX)
		grow(table);
	return set_of(table, key);
}

/* The records of a set are sorted by their last use: the first was used last. */
struct rate_record *
rate_table_get(struct rate_table *table, uint64_t key, int64_t now_ms)
{
	struct rate_record *found = rate_table_find(table, key);
	struct rate_record *set = found ? set_of(table, key) : set_for_new(table, key);
	struct rate_record record = found ? *found : (struct rate_record){ .key = key };
	size_t older = found ? (size_t)(found - set) : WAYS - 1;

	memmove(&set[1], &set[0], older * sizeof(set[0]));
	record.used_s = (uint32_t)(now_ms / 1000);
	set[0] = record;
	return &set[0];
}
