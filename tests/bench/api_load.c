/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends HTTP requests to an API server on one HTTP/2 connection, and measures the time until all
 * have a response.  Benchmarks compare arplet with this minimal client.  At most IN-FLIGHT requests
 * are in flight at the same time.
 *
 *	api_load SERVER CA CERT KEY IN-FLIGHT [RATE] < REQUESTS
 *
 * Each line of REQUESTS is METHOD, PATH, CONTENT-TYPE and BODY, separated by tabs.  The program
 * reads all lines before it starts to measure.  With the argument RATE, the program sends at most
 * RATE requests per second, at regular intervals.  The program prints the measured time in seconds,
 * and exits with 1 if a request fails.
 */
#include <curl/curl.h>
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIELDS = 4, IN_FLIGHT_MAX = 256 };

struct request {
	char *field[FIELDS];
	char *url;
	struct curl_slist *headers;
};

static const char *server, *ca, *cert, *key;

static size_t
ignore_body(char *data, size_t size, size_t n, void *arg)
{
	(void)data;
	(void)arg;
	return size * n;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Parses a line into a request.  The request points into the line, so do not free the line. */
static void
parse(struct request *req, char *line)
{
	char header[200];

	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < FIELDS; i++) {
		req->field[i] = strsep(&line, "\t");
		if (req->field[i] == NULL)
			errx(2, "a line of REQUESTS needs method, path, content type and body");
	}
	if (asprintf(&req->url, "%s%s", server, req->field[1]) < 0)
		err(2, "asprintf");
	snprintf(header, sizeof(header), "Content-Type: %s", req->field[2]);
	req->headers = curl_slist_append(NULL, header);
}

static struct request *
read_requests(size_t *ret_n)
{
	struct request *all = NULL;
	size_t n = 0, capacity = 0, size = 0;
	char *line = NULL;

	while (getline(&line, &size, stdin) > 0) {
		if (n == capacity) {
			capacity = capacity ? 2 * capacity : 1024;
			all = reallocarray(all, capacity, sizeof(*all));
			if (all == NULL)
				err(2, "reallocarray");
		}
		parse(&all[n++], line);
		line = NULL;
		size = 0;
	}
	free(line);
	*ret_n = n;
	return all;
}

static CURL *
make_handle(void)
{
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		errx(2, "curl_easy_init failed");
	curl_easy_setopt(easy, CURLOPT_CAINFO, ca);
	curl_easy_setopt(easy, CURLOPT_SSLCERT, cert);
	curl_easy_setopt(easy, CURLOPT_SSLKEY, key);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L);
	return easy;
}

static void
send_request(CURLM *multi, CURL *easy, const struct request *req)
{
	curl_easy_setopt(easy, CURLOPT_URL, req->url);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, req->field[0]);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, req->headers);
	curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L); /* removes the previous request's body */
	if (req->field[3][0] != '\0')
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, req->field[3]);
	curl_multi_add_handle(multi, easy);
}

static bool
has_succeeded(const CURLMsg *msg)
{
	long status = 0;

	curl_easy_getinfo(msg->easy_handle, CURLINFO_RESPONSE_CODE, &status);
	if (msg->data.result != CURLE_OK)
		warnx("%s", curl_easy_strerror(msg->data.result));
	else if (status >= 300)
		warnx("status %ld", status);
	return msg->data.result == CURLE_OK && status < 300;
}

/* Returns the time until the next request may be sent, ms; 0: now. */
static int
pause_ms(size_t sent, double start, double rate)
{
	double left_s = rate > 0 ? start + (double)sent / rate - now() : 0;

	return left_s > 0 ? (int)(left_s * 1000) + 1 : 0;
}

/* Sends all requests; returns the number of failed requests. */
static size_t
send_all(const struct request *all, size_t n, size_t in_flight, double rate)
{
	CURLM *multi = curl_multi_init();
	CURL *idle[IN_FLIGHT_MAX];
	size_t sent = 0, done = 0, failed = 0, n_idle = 0;
	double start = now();
	int running, left, wait_ms = 0;

	while (n_idle < in_flight)
		idle[n_idle++] = make_handle();
	while (done < n) {
		CURLMsg *msg;

		while (sent < n && n_idle > 0 && (wait_ms = pause_ms(sent, start, rate)) == 0)
			send_request(multi, idle[--n_idle], &all[sent++]);
		curl_multi_perform(multi, &running);
		while ((msg = curl_multi_info_read(multi, &left)) != NULL) {
			CURL *easy = msg->easy_handle;

			done++;
			failed += !has_succeeded(msg);
			curl_multi_remove_handle(multi, easy);
			idle[n_idle++] = easy;
		}
		if (done < n && (sent == n || n_idle == 0 || wait_ms > 0))
			curl_multi_poll(multi, NULL, 0, sent < n && n_idle ? wait_ms : 1000, NULL);
	}
	while (n_idle > 0)
		curl_easy_cleanup(idle[--n_idle]);
	curl_multi_cleanup(multi);
	return failed;
}

int
main(int argc, char **argv)
{
	struct request *all;
	size_t n, failed;
	double start, rate;
	long in_flight;

	if (argc != 6 && argc != 7)
		errx(2, "usage: api_load SERVER CA CERT KEY IN-FLIGHT [RATE] < REQUESTS");
	server = argv[1];
	ca = argv[2];
	cert = argv[3];
	key = argv[4];
	in_flight = strtol(argv[5], NULL, 10);
	if (in_flight < 1 || in_flight > IN_FLIGHT_MAX)
		errx(2, "IN-FLIGHT must be 1 to %d", IN_FLIGHT_MAX);
	rate = argc == 7 ? strtod(argv[6], NULL) : 0;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	all = read_requests(&n);
	start = now();
	failed = send_all(all, n, (size_t)in_flight, rate);
	printf("%.6f\n", now() - start);
	return failed > 0;
}
