/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_STRINGS_H
#define ARPLET_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

/* A list of texts.  The list does not own the memory of its texts. */
struct strings {
	const char **v;
	size_t n;
};

/* strings_contain - true if one of @strings equals @text. */
bool strings_contain(const struct strings *strings, const char *text);

#endif
