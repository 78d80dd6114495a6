/* SPDX-License-Identifier: Apache-2.0 */
#include "json_skip.h"

#include <errno.h>
#include <string.h>

#define TYPES_MAX 64u /* brackets whose type is stored */

/* True for the bytes that json_skip_value() must look at, outside of strings. */
static const bool is_mark[256] = { ['"'] = true, ['['] = true, [']'] = true, ['{'] = true,
	['}'] = true };

/* Read the rest of a string; returns the number of bytes read. */
static size_t
skip_string(struct json_skip *skip, const char *data, size_t len)
{
	size_t n = 0;

	if (skip->escaped && len) {
		skip->escaped = false;
		n = 1;
	}
	while (n < len) {
		while (n < len && data[n] != '"' && data[n] != '\\')
			n++;
		if (n == len)
			break;
		if (data[n++] == '"') {
			skip->in_string = false;
			return n;
		}
		if (n == len)
			skip->escaped = true;
		else
			n++;
	}
	return n;
}

/* Count the bracket @c; returns false if it closes a bracket of another type. */
static bool
count_bracket(struct json_skip *skip, char c)
{
	bool brace = c == '{' || c == '}';

	if (c == '{' || c == '[') {
		skip->types = skip->types << 1 | brace;
		skip->deep |= ++skip->depth > TYPES_MAX;
		return true;
	}
	if (!skip->deep && (skip->types & 1) != brace)
		return false;
	skip->types >>= 1;
	skip->depth--;
	return true;
}

/* Read a number, true, false or null up to the byte after its end. */
static long
skip_scalar(struct json_skip *skip, const char *data, size_t len, bool *ret_end)
{
	size_t n = 0;

	skip->scalar = true;
	while (n < len && !strchr(",]} \t\r\n", data[n]) && data[n] != '"' && data[n] != '[' &&
	    data[n] != '{')
		n++;
	*ret_end = n < len;
	return (long)n;
}

static bool
begins_scalar(char c)
{
	return c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n';
}

long
json_skip_value(struct json_skip *skip, const char *data, size_t len, bool *ret_end)
{
	size_t n = 0;

	*ret_end = false;
	if (len && !skip->depth && !skip->in_string) {
		if (skip->scalar || begins_scalar(data[0]))
			return skip_scalar(skip, data, len, ret_end);
		if (data[0] != '"' && data[0] != '[' && data[0] != '{')
			return -EBADMSG;
	}
	while (n < len) {
		if (skip->in_string) {
			n += skip_string(skip, data + n, len - n);
			if (skip->in_string)
				return (long)n;
		} else {
			while (n < len && !is_mark[(unsigned char)data[n]])
				n++;
			if (n == len)
				return (long)n;
			if (data[n] == '"')
				skip->in_string = true;
			else if (!count_bracket(skip, data[n]))
				return -EBADMSG;
			n++;
		}
		if (!skip->depth && !skip->in_string) {
			*ret_end = true;
			return (long)n;
		}
	}
	return (long)n;
}
