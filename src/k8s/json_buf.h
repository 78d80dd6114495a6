/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_BUF_H
#define K8S_JSON_BUF_H

#include <stddef.h>

/* A text that grows.  All-zero: empty. */
struct json_buf {
	char *data;
	size_t len, room;
};
/* json_buf_add - append @len bytes; the caller limits the length of the text. */
void json_buf_add(struct json_buf *buf, const char *data, size_t len);
void json_buf_reset(struct json_buf *buf); /* empties @buf; frees a large buffer */
void json_buf_done(struct json_buf *buf);  /* empties @buf and frees its memory */

#endif
