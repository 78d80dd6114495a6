/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_API_PATH_H
#define K8S_API_PATH_H

#include "arplet/object.h"

#include <stddef.h>

/*
 * path_of_kind - return "/api/v1/namespaces/NS/services" or "/apis/GROUP/VERSION/...", which the
 * caller frees.  @ns NULL: all namespaces.
 */
char *path_of_kind(enum kind kind, const char *ns);

/* query_escape - percent-encode a continue token or a version for a query; returns @buf. */
char *query_escape(const char *text, char *buf, size_t size);

#endif
