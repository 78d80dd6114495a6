/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/http_server.h"
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <ev.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
	struct ev_loop *loop;
	struct httpd *http;
	const char *unhealthy, *unready;
	int n_values; /* values on the page /metrics */
	int n_pages;  /* pages /metrics that were rendered */
} server = { .n_values = 1 };

static const char *
unhealthy(void *arg)
{
	(void)arg;
	return server.unhealthy;
}

static const char *
unready(void *arg)
{
	(void)arg;
	return server.unready;
}

static void
metrics(void *arg, struct metrics *m)
{
	(void)arg;
	for (int i = 0; i < server.n_values; i++)
		metric(m, METRIC_IS_ALLOCATOR, 1);
	server.n_pages++;
}

static const struct http_pages pages = { unhealthy, unready, metrics, NULL };
static const struct ip_port loopback = { { IPV4, { 127, 0, 0, 1 } }, 0 };

static int
start(void)
{
	server.loop = ev_loop_new(0);
	return httpd_new(server.loop, &loopback, &pages, &server.http, NULL);
}

static void
stop(void)
{
	httpd_free(server.http);
	ev_loop_destroy(server.loop);
}

static int
dial(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons(httpd_port(server.http)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	return fd;
}

/* Runs the server, and reads its response on @fd until the server closes the connection. */
static void
read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	for (int turns = 0; turns < 1000; turns++) {
		n = recv(fd, buf + len, size - len - 1, MSG_DONTWAIT);
		if (n == 0)
			break;
		if (n > 0)
			len += (size_t)n;
		else
			ev_run(server.loop, EVRUN_NOWAIT);
		if (n < 0)
			usleep(1000);
	}
	buf[len] = '\0';
	assert_int_equal(n, 0); /* the server closed the connection */
}

static const struct page_case {
	const char *name, *request;
	const char *unhealthy, *unready;
	const char *status, *text;
	const char *absent; /* a text that the response must not contain; NULL: none */
} cases[] = {
	{ "/healthz of a healthy daemon is ok",
	    "GET /healthz", .status = "200", .text = "\r\n\r\nok\n" },
	{ "/healthz of an unhealthy daemon has the reason",
	    "GET /healthz", .unhealthy = "the loop stands still",
	    .status = "503", .text = "\r\n\r\nthe loop stands still\n" },
	{ "/readyz does not depend on /healthz",
	    "GET /readyz", .unhealthy = "sick", .status = "200",
	    .text = "\r\n\r\nok\n" },
	{ "/readyz of a daemon that is not ready has the reason",
	    "GET /readyz", .unready = "Services are not read yet", .status = "503",
	    .text = "\r\n\r\nServices are not read yet\n" },
	{ "/metrics has the content type of Prometheus", "GET /metrics", .status = "200",
	    .text = "Content-Type: text/plain; version=0.0.4" },
	{ "/metrics has the values that the daemon adds", "GET /metrics", .status = "200",
	    .text = "\narplet_is_allocator 1\n" },
	{ "/metrics has the version", "GET /metrics", .status = "200",
	    .text = "\narplet_build_info{version=\"" },
	{ "/metrics has the resident memory", "GET /metrics", .status = "200",
	    .text = "\nprocess_resident_memory_bytes " },
	{ "a query is ignored", "GET /healthz?verbose", .status = "200", .text = "ok" },
	{ "the response to HEAD has no body",
	    "HEAD /healthz", .status = "200", .text = "Content-Length: 3",
	    .absent = "ok\n" },
	{ "an unknown page gets 404", "GET /", .status = "404", .text = "\n/metrics\n" },
	{ "POST gets 405", "POST /healthz", .status = "405", .text = "Allow: GET, HEAD" },
	{ "DELETE gets 405", "DELETE /metrics", .status = "405", .text = "Allow: GET, HEAD" },
};

static void
check_page(void **state)
{
	const struct page_case *c = *state;
	char buf[16384], request[256];
	int fd = dial();
	int len = snprintf(request, sizeof(request),
	    "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", c->request);

	server.unhealthy = c->unhealthy;
	server.unready = c->unready;
	assert_int_equal(send(fd, request, (size_t)len, 0), len);
	read_all(fd, buf, sizeof(buf));
	close(fd);
	assert_memory_equal(buf, "HTTP/1.1 ", 9);
	assert_memory_equal(buf + 9, c->status, 3);
	if (!strstr(buf, c->text) || (c->absent && strstr(buf, c->absent)))
		fail_msg("response: %s", buf);
}

static void
a_request_with_a_body_is_refused_before_the_body(void **state)
{
	static const char head[] = "POST /metrics HTTP/1.1\r\nHost: x\r\n"
				   "Content-Length: 1000000000\r\n\r\n";
	char buf[4096];
	int fd = dial();

	(void)state;
	assert_int_equal(send(fd, head, sizeof(head) - 1, 0), sizeof(head) - 1);
	read_all(fd, buf, sizeof(buf));
	close(fd);
	assert_memory_equal(buf, "HTTP/1.1 405", 12);
}

