/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_client.h"

#include "arplet/arena.h"

#include <stdlib.h>
#include <string.h>

struct fake_client fake;

void
fake_init(void)
{
	memset(&fake, 0, sizeof(fake));
	TAILQ_INIT(&fake.open);
}

struct call *
client_request(struct client *client, const struct request *req)
{
	struct call *call = xcalloc(1, sizeof(*call));

	(void)client;
	call->req = *req;
	call->path = xstrdup(req->path);
	call->body = xstrdup(req->body ? req->body : "");
	TAILQ_INSERT_TAIL(&fake.open, call, link);
	fake.n_open++;
	fake.n_made++;
	return call;
}

void
call_cancel(struct call *call)
{
	if (!call)
		return;
	TAILQ_REMOVE(&fake.open, call, link);
	fake.n_open--;
	free(call->path);
	free(call->body);
	free(call);
}

void
answer_full(struct call *call, int status, int64_t retry_after_ms, const char *body)
{
	struct request req = call->req;
	struct response resp = { .status = status, .body = body, .len = strlen(body),
		.message = "", .reason = "", .retry_after_ms = retry_after_ms };

	call_cancel(call);
	if (req.on_data && status >= 200 && status <= 299)
		(void)req.on_data(req.arg, body, resp.len);
	req.on_response(req.arg, &resp);
}

void
answer(struct call *call, int status)
{
	answer_full(call, status, -1, "");
}

struct call *
open_call(const char *text)
{
	struct call *call;

	TAILQ_FOREACH(call, &fake.open, link) {
		if (strstr(call->path, text))
			break;
	}
	return call;
}

void
accept_all(void)
{
	while (!TAILQ_EMPTY(&fake.open))
		answer(TAILQ_FIRST(&fake.open), 200);
}

static void
on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)w, (void)revents;
	ev_break(loop, EVBREAK_ALL);
}

void
run_for(struct ev_loop *loop, int64_t ms)
{
	ev_timer timer;

	ev_now_update(loop);
	ev_timer_init(&timer, on_timer, (double)ms / 1000., 0.);
	ev_timer_start(loop, &timer);
	ev_run(loop, 0);
	ev_timer_stop(loop, &timer);
}
