/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "clock.h"
#include "log.h"
#include "log_out.h"
#include "printable.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAIRS_MAX       16
#define TEXT_MAX_BYTES 1024 /* longest message or value in a line; "..." replaces the rest */
#define REPEAT_MS       10000

static const char *const level_names[] = { "error", "warn", "info", "debug" };
static const char *const level_labels[] = { "ERROR", "WARN ", "INFO ", "DEBUG" };

static struct {
	enum log_level level;
	enum log_format format;
	char *last; /* the body of the last line, see log_body() */
	int64_t last_ms; /* wall clock */
	unsigned int n_repeats; /* of the last line */
	struct log_out out;
} logger = { .level = LOG_LEVEL_INFO, .out = { .fd = STDERR_FILENO } };

void
log_init(enum log_level level, enum log_format format)
{
	logger.level = level;
	logger.format = format;
}

/*
 * Write one escaped byte.  JSON has no escape \x, so a byte that is not part of a UTF-8 character
 * becomes U+FFFD.
 */
static void
put_escaped(FILE *out, enum log_format format, unsigned char c)
{
	if (c == '"' || c == '\\')
		fprintf(out, "\\%c", c);
	else if (c == '\n')
		fputs("\\n", out);
	else if (c == '\t')
		fputs("\\t", out);
	else if (format == LOG_FORMAT_TEXT)
		fprintf(out, "\\x%02x", c);
	else if (c < 0x80)
		fprintf(out, "\\u%04x", c);
	else
		fputs("\\ufffd", out);
}

/* Write @text; escape the characters of @special and those that are not printable. */
static void
put_text(FILE *out, enum log_format format, const char *text, const char *special)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = strnlen(text, TEXT_MAX_BYTES + 1), len;
	bool cut = n > TEXT_MAX_BYTES;

	if (cut)
		n = TEXT_MAX_BYTES;
	for (; n; s += len, n -= len) {
		len = strchr(special, *s) ? 0 : printable_len(s, n);
		if (len)
			fwrite(s, 1, len, out);
		else
			put_escaped(out, format, *s);
		len = len ? len : 1;
	}
	fputs(cut ? "..." : "", out);
}

static void
put_quoted(FILE *out, enum log_format format, const char *text)
{
	fputc('"', out);
	put_text(out, format, text, "\"\\");
	fputc('"', out);
}

/* True if @text needs no quotes in LOG_FORMAT_TEXT. */
static bool
is_plain(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				"-_.:/,@%+#[]()<>");

	return n && !text[n] && n <= TEXT_MAX_BYTES;
}

void
log_body(FILE *out, enum log_format format, enum log_level level, const char *msg,
    const struct log_pair *pairs, size_t n)
{
	if (format == LOG_FORMAT_JSON) {
		fprintf(out, "\"level\":\"%s\",\"msg\":", level_names[level]);
		put_quoted(out, format, msg);
	} else {
		fprintf(out, "%s ", level_labels[level]);
		put_text(out, format, msg, "");
	}
	for (size_t i = 0; i < n; i++) {
		fprintf(out, format == LOG_FORMAT_JSON ? ",\"%s\":" : " %s=", pairs[i].key);
		if (format == LOG_FORMAT_TEXT && is_plain(pairs[i].value))
			fputs(pairs[i].value, out);
		else
			put_quoted(out, format, pairs[i].value);
	}
}

/* Write the line with a single write(), so that lines of several processes do not mix. */
static void
write_line(int64_t now_ms, const char *body)
{
	time_t now_s = (time_t)(now_ms / 1000);
	char stamp[32], *line;
	bool json = logger.format == LOG_FORMAT_JSON;
	struct tm tm;
	int len;

	gmtime_r(&now_s, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm);
	len = asprintf(&line, json ? "{\"time\":\"%s.%03dZ\",%s}\n" : "%s.%03dZ %s\n", stamp,
	    (int)(now_ms % 1000), body);
	if (len < 0)
		abort();
	log_out_write(&logger.out, line, (size_t)len);
	free(line);
}

/* log_body() into a new string, malloc'd. */
static char *
make_body(enum log_level level, const char *msg, const struct log_pair *pairs, size_t n)
{
	char *body = NULL;
	size_t size;
	FILE *out = open_memstream(&body, &size);

	if (!out)
		abort();
	log_body(out, logger.format, level, msg, pairs, n);
	if (fclose(out) != 0)
		abort();
	return body;
}

/* Write a line that reports a count of log lines. */
static void
write_count(int64_t now_ms, enum log_level level, const char *msg, const char *key, uint64_t n)
{
	char text[24], *body;

	snprintf(text, sizeof(text), "%" PRIu64, n);
	body = make_body(level, msg, &(struct log_pair){ key, text }, 1);
	write_line(now_ms, body);
	free(body);
}

/* Report how often the last line was repeated. */
static void
flush_repeats(int64_t now_ms)
{
	if (logger.n_repeats)
		write_count(now_ms, LOG_LEVEL_INFO, "the last line was repeated", "times",
		    logger.n_repeats);
	logger.n_repeats = 0;
}

static void
report_dropped(uint64_t n)
{
	write_count(clock_wall_us() / 1000, LOG_LEVEL_WARN,
	    "the reader of the log did not read, so lines of the log were dropped", "lines", n);
}

void
log_start(struct ev_loop *loop)
{
	logger.out.on_drained = report_dropped;
	log_out_start(&logger.out, loop);
}

void
log_stop(void)
{
	log_out_stop(&logger.out);
}

uint64_t
log_dropped(void)
{
	return logger.out.n_dropped;
}

void
log_write(enum log_level level, const char *msg, ...)
{
	struct log_pair pairs[PAIRS_MAX];
	int64_t now_ms;
	size_t n = 0;
	char *body;
	va_list ap;

	if (level > logger.level)
		return;
	va_start(ap, msg);
	while (n < PAIRS_MAX && (pairs[n].key = va_arg(ap, const char *))) {
		pairs[n].value = va_arg(ap, const char *);
		if (pairs[n].value)
			n++;
	}
	va_end(ap);
	now_ms = clock_wall_us() / 1000;
	body = make_body(level, msg, pairs, n);
	if (logger.last && strcmp(body, logger.last) == 0 && now_ms >= logger.last_ms &&
	    now_ms < logger.last_ms + REPEAT_MS) {
		logger.n_repeats++;
		free(body);
		return;
	}
	flush_repeats(now_ms);
	write_line(now_ms, body);
	free(logger.last);
	logger.last = body;
	logger.last_ms = now_ms;
}
