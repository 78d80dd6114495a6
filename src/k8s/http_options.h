/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_HTTP_OPTIONS_H
#define K8S_HTTP_OPTIONS_H

#include "http_client.h"

#include <curl/curl.h>

/* Lists that the caller frees with curl_slist_free_all() after the exchange has ended. */
struct http_lists {
	struct curl_slist *headers, *connect_to;
};

/* http_options_set - set all options of an exchange except callbacks. */
struct http_lists http_options_set(CURL *easy, const struct http_request *req);

#endif
