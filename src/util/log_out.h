/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UTIL_LOG_OUT_H
#define UTIL_LOG_OUT_H

#include <ev.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of log lines that wait for a reader: enough for a burst while the reader is busy. */
#define LOG_OUT_BYTES 65536

/*
 * The file that the log is written to.  After log_out_start(), no write waits for the reader of the
 * file: lines wait in a buffer of LOG_OUT_BYTES, and lines that do not fit are dropped and counted.
 */
struct log_out {
	int fd;        /* the file */
	int shared_fd; /* @fd before log_out_start() */
	enum {
		LOG_OUT_WAIT,     /* write() may wait for the reader: before log_out_start() */
		LOG_OUT_NONBLOCK, /* @fd is a file description of its own, with O_NONBLOCK */
		LOG_OUT_SOCKET,   /* send() with MSG_DONTWAIT */
		LOG_OUT_POLL,     /* write() after poll() */
	} mode;
	struct ev_loop *loop;
	ev_io writable; /* active while lines wait */
	char *waiting;  /* the lines that wait: bytes @begin to @end; NULL: none */
	size_t begin, end;
	uint64_t n_dropped;   /* lines dropped since log_out_start() */
	uint64_t n_unreported; /* dropped lines that on_drained() has not reported yet */
	/*
	 * Called when no line waits any more, after lines were dropped; it writes a line that
	 * reports @n lines as dropped.
	 */
	void (*on_drained)(uint64_t n);
};

/*
 * log_out_start - from now on, write to @out->fd without waiting for its reader.  The caller sets
 * on_drained before.  If the file is a pipe or a terminal, @out gets a file description of its own:
 * O_NONBLOCK on the shared one would also change the writes of other processes.
 */
void log_out_start(struct log_out *out, struct ev_loop *loop);

/*
 * log_out_write - write one whole line, or drop the line and count it.  While dropped lines are
 * not reported, each further line is dropped too, so that the report stands at their place.
 */
void log_out_write(struct log_out *out, const char *line, size_t len);

/*
 * log_out_stop - give the lines that still wait a last 100 ms to leave, and return to writes that
 * may wait.  Needed before the event loop is destroyed.
 */
void log_out_stop(struct log_out *out);

#endif
