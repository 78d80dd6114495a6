/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_LOG_H
#define LAN_LOG_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * lan_log - add to the text in @log, which has room for @size bytes: the time, and what happened.
 */
static inline void __attribute__((format(printf, 4, 5)))
lan_log(char *log, size_t size, int64_t now_ms, const char *fmt, ...)
{
	size_t len = strlen(log);
	va_list ap;

	len += (size_t)snprintf(log + len, size - len, "%" PRId64 " ", now_ms);
	va_start(ap, fmt);
	vsnprintf(log + len, size - len, fmt, ap);
	va_end(ap);
}

#endif
