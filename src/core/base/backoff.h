/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_BACKOFF_H
#define CORE_BASE_BACKOFF_H

#include <stdint.h>

/* backoff_next_ms - double @pause_ms, up to @cap_ms; 0 becomes @first_ms. */
int64_t backoff_next_ms(int64_t pause_ms, int64_t first_ms, int64_t cap_ms);

/*
 * backoff_ms - compute the pause before a retry, after @failures failures in a row.
 *
 * The pause is @first_ms after the first failure, and doubles with each further failure up to
 * @cap_ms.  @random lengthens the pause by up to a quarter, so that clients that fail at the same
 * moment retry at different moments.  The jitter only lengthens the pause, as in client-go's
 * wait.Jitter(), so no pause is shorter than @first_ms.
 */
int64_t backoff_ms(int64_t first_ms, int64_t cap_ms, unsigned int failures, uint32_t random);

#endif