static void
a_request_that_is_not_http_is_refused(void **state)
{
	static const char junk[] = "\x16\x03\x01 hello\r\n\r\n";
	char buf[4096];
	int fd = dial();

	(void)state;
	assert_int_equal(send(fd, junk, sizeof(junk) - 1, 0), sizeof(junk) - 1);
	read_all(fd, buf, sizeof(buf));
	close(fd);
	assert_null(strstr(buf, " 200 "));
}

#define CLIENTS 200 /* more than the server's limit */

/* Connects from 127.0.0.@host, and sends the beginning of a request. */
static int
dial_slow(uint8_t host)
{
	struct sockaddr_in from = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0x7f000000u | host) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(httpd_port(server.http)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(send(fd, "GET /metr", 9, 0), 9);
	ev_run(server.loop, EVRUN_NOWAIT);
	return fd;
}

/* True if the server has closed the connection.  Closes @fd. */
static bool
was_closed(int fd)
{
	char byte;
	bool closed = recv(fd, &byte, 1, MSG_DONTWAIT) == 0;

	close(fd);
	return closed;
}

static size_t
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void
slow_clients_do_not_delay_a_probe(void **state)
{
	static int fds[CLIENTS];
	size_t n_fds = count_fds(), closed = 0;

	(void)state;
	for (size_t i = 0; i < CLIENTS; i++)
		fds[i] = dial_slow((uint8_t)(1 + i % 10));
	assert_in_range(count_fds() - n_fds - CLIENTS, 0, 80);
	check_page(&(void *){ (void *)&cases[0] });
	for (size_t i = 0; i < CLIENTS; i++)
		closed += was_closed(fds[i]);
	assert_in_range(closed, CLIENTS - 64, CLIENTS - 60);
}

static void
idle_clients_do_not_delay_a_probe(void **state)
{
	static int fds[CLIENTS];

	(void)state;
	for (size_t i = 0; i < CLIENTS; i++)
		fds[i] = dial();
	check_page(&(void *){ (void *)&cases[0] });
	for (size_t i = 0; i < CLIENTS; i++)
		close(fds[i]);
}

static void
a_busy_address_ends_its_own_oldest_connections(void **state)
{
	int patient[5], fds[CLIENTS], first = 0;

	(void)state;
	for (uint8_t i = 0; i < COUNT(patient); i++)
		patient[i] = dial_slow((uint8_t)(20 + i));
	for (size_t i = 0; i < CLIENTS; i++)
		fds[i] = dial_slow(3);
	for (size_t i = 0; i < COUNT(patient); i++)
		assert_false(was_closed(patient[i]));
	while (first < CLIENTS && was_closed(fds[first]))
		first++;
	assert_int_equal(first, CLIENTS - 32);
	for (size_t i = (size_t)first + 1; i < CLIENTS; i++)
		assert_false(was_closed(fds[i]));
}

static void
clients_that_do_not_read_share_a_page(void **state)
{
	static const char request[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
	int fds[30];

	(void)state;
	server.n_values = 30000; /* a page of 660 KB, which the buffers of the kernel do not hold */
	server.n_pages = 0;
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = dial();
		setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &(int){ 4096 }, sizeof(int));
		assert_int_equal(send(fds[i], request, sizeof(request) - 1, 0),
		    sizeof(request) - 1);
		ev_run(server.loop, EVRUN_NOWAIT);
		usleep(40000);
	}
	check_page(&(void *){ (void *)&cases[0] });
	assert_in_range(server.n_pages, 1, 3);
	for (size_t i = 0; i < COUNT(fds); i++)
		close(fds[i]);
	for (int i = 0; i < 100; i++)
		ev_run(server.loop, EVRUN_NOWAIT);
	server.n_values = 1;
}

static void
the_error_names_a_port_in_use(void **state)
{
	struct ip_port addr = loopback;
	struct httpd *second;
	struct err err;

	(void)state;
	addr.port = httpd_port(server.http);
	assert_int_equal(httpd_new(server.loop, &addr, &pages, &second, &err), -EADDRINUSE);
	assert_non_null(strstr(err.text, "cannot listen on 127.0.0.1 port "));
	assert_non_null(strstr(err.text, "in use"));
}

int
main(void)
{
	const struct CMUnitTest limits[] = {
		cmocka_unit_test(a_request_with_a_body_is_refused_before_the_body),
		cmocka_unit_test(a_request_that_is_not_http_is_refused),
		cmocka_unit_test(slow_clients_do_not_delay_a_probe),
		cmocka_unit_test(idle_clients_do_not_delay_a_probe),
		cmocka_unit_test(a_busy_address_ends_its_own_oldest_connections),
		cmocka_unit_test(clients_that_do_not_read_share_a_page),
		cmocka_unit_test(the_error_names_a_port_in_use),
	};
	int failed;

	if (start() < 0)
		return 1;
	failed = UNIT_TABLE("pages", cases, check_page) +
	    cmocka_run_group_tests_name("limits", limits, NULL, NULL);
	stop();
	return failed;
}
