/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RATE_RATE_TABLE_H
#define CORE_RATE_RATE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A table of small records, one for each object, namespace or Event that was written lately.  The
 * table has a limit, so a tenant that creates many objects cannot fill the memory.  The table grows
 * with the number of its records, so a small cluster needs little memory.  At the limit, a new key
 * replaces the record of its set that was used least recently.
 */
struct rate_table;

struct rate_record {
	uint64_t key;    /* 0: the record is free */
	int64_t value;   /* a bucket's full_ms (token_bucket.h), or the time in an Event's name */
	uint32_t used_s; /* when the record was last used: monotonic time, seconds */
	uint16_t n;      /* a number that the owner of the record counts */
	uint16_t serial; /* of an Event: the serial number in the Event's name */
};

/*
 * rate_table_new - make a table of at most RATE_RECORDS records.  @seed: a random number of this
 * process, so that nobody can choose names whose keys replace each other.  The caller frees the
 * table.
 */
#define RATE_RECORDS 4096
struct rate_table *rate_table_new(uint32_t seed);
void rate_table_free(struct rate_table *table); /* NULL is fine */

/* rate_key - the key of the @n strings @parts; never 0. */
uint64_t rate_key(const struct rate_table *table, const char *const parts[], size_t n);

/*
 * rate_table_get - return the record of @key.  A new record is zero except for the key.  The record
 * is valid until the next call.
 */
struct rate_record *rate_table_get(struct rate_table *table, uint64_t key, int64_t now_ms);
/* rate_table_find - return the record of @key, or NULL. */
struct rate_record *rate_table_find(struct rate_table *table, uint64_t key);

#endif
