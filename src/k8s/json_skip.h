/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_SKIP_H
#define K8S_JSON_SKIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Finds the end of a JSON value, which may arrive in pieces, without a copy of the value.  Pure.
 * All-zero: at the first byte of a value.
 */
struct json_skip {
	uint32_t depth; /* open brackets */
	uint64_t types; /* a bit for each open bracket; 1: '{'; bit 0 is the innermost bracket */
	bool deep;      /* the value has more than 64 levels of brackets, so types lacks some */
	bool in_string, escaped;
	bool scalar; /* in a number, true, false or null */
};

/*
 * json_skip_value - read up to the end of the value.  Returns the number of bytes that belong to the
 * value, and sets *@ret_end if the value ends there.  -EBADMSG: a bracket is closed by a bracket of
 * another type, or no value begins here.
 */
long json_skip_value(struct json_skip *skip, const char *data, size_t len, bool *ret_end);

#endif
