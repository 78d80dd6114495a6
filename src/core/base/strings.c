/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/strings.h"

#include <string.h>

bool
strings_contain(const struct strings *strings, const char *text)
{
	for (size_t i = 0; i < strings->n; i++) {
		if (strcmp(strings->v[i], text) == 0)
			return true;
	}
	return false;
}
