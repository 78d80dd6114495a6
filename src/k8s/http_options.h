/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HTTP_EASY_H
#define ARPLET_HTTP_EASY_H

#include "http_client.h"

#include <curl/curl.h>

/* What curl reads until the exchange is over: curl_slist_free_all() each. */
struct http_lists {
	struct curl_slist *headers, *connect_to;
};

/* http_options_set - everything about one exchange that is no callback. */
struct http_lists http_options_set(CURL *easy, const struct http_request *req);

#endif
