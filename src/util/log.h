/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The order of the names that --log-level and --log-format take. */
enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

enum log_format {
	LOG_FORMAT_TEXT, /* 2026-01-02T03:04:05.678Z INFO  message key=value key="a value" */
	LOG_FORMAT_JSON, /* one object a line: time, level, msg, and the keys */
};

/* log_init - what is written from now on, and how.  Before: text, up to info. */
void log_init(enum log_level level, enum log_format format);

/*
 * log_error, log_warn, log_info, log_debug - one line to standard error: a message, then pairs
 * of key and value, then NULL:
 *
 *	log_info("address allocated", "service", name, "ip", ip, NULL);
 *
 * Messages and keys are literals of ours.  Values may be anybody's: they are escaped, so that one
 * call is one line and nothing in it reaches a terminal as a control sequence.  A value that is
 * NULL drops its pair.  A line like the one before it within 10 s is counted, not written.
 */
#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)
void log_write(enum log_level level, const char *msg, ...) __attribute__((sentinel));

/* What log_write makes a line from; here for its test. */
struct log_pair {
	const char *key, *value;
};

/* log_body - the line but for its time and its ends, in @format, to @out. */
void log_body(FILE *out, enum log_format format, enum log_level level, const char *msg,
    const struct log_pair *pairs, size_t n);

#endif
