/* SPDX-License-Identifier: Apache-2.0 */
#include "backoff.h"

int64_t
backoff_next_ms(int64_t pause_ms, int64_t first_ms, int64_t cap_ms)
{
	int64_t next_ms = pause_ms ? pause_ms * 2 : first_ms;

	return next_ms < cap_ms ? next_ms : cap_ms;
}

int64_t
backoff_ms(int64_t first_ms, int64_t cap_ms, unsigned int failures, uint32_t random)
{
	int64_t pause_ms = first_ms;

	for (; failures > 1 && pause_ms < cap_ms; failures--)
		pause_ms = backoff_next_ms(pause_ms, first_ms, cap_ms);
	return pause_ms + (int64_t)(random % (uint64_t)(pause_ms / 4 + 1));
}
