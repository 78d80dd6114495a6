/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RATE_EVENT_CORRELATOR_H
#define CORE_RATE_EVENT_CORRELATOR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Decides what becomes of an Event, as client-go's EventCorrelator does
 * (k8s.io/client-go/tools/record/events_cache.go):
 *
 *  - An Event that repeats an Event of the last 10 minutes, with the same object, type, reason and
 *    message, is not created again: the count of the first Event grows.
 *  - After 10 Events with the same object, type and reason, but different messages, all further ones
 *    are combined into one Event until 10 minutes pass without such an Event.
 *  - An object has a bucket of 25 Events, to which one Event is added every 5 minutes.
 *
 * client-go has no limit for all objects together.  arplet has two:
 *
 *  - A namespace has a bucket of 3,000 tokens, to which 5 tokens are added each second.  Each of the
 *    first 4 Events of an object takes one token, and each further Event 20 tokens.  So 1,000
 *    Services that get their addresses at once lose no Event.
 *  - A daemon has a bucket of 6,000 Events, to which 10 Events are added each second.
 *
 * A dropped Event still counts: the next Event that is written for it has the whole count.
 */
struct event_correlator;

/* An Event: the object that the Event is about, and the text of the Event. */
struct correlated_event {
	const char *kind, *ns, *name, *uid; /* of the object; "" if unknown */
	const char *reason, *message;
	bool warning;
};

enum event_verdict {
	EVENT_CREATE, /* create an Event */
	EVENT_UPDATE, /* change count and lastTimestamp of an Event that this daemon created */
	EVENT_DROP,   /* write nothing */
};

/* What to write. */
struct event_fate {
	enum event_verdict verdict;
	bool combined;    /* the message must begin with EVENT_COMBINED */
	uint32_t count;
	int64_t first_us; /* wall clock of the create; part of the Event's name */
	uint16_t serial;  /* part of the Event's name */
	uint64_t id;      /* for event_correlator_forget() */
};

#define EVENT_COMBINED "(combined from similar events): "

/* event_correlator_new - @seed: a random number of this process.  The caller frees the result. */
struct event_correlator *event_correlator_new(uint32_t seed);
void event_correlator_free(struct event_correlator *correlator); /* NULL is fine */

/*
 * event_correlate - count @event, and decide what to write.  @now_ms: monotonic time.  @now_us: wall
 * clock, and @serial: a number that grows, for the name of a new Event.
 */
struct event_fate event_correlate(struct event_correlator *correlator,
    const struct correlated_event *event, int64_t now_ms, int64_t now_us, uint32_t serial);

/* event_correlator_forget - note that the Event with this id does not exist in the API any more. */
void event_correlator_forget(struct event_correlator *correlator, uint64_t id);

#endif
