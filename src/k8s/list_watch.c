/* SPDX-License-Identifier: Apache-2.0 */
#include "list_watch.h"

#include "api_path.h"
#include "wanted_fields.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The pages of a list are large, because each page costs one more round trip.  A large page takes
 * no more memory than a small page, because only one item at a time is in memory.
 */
#define PAGE_SIZE 20000

/* longest copy of the wanted fields of an object, bytes */
#define COPY_MAX (1u << 20)
#define COPY_ALL_MAX (DECODE_LEN_MAX - (1u << 20)) /* with DECODE_KEEP_RAW */

static int on_item(void *arg, const char *text, size_t len, bool cut);
static int on_line(void *arg, const char *line, size_t len, bool cut);

void
list_watch_init(struct list_watch *lw, enum kind kind, const char *ns, const char *query,
    unsigned int decode_flags, const struct list_watch_ops *ops, void *arg)
{
	bool all = decode_flags & DECODE_KEEP_RAW;
	size_t max = all ? COPY_ALL_MAX : COPY_MAX;
	char parameters[512];

	snprintf(parameters, sizeof(parameters), "%s%s", query ? "&" : "", query ? query : "");
	*lw = (struct list_watch){ .kind = kind, .decode_flags = decode_flags, .ops = ops,
	    .arg = arg,
		.base = path_of_kind(kind, ns), .query = xstrdup(parameters) };
	json_filter_init(&lw->page, wanted_list(kind, all), false, max, on_item, lw);
	json_filter_init(&lw->events, wanted_event(kind, all), true, max, on_line, lw);
}

void
list_watch_done(struct list_watch *lw)
{
	list_watch_reset_body(lw);
	list_watch_first_page(lw);
	free(lw->base);
	free(lw->query);
}

void
list_watch_list_path(const struct list_watch *lw, bool cached, char *buf, size_t size)
{
	char token[3072];

	snprintf(buf, size, "%s?limit=%d%s%s%s%s", lw->base, PAGE_SIZE, lw->query,
	    cached ? "&resourceVersion=0" : "", lw->continue_token ? "&continue=" : "",
	    lw->continue_token ? query_escape(lw->continue_token, token, sizeof(token)) : "");
}

void
list_watch_watch_path(const struct list_watch *lw, unsigned int timeout_s, char *buf, size_t size)
{
	char version[3 * VERSION_MAX];

	snprintf(buf, size,
	    "%s?watch=true&allowWatchBookmarks=true&timeoutSeconds=%u&resourceVersion=%s%s",
	    lw->base, timeout_s, query_escape(lw->version, version, sizeof(version)), lw->query);
}

void
list_watch_first_page(struct list_watch *lw)
{
	free(lw->continue_token);
	lw->continue_token = NULL;
}

void
list_watch_reset_body(struct list_watch *lw)
{
	json_filter_reset(&lw->page);
	json_filter_reset(&lw->events);
	lw->error[0] = '\0';
}

static unsigned int
flags_of(const struct list_watch *lw, bool cut)
{
	return lw->decode_flags | (cut ? DECODE_CUT : 0);
}

/* Drop an item that is no valid object, so that the list continues with the next item. */
static int
on_item(void *arg, const char *text, size_t len, bool cut)
{
	struct list_watch *lw = arg;
	struct object *obj = NULL;

	if (decode_kind(lw->kind, text, len, flags_of(lw, cut), &obj, NULL) < 0)
		obj = NULL;
	lw->ops->on_item(lw->arg, obj);
	return 0;
}

int
list_watch_read_page(struct list_watch *lw, const char *data, size_t len)
{
	int rc = json_filter_feed(&lw->page, data, len);

	if (rc < 0)
		snprintf(lw->error, sizeof(lw->error), "the list is not a Kubernetes list");
	return rc;
}

int
list_watch_end_page(struct list_watch *lw)
{
	struct list_meta meta;
	struct err err = { "the answer is incomplete" };

	if (!lw->page.complete ||
	    decode_list_meta(lw->page.out.data, lw->page.out.len, &meta, &err) < 0) {
		snprintf(lw->error, sizeof(lw->error), "the list: %.480s", err.text);
		return -EBADMSG;
	}
	memcpy(lw->version, meta.version, sizeof(lw->version));
	list_watch_first_page(lw);
	lw->continue_token = meta.continue_token;
	return 0;
}

static int
on_line(void *arg, const char *line, size_t len, bool cut)
{
	struct list_watch *lw = arg;
	struct watch_event event;
	struct err err;
	int rc = 0;

	if (decode_watch(lw->kind, line, len, flags_of(lw, cut), &event, &err) < 0) {
		snprintf(lw->error, sizeof(lw->error), "the watch: %.480s", err.text);
		return -EBADMSG;
	}
	if (event.type == WATCH_ERROR) {
		snprintf(lw->error, sizeof(lw->error), "the watch: %.480s", event.status.message[0]
		    ? event.status.message
		    : "the API server sent an error without a message");
		rc = -ESTALE;
	} else {
		memcpy(lw->version, event.version, sizeof(lw->version));
	}
	lw->ops->on_event(lw->arg, &event);
	return rc;
}

int
list_watch_read_events(struct list_watch *lw, const char *data, size_t len)
{
	int rc = json_filter_feed(&lw->events, data, len);

	if (rc == -EBADMSG && !lw->error[0])
		snprintf(lw->error, sizeof(lw->error), "the watch: not JSON");
	return rc;
}
