/* SPDX-License-Identifier: Apache-2.0 */
#include "json_scan.h"

#include <string.h>

size_t
json_scan_leave(struct json_scan *scan, unsigned int depth, const char *data, size_t len)
{
	/* a local copy, for speed: this loop reads every byte of a list */
	struct json_scan now = *scan;
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
 * memmem() finds only a real member.  Quotes inside a JSON string are escaped, so the text
 * "managedFields":[ after a comma or an opening brace cannot be part of a string.
 */
bool
json_scan_managed_fields(const char *text, size_t len, size_t *ret_from, size_t *ret_to)
{
	static const char name[] = "\"managedFields\":[";
	const char *match = memmem(text, len, name, strlen(name));
	struct json_scan scan = { 0 };
	size_t open, n;

	if (!match || match == text || (match[-1] != ',' && match[-1] != '{'))
		return false;
	open = (size_t)(match - text) + strlen(name) - 1;
	n = json_scan_leave(&scan, 0, text + open, len - open);
	if (scan.depth)
		return false;
	*ret_from = open + 1;
	*ret_to = open + n - 1;
	return true;
}
