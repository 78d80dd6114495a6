/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HTTP_EASY_H
#define ARPLET_HTTP_EASY_H

#include "http.h"

#include <curl/curl.h>

/* What curl reads until the exchange is over: curl_slist_free_all() each. */
struct easy_lists {
	struct curl_slist *headers, *connect_to;
};

/* easy_setup - everything about one exchange that is no callback. */
struct easy_lists easy_setup(CURL *easy, const struct http_request *req);

#endif
