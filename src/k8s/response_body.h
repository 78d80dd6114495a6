/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_RESPONSE_BODY_H
#define K8S_RESPONSE_BODY_H

#include "arplet/decode.h"
#include "json_buf.h"

#include <stdbool.h>

/*
 * The part of an answer's body that the client stores.  Pure.  All-zero: empty.
 *
 * The answer to a patch is the whole object, which can have several MiB, so the body of a 2xx answer
 * is only stored if the caller wants it.  An error message can repeat long parts of a request, so
 * only the start of the message is stored.
 */
struct response_body {
	struct json_buf text;       /* of a 2xx answer */
	struct json_filter *status; /* reads the Status of another answer; NULL: none */
	bool bad_status;            /* the body of that answer is not JSON */
};

#define RESPONSE_BODY_MAX (1u << 20) /* longest body of a 2xx answer, bytes */

/*
 * response_body_add - read the next piece of the body of an answer with the HTTP status
 * @http_status.  -EMSGSIZE: the body is longer than RESPONSE_BODY_MAX.
 */
int response_body_add(struct response_body *body, int http_status, bool want, const char *data,
    size_t len) __attribute__((warn_unused_result));
/* response_body_text - the body of a 2xx answer, with a NUL at its end. */
const char *response_body_text(const struct response_body *body);
/* response_body_status - the Status of an answer that is not 2xx; zeroed if there is none. */
void response_body_status(const struct response_body *body, struct api_status *ret_status);
void response_body_done(struct response_body *body); /* empties @body and frees its memory */

#endif
