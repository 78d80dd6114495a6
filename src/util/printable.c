/* SPDX-License-Identifier: Apache-2.0 */
#include "printable.h"

#include "arplet/arena.h"

#include <string.h>

size_t
printable_len(const unsigned char *s, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	uint32_t c = len == 1 ? s[0] : s[0] & (0xffU >> (len + 1));

	if (!len || len > n || s[0] >= 0xf8)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return 0;
	return len;
}

char *
printable_copy(const char *text)
{
	char *copy = xstrdup(text);
	size_t left = strlen(copy), len;

	for (char *s = copy; left; s += len, left -= len) {
		len = printable_len((unsigned char *)s, left);
		if (len == 0) {
			*s = '?';
			len = 1;
		}
	}
	return copy;
}
