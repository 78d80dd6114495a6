/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_JSON_SCAN_H
#define K8S_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Counts the open brackets of a JSON text, which may arrive in pieces.  It checks nothing else.
 * Pure.
 */
struct json_scan {
	unsigned int depth; /* open brackets */
	bool in_string, escaped;
};

/*
 * json_scan_leave - scan until only @depth brackets are open.  Returns the number of scanned bytes,
 * including the closing bracket.  If @data does not contain the closing bracket, the function
 * returns @len, and scan->depth is above @depth.
 */
size_t json_scan_leave(struct json_scan *scan, unsigned int depth, const char *data, size_t len);

/*
 * json_scan_managed_fields - find the entries of "managedFields" in the text of an object.  Returns
 * false if managedFields has no entries, or if a space follows the key "managedFields": the API
 * server never writes such a space.
 */
bool json_scan_managed_fields(const char *text, size_t len, size_t *ret_from, size_t *ret_to);

#endif
