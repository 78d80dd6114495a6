/* SPDX-License-Identifier: Apache-2.0 */
#include "json_scan.h"

#include <string.h>

size_t
json_scan_leave(struct json_scan *scan, unsigned int depth, const char *data, size_t len)
{
	struct json_scan now = *scan; /* in registers: every byte of every list passes here */
	size_t n = 0;

	while (n < len) {
		char c = data[n++];

		if (now.escaped)
			now.escaped = false;
		else if (c == '"')
			now.in_string = !now.in_string;
		else if (now.in_string)
			now.escaped = c == '\\';
		else if (c == '[' || c == '{')
			now.depth++;
		else if ((c == ']' || c == '}') && --now.depth == depth)
			break;
	}
	*scan = now;
	return n;
}

/*
 * Quotes inside a string are escaped.  So a name between quotes, with what may be before a member
 * in front of it and the value's bracket behind, is in no string.
 */
bool
json_scan_managed_fields(const char *text, size_t len, size_t *ret_from, size_t *ret_to)
{
	static const char name[] = "\"managedFields\":[";
	const char *at = memmem(text, len, name, strlen(name));
	struct json_scan scan = { 0 };
	size_t open, n;

	if (!at || at == text || (at[-1] != ',' && at[-1] != '{'))
		return false;
	open = (size_t)(at - text) + strlen(name) - 1;
	n = json_scan_leave(&scan, 0, text + open, len - open);
	if (scan.depth)
		return false;
	*ret_from = open + 1;
	*ret_to = open + n - 1;
	return true;
}
