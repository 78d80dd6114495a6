/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BACKOFF_H
#define CORE_BACKOFF_H

#include <stdint.h>

/* backoff_next_ms - double @pause_ms, up to @cap_ms; 0 becomes @first_ms. */
int64_t backoff_next_ms(int64_t pause_ms, int64_t first_ms, int64_t cap_ms);

/*
 * backoff_ms - compute the pause after @failures failures in a row.
 *
 * The pause is @first_ms after the first failure, doubles with each further failure up to @cap_ms,
 * and grows by up to a quarter of itself, by @random.  Clients that fail at the same moment must
 * not retry at the same moment.  The jitter is added, like in client-go's wait.Jitter(), so that no
 * pause is shorter than @first_ms.
 */
int64_t backoff_ms(int64_t first_ms, int64_t cap_ms, unsigned int failures, uint32_t random);

#endif
