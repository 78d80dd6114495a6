/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_SCAN_H
#define K8S_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Following the brackets of a JSON text, in however many pieces it comes, and nothing else.  Pure.
 */
struct json_scan {
	unsigned int depth; /* brackets that are open */
	bool in_string, escaped;
};

/*
 * json_scan_leave - go on until no more than @depth brackets are open: the bytes that takes, with the
 * one that closes; all of them, and nest->depth is more, when it is not among them.
 */
size_t json_scan_leave(struct json_scan *scan, unsigned int depth, const char *data, size_t len);

/*
 * json_scan_managed_fields - where the entries of "managedFields" lie in an object's text: about half of it,
 * and of no interest to anyone but the API server.  False: there are none, or the text is not
 * written as the API server writes it, without blanks.
 */
bool json_scan_managed_fields(const char *text, size_t len, size_t *ret_from, size_t *ret_to);

#endif
