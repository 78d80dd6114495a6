/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "log_out.h"

#include "arplet/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAST_WAIT_MS 100

/* Returns a new file description of the pipe or terminal @fd, or a negative errno. */
static int
reopen(int fd)
{
	char path[32];
	int rc;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rc = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return rc < 0 ? -errno : rc;
}

/*
 * Write at most @len bytes, and return their number, or a negative errno.  In mode LOG_OUT_POLL, a
 * write of at most PIPE_BUF bytes does not wait after poll() has returned POLLOUT (pipe(7)), unless
 * another process fills the pipe between the two calls.
 */
static ssize_t
put(const struct log_out *out, const char *bytes, size_t len)
{
	struct pollfd poll_fd = { .fd = out->fd, .events = POLLOUT };
	ssize_t n;

	if (out->mode == LOG_OUT_SOCKET) {
		n = send(out->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
		return n < 0 ? -errno : n;
	}
	if (out->mode == LOG_OUT_POLL) {
		if (poll(&poll_fd, 1, 0) == 0)
			return -EAGAIN;
		len = len > PIPE_BUF ? PIPE_BUF : len;
	}
	n = write(out->fd, bytes, len);
	return n < 0 ? -errno : n;
}

static void
drop_waiting(struct log_out *out)
{
	free(out->waiting);
	out->waiting = NULL;
	out->begin = out->end = 0;
	ev_io_stop(out->loop, &out->writable);
}

/*
 * Write the lines that wait.  If the file has failed, for example because the reader has closed the
 * pipe, nobody can read the lines, and they are dropped without a report.
 */
static void
flush(struct log_out *out)
{
	ssize_t n = 0;

	while (out->begin < out->end && n >= 0) {
		n = put(out, out->waiting + out->begin, out->end - out->begin);
		out->begin += n > 0 ? (size_t)n : 0;
	}
	if (n != -EAGAIN && n != -EINTR)
		drop_waiting(out);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct log_out *out = w->data;
	uint64_t n = out->n_unreported;

	(void)loop, (void)revents;
	flush(out);
	if (out->waiting || !n)
		return;
	out->n_unreported = 0;
	out->on_drained(n);
}

/* Count a dropped line.  on_writable() reports the line, even if no line waits. */
static void
drop(struct log_out *out)
{
	out->n_unreported++;
	out->n_dropped++;
	ev_io_start(out->loop, &out->writable);
}

/* Keep @len bytes, of which all or none fit: no line is cut. */
static bool
keep(struct log_out *out, const char *bytes, size_t len)
{
	size_t n = out->end - out->begin;

	if (n + len > LOG_OUT_BYTES)
		return false;
	if (!out->waiting)
		out->waiting = xcalloc(1, LOG_OUT_BYTES);
	memmove(out->waiting, out->waiting + out->begin, n);
	memcpy(out->waiting + n, bytes, len);
	out->begin = 0;
	out->end = n + len;
	ev_io_start(out->loop, &out->writable);
	return true;
}

void
log_out_write(struct log_out *out, const char *line, size_t len)
{
	size_t sent = 0;
	ssize_t n = 0;

	if (out->mode == LOG_OUT_WAIT) {
		if (write(out->fd, line, len) < 0) {
			/* standard error is closed, so this error cannot be reported */
		}
		return;
	}
	if (out->n_unreported || len > LOG_OUT_BYTES) {
		drop(out);
		return;
	}
	while (!out->waiting && sent < len && n >= 0) {
		n = put(out, line + sent, len - sent);
		sent += n > 0 ? (size_t)n : 0;
	}
	if (sent == len || (n < 0 && n != -EAGAIN && n != -EINTR))
		return;
	if (!keep(out, line + sent, len - sent))
		drop(out);
}

void
log_out_start(struct log_out *out, struct ev_loop *loop)
{
	struct stat st;
	int fd;

	out->loop = loop;
	out->shared_fd = out->fd;
	if (fstat(out->fd, &st) < 0)
		return;
	if (S_ISSOCK(st.st_mode)) {
		out->mode = LOG_OUT_SOCKET;
	} else if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)) {
		fd = reopen(out->fd);
		out->mode = fd < 0 ? LOG_OUT_POLL : LOG_OUT_NONBLOCK;
		out->fd = fd < 0 ? out->fd : fd;
	} else {
		return; /* a regular file has no reader to wait for */
	}
	ev_io_init(&out->writable, on_writable, out->fd, EV_WRITE);
	out->writable.data = out;
}

void
log_out_stop(struct log_out *out)
{
	struct pollfd poll_fd = { .fd = out->fd, .events = POLLOUT };

	if (out->mode == LOG_OUT_WAIT)
		return;
	if (out->waiting && poll(&poll_fd, 1, LAST_WAIT_MS) == 1)
		on_writable(out->loop, &out->writable, EV_WRITE);
	drop_waiting(out);
	if (out->mode == LOG_OUT_NONBLOCK) {
		close(out->fd);
		out->fd = out->shared_fd;
	}
	out->mode = LOG_OUT_WAIT;
}
