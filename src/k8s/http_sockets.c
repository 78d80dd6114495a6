/* SPDX-License-Identifier: Apache-2.0 */
#include "http_sockets.h"

#include "arplet/arena.h"
#include "util/clock.h"

#include <stdlib.h>

#define STREAMS_MAX 250L /* HTTP/2 streams on a connection: kube-apiserver's default limit */

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct http_sockets *sockets = w->data;
	int running;

	(void)revents;
	if (sockets->paused) { /* curl could read more bytes */
		ev_timer_set(w, 0., 0.);
		ev_timer_start(loop, w);
		return;
	}
	sockets->called_ms = clock_ms();
	curl_multi_socket_action(sockets->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	sockets->on_returned(sockets->arg);
}

static void
on_socket(struct ev_loop *loop, ev_io *w, int revents)
{
	struct http_sockets *sockets = w->data;
	int running, what = 0;

	(void)loop;
	if (sockets->paused)
		return; /* the socket stays readable: the loop calls again in the next turn */
	if (revents & EV_READ)
		what |= CURL_CSELECT_IN;
	if (revents & EV_WRITE)
		what |= CURL_CSELECT_OUT;
	sockets->called_ms = clock_ms();
	/* curl may free the watcher w */
	curl_multi_socket_action(sockets->multi, w->fd, what, &running);
	sockets->on_returned(sockets->arg);
}

/* curl calls this function to set or stop curl's timer.  The function itself must not call curl. */
static int
set_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct http_sockets *sockets = arg;

	(void)multi;
	ev_timer_stop(sockets->loop, &sockets->timer);
	if (timeout_ms >= 0) {
		ev_timer_set(&sockets->timer, (double)timeout_ms / 1000.0, 0.);
		ev_timer_start(sockets->loop, &sockets->timer);
	}
	return 0;
}

static int
set_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *watch)
{
	struct http_sockets *sockets = arg;
	ev_io *io = watch;

	(void)easy;
	if (io)
		ev_io_stop(sockets->loop, io);
	if (what == CURL_POLL_REMOVE) {
		free(io);
		return 0;
	}
	if (!io) {
		io = xcalloc(1, sizeof(*io));
		io->data = sockets;
		curl_multi_assign(sockets->multi, fd, io);
	}
	ev_io_init(io, on_socket, fd,
	    (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0));
	ev_io_start(sockets->loop, io);
	return 0;
}

void
http_sockets_open(struct http_sockets *sockets)
{
	ev_timer_init(&sockets->timer, on_timer, 0., 0.);
	sockets->timer.data = sockets;
	sockets->multi = curl_multi_init();
	if (!sockets->multi)
		abort();
	curl_multi_setopt(sockets->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(sockets->multi, CURLMOPT_SOCKETDATA, sockets);
	curl_multi_setopt(sockets->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(sockets->multi, CURLMOPT_TIMERDATA, sockets);
	curl_multi_setopt(sockets->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	curl_multi_setopt(sockets->multi, CURLMOPT_MAX_CONCURRENT_STREAMS, STREAMS_MAX);
}

void
http_sockets_close(struct http_sockets *sockets)
{
	curl_multi_cleanup(sockets->multi);
	ev_timer_stop(sockets->loop, &sockets->timer);
}
