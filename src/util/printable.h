/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_PRINTABLE_H
#define DAEMON_PRINTABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * printable_len - bytes of the UTF-8 character at @s (@n bytes are left), or 0 when there is none
 * that may be shown to a person: malformed, a surrogate, or a control character, with which text
 * from the API could forge lines or steer a terminal.
 */
size_t printable_len(const unsigned char *s, size_t n);

/* printable_copy - a copy in which what may not be shown is a question mark; free() it. */
char *printable_copy(const char *text);

#endif
