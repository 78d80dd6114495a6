/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_TEXT_BUF_H
#define HTTP_TEXT_BUF_H

#include <stddef.h>

/* A text that grows.  A zeroed struct is an empty text; the owner frees the member text. */
struct text_buf {
	char *text; /* NULL: no memory yet; otherwise ends in a NUL, which len does not count */
	size_t len, room;
};

/* text_reserve - make room for @n more bytes. */
void text_reserve(struct text_buf *buf, size_t n);
/* text_put - append @n bytes.  text_put_all - append strings; the last argument is NULL. */
void text_put(struct text_buf *buf, const char *text, size_t n);
void text_put_all(struct text_buf *buf, ...) __attribute__((sentinel));
/* text_put_number - append @value with up to 16 digits, as printf("%.16g"). */
void text_put_number(struct text_buf *buf, double value);

#endif
