/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRAME_LOG_H
#define FRAME_LOG_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* frame_log - append the time and an event to @log, a buffer of @size bytes. */
static inline void __attribute__((format(printf, 4, 5)))
frame_log(char *log, size_t size, int64_t now_ms, const char *fmt, ...)
{
	size_t len = strlen(log);
	va_list ap;

	len += (size_t)snprintf(log + len, size - len, "%" PRId64 " ", now_ms);
	va_start(ap, fmt);
	vsnprintf(log + len, size - len, fmt, ap);
	va_end(ap);
}

#endif
