/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_MONO_H
#define K8S_MONO_H

#include <stdint.h>
#include <time.h>

/*
 * mono_ms - what silences, lives and pauses are measured by; it stands still while the host sleeps.
 */
static inline int64_t
mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

#endif
