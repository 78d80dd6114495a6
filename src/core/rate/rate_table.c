/* SPDX-License-Identifier: Apache-2.0 */
#include "rate_table.h"
#include "arplet/arena.h"

#include <stdlib.h>
#include <string.h>

#define WAYS 4 /* records of a set */
#define SETS (RATE_RECORDS / WAYS)

struct rate_table {
	uint64_t seed;
	struct rate_record sets[SETS][WAYS];
};

struct rate_table *
rate_table_new(uint32_t seed)
{
	struct rate_table *table = xcalloc(1, sizeof(*table));

	table->seed = 0xcbf29ce484222325 ^ ((uint64_t)seed << 17);
	return table;
}

void
rate_table_free(struct rate_table *table)
{
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

struct rate_record *
rate_table_find(struct rate_table *table, uint64_t key)
{
	struct rate_record *set = table->sets[key % SETS];

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
	}
	return NULL;
}

/* The records of a set are sorted by their last use: the first was used last. */
struct rate_record *
rate_table_get(struct rate_table *table, uint64_t key, int64_t now_ms)
{
	struct rate_record *set = table->sets[key % SETS], *found = rate_table_find(table, key);
	struct rate_record record = found ? *found : (struct rate_record){ .key = key };
	size_t older = found ? (size_t)(found - set) : WAYS - 1;

	memmove(&set[1], &set[0], older * sizeof(set[0]));
	record.used_s = (uint32_t)(now_ms / 1000);
	set[0] = record;
	return &set[0];
}
