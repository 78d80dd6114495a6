/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_STRINGS_H
#define ARPLET_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

/* A list of texts; whoever fills it owns their memory. */
struct strings {
	const char **v;
	size_t n;
};

/* strings_contain - is @text one of them? */
bool strings_contain(const struct strings *strings, const char *text);

#endif
