/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_PATH_H
#define K8S_PATH_H

#include "arplet/object.h"

#include <stddef.h>

/* path_of_kind - "/api/v1/namespaces/NS/services", "/apis/GROUP/VERSION/..."; @ns NULL: all. */
char *path_of_kind(enum kind kind, const char *ns);

/* query_escape - percent-encode a continue token or a version into a query; returns @buf. */
char *query_escape(const char *text, char *buf, size_t size);

#endif
