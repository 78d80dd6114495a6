/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs a reflector: prints one line for each callback of the reflector, and runs the commands that
 * it reads from standard input.  Exits at the end of standard input.
 *
 *   reflect [-b BUSY_US] [-c CONTEXT] [-s SILENCE_MS] [-w CONFIRM_DELETES] [-z CACHED] KUBECONFIG
 *       [KIND [NAMESPACE [QUERY]]]
 *   relist | stats | VERB PATH [BODY]
 */
#include "arplet/client.h"
#include "arplet/creds.h"
#include "arplet/reflector.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

static struct client *client;
static struct reflector *reflector;
static bool confirm_deletes, cached;
static long busy_us;       /* CPU time that each object takes, microseconds */
static bool in_turn;       /* callbacks of the event loop run */
static long turn_began_us; /* CPU time when the turn of the event loop began */
static long longest_us;    /* longest turn of the event loop, CPU time */

static long
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
on_turn_begins(struct ev_loop *loop, ev_check *w, int revents)
{
	(void)loop, (void)w, (void)revents;
	turn_began_us = cpu_us();
	in_turn = true;
}

static void
on_turn_ends(struct ev_loop *loop, ev_prepare *w, int revents)
{
	(void)loop, (void)w, (void)revents;
	if (in_turn && cpu_us() - turn_began_us > longest_us)
		longest_us = cpu_us() - turn_began_us;
	in_turn = false;
}

static void
on_list_begin(void *arg)
{
	(void)arg;
	puts("list_begin");
}

static void
on_put(void *arg, struct object *obj)
{
	long began_us = cpu_us();

	(void)arg;
	while (cpu_us() - began_us < busy_us)
		continue;
	printf("put %s/%s %s%s%s\n", obj->meta.ns, obj->meta.name, obj->meta.version,
	    obj->bad ? " bad " : "", obj->bad ? obj->bad : "");
	object_free(obj);
}

static void
on_del(void *arg, const char *ns, const char *name)
{
	(void)arg;
	printf("del %s/%s\n", ns, name);
}

static void
on_list_end(void *arg)
{
	(void)arg;
	puts("list_end");
}

static void
on_pending_delete(void *arg, const char *ns, const char *name)
{
	(void)arg;
	printf("pending_delete %s%s%s\n", name ? ns : "all", name ? "/" : "", name ? name : "");
}

static void
on_state(void *arg, enum reflector_state state, const char *reason)
{
	static const char *const names[] = { "starting", "synced", "retrying", "not-installed",
		"forbidden", "holding" };

	(void)arg;
	printf("state %s %s\n", names[state], reason);
}

static void
on_response(void *arg, const struct response *resp)
{
	(void)arg;
	printf("response %d %lld %s %s\n", resp->status, (long long)resp->retry_after_ms,
	    resp->reason[0] ? resp->reason : "-", resp->message);
}

static void
print_stats(void)
{
	const struct client_stats *c = client_stats(client);
	unsigned long long requests = 0;

	for (int verb = 0; verb < VERBS; verb++) {
		for (int class = 0; class < 6; class++)
			requests += c->requests[verb][class];
	}
	printf("stats connects=%llu requests=%llu refreshes=%llu in_flight=%u",
	    (unsigned long long)c->connects, requests, (unsigned long long)c->auth_refreshes,
	    c->in_flight);
	if (reflector) {
		const struct reflector_stats *r = reflector_stats(reflector);

		printf(" lists=%llu watches=%llu failures=%llu bad=%llu",
		    (unsigned long long)r->lists, (unsigned long long)r->watches,
		    (unsigned long long)r->failures, (unsigned long long)r->bad);
	}
	printf(" turn_ms=%ld\n", longest_us / 1000);
}

static void
run(char *line)
{
	char *verb = strsep(&line, " "), *path = strsep(&line, " ");
	struct request req = { .path = path, .body = line, .on_response = on_response };

	if (strcmp(verb, "relist") == 0) {
		reflector_relist(reflector);
		return;
	}
	if (strcmp(verb, "stats") == 0) {
		print_stats();
		return;
	}
	for (req.verb = 0; req.verb < VERBS; req.verb++) {
		if (strcmp(verb, verb_names[req.verb]) == 0 && path) {
			client_request(client, &req);
			return;
		}
	}
	printf("unknown command %s\n", verb);
}

static void
on_stdin(struct ev_loop *loop, ev_io *w, int revents)
{
	static char buf[65536];
	static size_t len;
	ssize_t n = read(w->fd, buf + len, sizeof(buf) - len - 1);
	char *end;

	(void)revents;
	if (n <= 0) {
		ev_break(loop, EVBREAK_ALL);
		return;
	}
	len += (size_t)n;
	buf[len] = '\0';
	while ((end = strchr(buf, '\n'))) {
		*end = '\0';
		run(buf);
		len -= (size_t)(end + 1 - buf);
		memmove(buf, end + 1, len + 1);
	}
}

static void
start_reflector(struct ev_loop *loop, char **args, int n)
{
	static const struct reflector_ops ops = { on_list_begin, on_put, on_del, on_list_end,
		on_pending_delete, on_state };
	struct reflector_opts opts = { .kind = 0, .confirm_deletes = confirm_deletes, .cached = cached };

	while (opts.kind < KINDS - 1 && strcasecmp(kind_info[opts.kind].kind, args[0]) != 0)
		opts.kind++;
	opts.ns = n > 1 && args[1][0] ? args[1] : NULL;
	opts.query = n > 2 ? args[2] : NULL;
	reflector = reflector_new(loop, client, &opts, &ops, NULL);
}

int
main(int argc, char **argv)
{
	struct ev_loop *loop = ev_default_loop(0);
	struct creds_opts opts = { 0 };
	struct client_opts client_opts = { 0 };
	struct creds *creds;
	struct err err;
	ev_prepare turn_ends;
	ev_check turn_begins;
	ev_io in;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (; argc > 2 && argv[1][0] == '-'; argv += 2, argc -= 2) {
		if (strcmp(argv[1], "-b") == 0)
			busy_us = atol(argv[2]);
		else if (strcmp(argv[1], "-c") == 0)
			opts.context = argv[2];
		else if (strcmp(argv[1], "-w") == 0)
			confirm_deletes = atoi(argv[2]) != 0;
		else if (strcmp(argv[1], "-z") == 0)
			cached = atoi(argv[2]) != 0;
		else
			client_opts.silence_ms = atoi(argv[2]);
	}
	opts.kubeconfig = argc > 1 && argv[1][0] ? argv[1] : NULL;
	if (creds_new(loop, &opts, &creds, &err) < 0) {
		printf("error %s\n", err.text);
		return 1;
	}
	printf("origin %s\nserver %s\nnamespace %s\n", creds_origin(creds), creds_server(creds),
	    creds_namespace(creds) ? creds_namespace(creds) : "");
	client = client_new(loop, creds, &client_opts);
	if (argc > 2)
		start_reflector(loop, argv + 2, argc - 2);
	ev_io_init(&in, on_stdin, STDIN_FILENO, EV_READ);
	ev_io_start(loop, &in);
	ev_check_init(&turn_begins, on_turn_begins);
	ev_set_priority(&turn_begins, EV_MAXPRI);
	ev_check_start(loop, &turn_begins);
	ev_prepare_init(&turn_ends, on_turn_ends);
	ev_prepare_start(loop, &turn_ends);
	ev_run(loop, 0);
	reflector_free(reflector);
	client_free(client);
	creds_free(creds);
	ev_loop_destroy(loop);
	return 0;
}
