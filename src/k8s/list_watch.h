/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_LIST_WATCH_H
#define K8S_LIST_WATCH_H

#include "arplet/decode.h"
#include "json_filter.h"

/*
 * Builds the paths of the list and watch requests of one kind (client-go's ListWatch), and decodes
 * the answers object by object while the bytes arrive.  Pure.
 */
struct list_watch_ops {
	/* The callback owns @obj; @obj is NULL if an item of the list is no valid object. */
	void (*on_item)(void *arg, struct object *obj);
	/* The callback owns event->obj. */
	void (*on_event)(void *arg, const struct watch_event *event);
};

struct list_watch {
	enum kind kind;
	unsigned int decode_flags; /* DECODE_* */
	const struct list_watch_ops *ops;
	void *arg;
	char *base;  /* path of the resource: "/api/v1/services" */
	char *query; /* query parameters of every request, such as "&a=b"; "": none */
	char version[VERSION_MAX]; /* resourceVersion that the next watch starts from */
	char *continue_token;      /* metadata.continue for the next page; NULL: no page follows */
	struct json_filter page;   /* reads the body of a list's page */
	struct json_filter events; /* reads the body of a watch */
	char error[512];           /* why the body could not be read; "": no error */
};

/*
 * list_watch_init - prepare requests for @kind in namespace @ns (NULL: all).  @query is NULL, or
 * has more parameters for the URL, such as "labelSelector=a%3Db", percent-encoded.
 */
void list_watch_init(struct list_watch *lw, enum kind kind, const char *ns, const char *query,
    unsigned int decode_flags, const struct list_watch_ops *ops, void *arg);
void list_watch_done(struct list_watch *lw);

#define LIST_WATCH_PATH_MAX 4096

/*
 * list_watch_list_path - write the path of the next page to @buf.  If @cached is true, the path
 * permits the API server to answer from its watch cache (resourceVersion=0).
 */
void list_watch_list_path(const struct list_watch *lw, bool cached, char *buf, size_t size);

/* list_watch_watch_path - write the path of a watch that the server ends after @timeout_s. */
void list_watch_watch_path(const struct list_watch *lw, unsigned int timeout_s, char *buf,
    size_t size);

/* list_watch_first_page - drop the continue token: the next list starts at its first page. */
void list_watch_first_page(struct list_watch *lw);

/* list_watch_reset_body - drop the received bytes and the error of the last answer. */
void list_watch_reset_body(struct list_watch *lw);

/*
 * list_watch_read_page - decode a piece of a list's body.  If list_watch_read_page() returns a
 * negative value, lw->error has the reason.
 */
int list_watch_read_page(struct list_watch *lw, const char *data, size_t len)
	__attribute__((warn_unused_result));

/*
 * list_watch_end_page - at the end of a page, set lw->version and lw->continue_token from the
 * metadata of the page.  Returns -EBADMSG if the body is incomplete or has no metadata; then
 * lw->error has the reason.
 */
int list_watch_end_page(struct list_watch *lw) __attribute__((warn_unused_result));

/*
 * list_watch_read_events - decode a piece of a watch's body; set lw->version from each event.
 * Returns -ESTALE after an ERROR event; on_event receives this event, too.  If
 * list_watch_read_events() returns another negative value, lw->error has the reason.
 */
int list_watch_read_events(struct list_watch *lw, const char *data, size_t len)
	__attribute__((warn_unused_result));

#endif
