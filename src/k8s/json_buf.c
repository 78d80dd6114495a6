/* SPDX-License-Identifier: Apache-2.0 */
#include "json_buf.h"

#include "arplet/arena.h"

#include <stdlib.h>
#include <string.h>

#define KEEP_ROOM 16384u /* json_buf_reset() frees a larger buffer, bytes */

void
json_buf_add(struct json_buf *buf, const char *data, size_t len)
{
	if (buf->len + len > buf->room) {
		size_t room = buf->room ? buf->room : 1024;

		while (room < buf->len + len)
			room *= 2;
		buf->data = xrealloc(buf->data, room, 1);
		buf->room = room;
	}
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
}

void
json_buf_reset(struct json_buf *buf)
{
	if (buf->room > KEEP_ROOM)
		json_buf_done(buf);
	buf->len = 0;
}

void
json_buf_done(struct json_buf *buf)
{
	free(buf->data);
	*buf = (struct json_buf){ 0 };
}
