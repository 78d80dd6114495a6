/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UTIL_CLOCK_H
#define UTIL_CLOCK_H

#include <stdint.h>
#include <time.h>

/*
 * No other file of src reads a clock.  src/core calls none of these functions: callers pass the
 * time to the functions of src/core.
 */

/*
 * clock_ms - read the monotonic clock, in ms.  CLOCK_BOOTTIME also advances while the machine
 * sleeps, because Leases, peers' dead times and connections to the API server expire during this
 * sleep, too.
 */
static inline int64_t
clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

/* clock_us - read the same clock as clock_ms(), in microseconds. */
static inline int64_t
clock_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
}

/* clock_wall_us - read the wall clock, in microseconds since 1970. */
static inline int64_t
clock_wall_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
}

/* clock_cpu_us - read the CPU time that this process has used, in microseconds. */
static inline int64_t
clock_cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
}

/* clock_wall_s - read the wall clock, in seconds since 1970. */
static inline int64_t
clock_wall_s(void)
{
	return clock_wall_us() / 1000000;
}

#endif
