/* SPDX-License-Identifier: Apache-2.0 */
#include "util/log_out.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Enough for the buffers of a pipe (64 KiB), of a socket (200 KiB) and of the log together. */
#define LINES 60000

static struct ev_loop *loop;
static struct log_out out;
static int reader;
static FILE *in; /* the reader's end */

static void
report(uint64_t n)
{
	char line[64];

	log_out_write(&out, line, (size_t)sprintf(line, "dropped %llu\n", (unsigned long long)n));
}

static void
start(int fds[2])
{
	reader = fds[0];
	in = fdopen(reader, "r");
	loop = ev_loop_new(0);
	out = (struct log_out){ .fd = fds[1], .on_drained = report };
	log_out_start(&out, loop);
}

static int
start_pipe(void **state)
{
	int fds[2];

	(void)state;
	if (pipe(fds) < 0)
		return -1;
	start(fds);
	return 0;
}

/* A file descriptor that the process may not open again: write() only after poll(). */
static int
start_poll(void **state)
{
	if (start_pipe(state) < 0)
		return -1;
	log_out_stop(&out);
	out.mode = LOG_OUT_POLL;
	ev_io_set(&out.writable, out.fd, EV_WRITE);
	return 0;
}

static int
start_socket(void **state)
{
	int fds[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return -1;
	start(fds);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	log_out_stop(&out);
	close(out.fd);
	fclose(in);
	ev_loop_destroy(loop);
	return 0;
}

static void
write_number(unsigned int n)
{
	char line[64];

	log_out_write(&out, line, (size_t)sprintf(line, "line %u of many lines\n", n));
}

/*
 * Reads until nothing more arrives, and checks each line: the numbers grow by one, except after
 * the line "dropped".  Returns the next number, and adds to @ret_dropped.
 */
static unsigned int
read_lines(unsigned int next, unsigned int *ret_dropped)
{
	char line[64];
	unsigned int n;

	fcntl(reader, F_SETFL, O_NONBLOCK);
	for (int idle = 0; idle < 3; idle++) {
		ev_run(loop, EVRUN_NOWAIT);
		for (; fgets(line, sizeof(line), in); idle = 0) {
			assert_non_null(strchr(line, '\n'));
			if (sscanf(line, "dropped %u", &n) == 1) {
				*ret_dropped += n;
				next += n;
				continue;
			}
			assert_int_equal(sscanf(line, "line %u of many lines", &n), 1);
			assert_int_equal(n, next);
			next++;
			ev_run(loop, EVRUN_NOWAIT);
		}
		clearerr(in);
	}
	return next;
}

static void
a_reader_that_stops_blocks_nothing_and_learns_how_many_lines_it_lost(void **state)
{
	unsigned int next, dropped = 0;

	(void)state;
	alarm(20); /* a write that waits for the reader would wait for ever */
	for (unsigned int i = 0; i < LINES; i++)
		write_number(i);
	assert_true(out.n_dropped > LINES / 10);
	assert_true(out.n_dropped < LINES);
	next = read_lines(0, &dropped);
	assert_int_equal(next, LINES);
	assert_int_equal(dropped, out.n_dropped);
	write_number(LINES);
	assert_int_equal(read_lines(next, &dropped), LINES + 1);
	assert_int_equal(dropped, out.n_dropped);
	assert_null(out.waiting);
	alarm(0);
}

static void
a_line_longer_than_the_pipes_buffer_arrives_whole(void **state)
{
	static char line[LOG_OUT_BYTES - 5000], got[LOG_OUT_BYTES];
	size_t n = 0;

	(void)state;
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	alarm(20);
	write_number(0);
	log_out_write(&out, line, sizeof(line));
	log_out_write(&out, line, sizeof(line));
	fcntl(reader, F_SETFL, O_NONBLOCK);
	assert_non_null(fgets(got, sizeof(got), in));
	for (int turns = 0; turns < 100 && n < 2; turns++) {
		if (fgets(got + strlen(got) * !strchr(got, '\n'), sizeof(got), in) &&
		    strchr(got, '\n')) {
			assert_memory_equal(got, line, sizeof(line));
			n++;
		}
		clearerr(in);
		ev_run(loop, EVRUN_NOWAIT);
	}
	assert_int_equal(n, 2);
	assert_int_equal(out.n_dropped, 0);
	alarm(0);
}

static void
the_file_description_that_others_share_still_blocks(void **state)
{
	(void)state;
	assert_int_equal(out.mode, LOG_OUT_NONBLOCK);
	assert_int_not_equal(out.fd, out.shared_fd);
	assert_int_equal(fcntl(out.shared_fd, F_GETFL) & O_NONBLOCK, 0);
}

static void
a_reader_that_has_closed_the_pipe_ends_the_wait(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < LINES; i++)
		write_number(i);
	assert_non_null(out.waiting);
	close(reader);
	for (int i = 0; i < 3; i++)
		ev_run(loop, EVRUN_NOWAIT);
	assert_null(out.waiting);
	assert_false(ev_is_active(&out.writable));
}

#define TEST(function, start) cmocka_unit_test_setup_teardown(function, start, end)

int
main(void)
{
	const struct CMUnitTest pipe_tests[] = {
		TEST(a_reader_that_stops_blocks_nothing_and_learns_how_many_lines_it_lost,
		    start_pipe),
		TEST(a_line_longer_than_the_pipes_buffer_arrives_whole, start_pipe),
		TEST(the_file_description_that_others_share_still_blocks, start_pipe),
		TEST(a_reader_that_has_closed_the_pipe_ends_the_wait, start_pipe),
	};
	const struct CMUnitTest poll_tests[] = {
		TEST(a_reader_that_stops_blocks_nothing_and_learns_how_many_lines_it_lost,
		    start_poll),
	};
	const struct CMUnitTest socket_tests[] = {
		TEST(a_reader_that_stops_blocks_nothing_and_learns_how_many_lines_it_lost,
		    start_socket),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("pipe", pipe_tests, NULL, NULL) +
	    cmocka_run_group_tests_name("poll", poll_tests, NULL, NULL) +
	    cmocka_run_group_tests_name("socket", socket_tests, NULL, NULL);
}
