/* SPDX-License-Identifier: Apache-2.0 */
#include "text_buf.h"

#include "arplet/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void
text_reserve(struct text_buf *buf, size_t n)
{
	size_t need = buf->len + n + 1;

	if (need <= buf->room)
		return;
	buf->room = need > 2 * buf->room ? need : 2 * buf->room;
	buf->text = xrealloc(buf->text, buf->room, 1);
}

void
text_put(struct text_buf *buf, const char *text, size_t n)
{
	text_reserve(buf, n);
	if (n)
		memcpy(buf->text + buf->len, text, n);
	buf->len += n;
	buf->text[buf->len] = '\0';
}

void
text_put_all(struct text_buf *buf, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, buf);
	while ((text = va_arg(ap, const char *)))
		text_put(buf, text, strlen(text));
	va_end(ap);
}

/* The usual numbers are counts, for which printf("%g") takes ten times as long. */
static void
put_count(struct text_buf *buf, uint64_t n)
{
	char digits[24];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	text_put(buf, digits + i, sizeof(digits) - i);
}

void
text_put_number(struct text_buf *buf, double value)
{
	char text[32];

	if (value >= 0 && value < 1e15 && value == (double)(uint64_t)value) {
		put_count(buf, (uint64_t)value);
		return;
	}
	text_put(buf, text, (size_t)snprintf(text, sizeof(text), "%.16g", value));
}
