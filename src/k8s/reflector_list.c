/* SPDX-License-Identifier: Apache-2.0 */
#include "api_path.h"
#include "reflector_impl.h"
#include "util/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * Read as a stream, as the API server writes it: a page takes no more memory than an object, and
 * is decoded while the rest of it is on its way.  The next one would have to be waited for.
 */
#define PAGE_SIZE 20000
#define LIST_TIMEOUT_MS 60000

/* An object that is not understood at all is dropped: the others must not wait for it. */
static int
on_item(void *arg, const char *text, size_t len)
{
	struct reflector *r = arg;
	struct object *obj;

	r->n++;
	if (decode_kind(r->opts.kind, text, len, r->opts.keep_raw ? DECODE_KEEP_RAW : 0, &obj,
		NULL) < 0)
		r->stats.bad++;
	else
		r->ops.put(r->arg, obj);
	return 0;
}

static int
on_list_data(void *arg, const char *data, size_t len)
{
	struct reflector *r = arg;
	int rc = json_items_feed(&r->in.json_items, data, len, on_item, r);

	if (rc < 0)
		snprintf(r->wrong, sizeof(r->wrong), "the list %s", rc == -EMSGSIZE
		    ? "has an item of more than 4 MiB" : "is not a Kubernetes list");
	return rc;
}

/* The page is whole: what is around its items tells where it goes on. */
static enum request_outcome
page_outcome(struct reflector *r)
{
	const struct json_items *in = &r->in.json_items;
	struct list_meta meta;
	struct err err = { "the list ends too early" };

	if (!in->complete ||
	    decode_list_meta(in->frame.data, in->frame.len, &meta, &err) < 0) {
		snprintf(r->wrong, sizeof(r->wrong), "the list: %.480s", err.text);
		return OUT_GARBLED;
	}
	memcpy(r->version, meta.version, sizeof(r->version));
	reflector_forget_more(r);
	r->more = meta.more;
	return r->more ? OUT_PAGE : reflector_fsm_listed(&r->reflector_fsm, r->n, clock_ms());
}

static void
on_page(void *arg, const struct response *resp)
{
	struct reflector *r = arg;
	enum request_outcome request_outcome;

	if (r->wrong[0])
		request_outcome = OUT_GARBLED;
	else if (resp->status >= 200 && resp->status <= 299)
		request_outcome = page_outcome(r);
	else
		request_outcome = outcome_of_status(resp->status);
	reflector_conclude(r, request_outcome, resp->retry_after_ms, r->wrong[0] ? r->wrong : resp->message);
}

void
request_list(struct reflector *r)
{
	bool cached = r->opts.cached && !r->stats.lists;
	char path[4096], token[3072];
	struct request req = { .verb = VERB_GET, .path = path, .timeout_ms = LIST_TIMEOUT_MS,
		.on_response = on_page, .on_data = on_list_data, .arg = r };

	snprintf(path, sizeof(path), "%s?limit=%d%s%s%s%s", r->base, PAGE_SIZE, r->query,
	    cached ? "&resourceVersion=0" : "", r->more ? "&continue=" : "",
	    r->more ? query_escape(r->more, token, sizeof(token)) : "");
	if (r->reflector_fsm.phase == PHASE_LIST) {
		r->stats.lists++;
		r->n = 0;
		r->ops.list_begin(r->arg);
	}
	r->call = client_request(r->client, &req);
}
