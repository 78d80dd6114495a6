/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RATE_TOKEN_BUCKET_H
#define CORE_RATE_TOKEN_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A token bucket, stored as one number: full_ms, the monotonic time in ms at which the bucket is
 * full again.  A bucket with full_ms 0 is full.  The owner of a bucket stores full_ms, and passes
 * the same rate to each call.
 */
struct token_rate {
	int64_t burst;       /* number of tokens of a full bucket */
	int64_t interval_ms; /* a token is added each interval_ms, until the bucket is full */
};

/* bucket_take - take @n tokens; false if the bucket has fewer tokens, and then take none. */
bool bucket_take(int64_t *full_ms, const struct token_rate *rate, int64_t n, int64_t now_ms);

/*
 * bucket_reserve - take @n tokens, even if the bucket has to fill first.  Returns how long the
 * caller must wait until the bucket contains the tokens, in ms; 0: it contains them now.
 */
int64_t bucket_reserve(int64_t *full_ms, const struct token_rate *rate, int64_t n, int64_t now_ms);

/* bucket_used - the number of tokens that the bucket lacks, rounded up. */
int64_t bucket_used(int64_t full_ms, const struct token_rate *rate, int64_t now_ms);

#endif
