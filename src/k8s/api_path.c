/* SPDX-License-Identifier: Apache-2.0 */
#include "api_path.h"

#include <stdio.h>
#include <string.h>

char *
path_of_kind(enum kind kind, const char *ns)
{
	const struct kind_info *info = &kind_info[kind];
	const char *root = strchr(info->api_version, '/') ? "/apis" : "/api";
	char path[512];

	snprintf(path, sizeof(path), "%s/%s%s%s/%s", root, info->api_version,
	    ns ? "/namespaces/" : "", ns ? ns : "", info->resource);
	return xstrdup(path);
}

char *
query_escape(const char *text, char *buf, size_t size)
{
	size_t n = 0;

	for (; *text && n + 4 < size; text++) {
		if (strchr("%&+=#? ", *text) || (unsigned char)*text < 0x21)
			n += (size_t)snprintf(buf + n, 4, "%%%02X", (unsigned char)*text);
		else
			buf[n++] = *text;
	}
	buf[n] = '\0';
	return buf;
}
