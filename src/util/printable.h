/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UTIL_PRINTABLE_H
#define UTIL_PRINTABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * printable_len - count the bytes of the UTF-8 character at @s; the text ends after @n bytes.
 * Returns 0 if the character must not be printed: it is malformed, a surrogate or a control
 * character.  With a control character, text from the API could forge log lines or control a
 * terminal.
 */
size_t printable_len(const unsigned char *s, size_t n);

/*
 * printable_copy - return a malloc'd copy of @text, in which a question mark replaces each byte
 * that must not be printed.
 */
char *printable_copy(const char *text);

#endif
