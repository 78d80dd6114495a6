/* SPDX-License-Identifier: Apache-2.0 */
#include "response_body.h"

#include "json_filter.h"
#include "wanted_fields.h"

#include <errno.h>
#include <stdlib.h>

#define STATUS_MAX_BYTES (1u << 16) /* longest copy of the wanted fields of a Status */

int
response_body_add(struct response_body *body, int http_status, bool want, const char *data,
    size_t len)
{
	if (http_status < 200 || http_status > 299) {
		if (!body->status) {
			body->status = xcalloc(1, sizeof(*body->status));
			json_filter_init(body->status, wanted_status(), false, STATUS_MAX_BYTES,
			    NULL, NULL);
		}
		if (!body->bad_status)
			body->bad_status = json_filter_feed(body->status, data, len) < 0;
		return 0;
	}
	if (!want)
		return 0;
	if (len > RESPONSE_BODY_MAX - body->text.len)
		return -EMSGSIZE;
	json_buf_add(&body->text, data, len);
	json_buf_add(&body->text, "", 1); /* a NUL, over which the next piece is written */
	body->text.len--;
	return 0;
}

const char *
response_body_text(const struct response_body *body)
{
	return body->text.len ? body->text.data : "";
}

void
response_body_status(const struct response_body *body, struct api_status *ret_status)
{
	const struct json_filter *from = body->status;

	if (!from || !from->complete ||
	    decode_status(from->out.data, from->out.len, ret_status) < 0)
		*ret_status = (struct api_status){ 0 };
}

void
response_body_done(struct response_body *body)
{
	json_buf_done(&body->text);
	if (body->status)
		json_filter_done(body->status);
	free(body->status);
	*body = (struct response_body){ 0 };
}
