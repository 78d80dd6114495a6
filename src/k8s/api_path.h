/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_API_PATH_H
#define K8S_API_PATH_H

#include "arplet/object.h"

#include <stddef.h>

/*
 * path_of_kind - return the API path of a kind's objects, such as "/api/v1/namespaces/NS/services".
 * The caller frees the path.  If @ns is NULL, the path names the objects in all namespaces.
 */
char *path_of_kind(enum kind kind, const char *ns);

/* query_escape - percent-encode @text for the query of a URL; returns @buf. */
char *query_escape(const char *text, char *buf, size_t size);

#endif
