/* SPDX-License-Identifier: Apache-2.0 */
#include "event_correlator.h"
#include "arplet/arena.h"
#include "rate_table.h"
#include "token_bucket.h"

#include <stdlib.h>

#define WINDOW_S 600   /* client-go: defaultAggregateIntervalInSeconds */
#define SIMILAR_MAX 10 /* client-go: defaultAggregateMaxEvents */
#define FIRST_EVENTS 4 /* Events of an object that cost its namespace one token each */
#define REPEAT_TOKENS 20

/* client-go: defaultSpamBurst, defaultSpamQPS */
static const struct token_rate object_rate = { .burst = 25, .interval_ms = 300000 };
static const struct token_rate namespace_rate = { .burst = 3000, .interval_ms = 200 };
static const struct token_rate daemon_rate = { .burst = 6000, .interval_ms = 100 };

/*
 * The table has four kinds of records.  For an Event: n is the count, value and serial are the time
 * and the number in the Event's name, and value is 0 if the Event was not created.  For similar
 * Events: n is the number of different messages.  For an object and a namespace: value is a bucket.
 */
struct event_correlator {
	struct rate_table *table;
	int64_t daemon_full_ms;
};

struct event_correlator *
event_correlator_new(uint32_t seed)
{
	struct event_correlator *correlator = xcalloc(1, sizeof(*correlator));

	correlator->table = rate_table_new(seed);
	return correlator;
}

void
event_correlator_free(struct event_correlator *correlator)
{
	if (!correlator)
		return;
	rate_table_free(correlator->table);
	free(correlator);
}

/* Returns the record of @key; a record that was not used for WINDOW_S is as good as new. */
static struct rate_record *
windowed(struct event_correlator *correlator, uint64_t key, int64_t now_ms)
{
	struct rate_record *record = rate_table_find(correlator->table, key);

	if (record && now_ms / 1000 - record->used_s > WINDOW_S)
		*record = (struct rate_record){ .key = key };
	return rate_table_get(correlator->table, key, now_ms);
}

static uint64_t
event_key(const struct event_correlator *correlator, const struct correlated_event *event,
    const char *message)
{
	const char *parts[] = { event->kind, event->ns, event->name, event->uid,
		event->warning ? "Warning" : "Normal", event->reason, message };

	return rate_key(correlator->table, parts, sizeof(parts) / sizeof(parts[0]));
}

/* Counts a message that is not known yet; true if its Event must be combined with similar ones. */
static bool
combines(struct event_correlator *correlator, const struct correlated_event *event, int64_t now_ms)
{
	const char *parts[] = { "similar", event->kind, event->ns, event->name, event->uid,
		event->warning ? "Warning" : "Normal", event->reason };
	uint64_t key = rate_key(correlator->table, parts, sizeof(parts) / sizeof(parts[0]));
	struct rate_record *similar = windowed(correlator, key, now_ms);
	struct rate_record *same = rate_table_find(correlator->table,
	    event_key(correlator, event, event->message));

	if (similar->n >= SIMILAR_MAX)
		return true;
	similar->n += !same || now_ms / 1000 - same->used_s > WINDOW_S;
	return false;
}

/* Takes the tokens of an Event from all buckets; false if one of the buckets has too few. */
static bool
may_write(struct event_correlator *correlator, const struct correlated_event *event, int64_t now_ms)
{
	const char *object[] = { "object", event->kind, event->ns, event->name, event->uid };
	const char *all[] = { "namespace", event->ns };
	struct rate_record *bucket;
	int64_t used;

	bucket = rate_table_get(correlator->table, rate_key(correlator->table, object, 5), now_ms);
	used = bucket_used(bucket->value, &object_rate, now_ms);
	if (!bucket_take(&bucket->value, &object_rate, 1, now_ms))
		return false;
	bucket = rate_table_get(correlator->table, rate_key(correlator->table, all, 2), now_ms);
	if (!bucket_take(&bucket->value, &namespace_rate, used < FIRST_EVENTS ? 1 : REPEAT_TOKENS,
		now_ms))
		return false;
	return bucket_take(&correlator->daemon_full_ms, &daemon_rate, 1, now_ms);
}

struct event_fate
event_correlate(struct event_correlator *correlator, const struct correlated_event *event,
    int64_t now_ms, int64_t now_us, uint32_t serial)
{
	bool combined = combines(correlator, event, now_ms);
	struct event_fate fate = { .combined = combined,
		.id = event_key(correlator, event, combined ? EVENT_COMBINED : event->message) };
	bool may = may_write(correlator, event, now_ms);
	struct rate_record *record = windowed(correlator, fate.id, now_ms);

	record->n += record->n < UINT16_MAX;
	fate.count = record->n;
	if (!may) {
		fate.verdict = EVENT_DROP;
		return fate;
	}
	fate.verdict = record->value ? EVENT_UPDATE : EVENT_CREATE;
	if (fate.verdict == EVENT_CREATE) {
		record->value = now_us;
		record->serial = (uint16_t)serial;
	}
	fate.first_us = record->value;
	fate.serial = record->serial;
	return fate;
}

void
event_correlator_forget(struct event_correlator *correlator, uint64_t id)
{
	struct rate_record *record = rate_table_find(correlator->table, id);

	if (record)
		record->value = 0;
}
