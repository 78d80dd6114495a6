/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UTIL_LOG_H
#define UTIL_LOG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The values of both enums are in the order in which options.c lists the arguments of --log-level
 * and --log-format.
 */
enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

enum log_format {
	LOG_FORMAT_TEXT, /* 2026-01-02T03:04:05.678Z INFO  message key=value key="a value" */
	LOG_FORMAT_JSON, /* one JSON object per line, with time, level, msg and the keys */
};

/*
 * log_init - set the level and the format of the log.  Before the first call: LOG_LEVEL_INFO,
 * LOG_FORMAT_TEXT.
 */
void log_init(enum log_level level, enum log_format format);

struct ev_loop;

/*
 * log_start - from now on, never wait for the reader of standard error, which may be a pipe that
 * nobody reads.  The daemon calls this function: while it waits for a reader, it would send no
 * hello.  Lines that the reader does not read in time are dropped, and one line reports their
 * number once the reader reads again.  The dry run does not call log_start(), and loses no line.
 */
void log_start(struct ev_loop *loop);

/* log_stop - write the lines that still wait, for at most 100 ms; before ev_loop_destroy(). */
void log_stop(void);

/* log_dropped - number of lines that were dropped since log_start(). */
uint64_t log_dropped(void);

/*
 * log_error, log_warn, log_info, log_debug - write one line to standard error.  The arguments are a
 * message, then pairs of key and value, then NULL:
 *
 * 	log_info("address allocated", "service", name, "ip", ip, NULL);
 *
 * Messages and values may contain text from the API or the LAN: the log escapes control characters,
 * so that one call writes one line, and no text can control a terminal.  Keys are literals.  If the
 * value of a key is NULL, the line does not contain the key.  If a line repeats the previous line
 * within 10 s, the log only counts the line, and does not write it.
 */
#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)
void log_write(enum log_level level, const char *msg, ...) __attribute__((sentinel));

/* struct log_pair and log_body() are public for the unit test. */
struct log_pair {
	const char *key, *value;
};

/* log_body - write a log line to @out, in @format, but without time, braces and line feed. */
void log_body(FILE *out, enum log_format format, enum log_level level, const char *msg,
    const struct log_pair *pairs, size_t n);

#endif
