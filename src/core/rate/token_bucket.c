/* SPDX-License-Identifier: Apache-2.0 */
#include "token_bucket.h"

/*
 * This is the generic cell rate algorithm (ITU-T I.371) in the form of a virtual schedule: full_ms
 * is its theoretical arrival time.
 */

static int64_t
full_after(int64_t full_ms, const struct token_rate *rate, int64_t n, int64_t now_ms)
{
	return (full_ms > now_ms ? full_ms : now_ms) + n * rate->interval_ms;
}

bool
bucket_take(int64_t *full_ms, const struct token_rate *rate, int64_t n, int64_t now_ms)
{
	int64_t after_ms = full_after(*full_ms, rate, n, now_ms);

	if (after_ms - now_ms > rate->burst * rate->interval_ms)
		return false;
	*full_ms = after_ms;
	return true;
}

int64_t
bucket_reserve(int64_t *full_ms, const struct token_rate *rate, int64_t n, int64_t now_ms)
{
	int64_t wait_ms;

	*full_ms = full_after(*full_ms, rate, n, now_ms);
	wait_ms = *full_ms - now_ms - rate->burst * rate->interval_ms;
	return wait_ms > 0 ? wait_ms : 0;
}

int64_t
bucket_used(int64_t full_ms, const struct token_rate *rate, int64_t now_ms)
{
	return full_ms > now_ms ? (full_ms - now_ms + rate->interval_ms - 1) / rate->interval_ms : 0;
}
