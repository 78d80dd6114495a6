/* SPDX-License-Identifier: Apache-2.0 */
#include "http_options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECT_TIMEOUT_MS 5000L
#define KEEPALIVE_S 5L      /* time before the first TCP keep-alive probe, and between two probes */
/* the kernel ends a connection if sent data is unacknowledged for this time */
#define DEAD_AFTER_MS 10000

static int
tune_socket(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	unsigned int dead_ms = DEAD_AFTER_MS;

	(void)arg, (void)purpose;
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_ms, sizeof(dead_ms));
	return CURL_SOCKOPT_OK;
}

static void
set_blob(CURL *easy, CURLoption option, const char *pem)
{
	struct curl_blob blob = { (void *)(uintptr_t)pem, pem ? strlen(pem) : 0, CURL_BLOB_COPY };

	if (pem)
		curl_easy_setopt(easy, option, &blob);
}

static void
set_tls(CURL *easy, const struct http_tls *tls)
{
	set_blob(easy, CURLOPT_CAINFO_BLOB, tls->ca_pem);
	set_blob(easy, CURLOPT_SSLCERT_BLOB, tls->cert_pem);
	set_blob(easy, CURLOPT_SSLKEY_BLOB, tls->key_pem);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, tls->insecure ? 0L : 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, tls->insecure ? 0L : 2L);
}

/*
 * Put server_name into the URL, because curl verifies the host name of the URL.  The connection
 * still goes to the original host.
 */
static void
set_url(CURL *easy, const struct http_request *req, struct http_lists *lists)
{
	CURLU *url = req->tls.server_name ? curl_url() : NULL;
	char *host = NULL, *port = NULL, *named = NULL, to[600];

	curl_easy_setopt(easy, CURLOPT_URL, req->url);
	if (url && curl_url_set(url, CURLUPART_URL, req->url, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    curl_url_set(url, CURLUPART_HOST, req->tls.server_name, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_URL, &named, 0) == CURLUE_OK) {
		snprintf(to, sizeof(to), "::%s:%s", host, port);
		lists->connect_to = curl_slist_append(NULL, to);
		curl_easy_setopt(easy, CURLOPT_URL, named);
		curl_easy_setopt(easy, CURLOPT_CONNECT_TO, lists->connect_to);
	}
	curl_free(host);
	curl_free(port);
	curl_free(named);
	curl_url_cleanup(url);
}

static void
set_transport(CURL *easy, const struct http_request *req)
{
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/*
	 * Request bodies are small, and many exchanges run at once.  Upload buffers of 16 KiB
	 * instead of curl's 64 KiB save memory.
	 */
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)req->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_S);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, KEEPALIVE_S);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, tune_socket);
	if (req->proxy)
		curl_easy_setopt(easy, CURLOPT_PROXY, req->proxy);
	set_tls(easy, &req->tls);
}

static void
set_message(CURL *easy, const struct http_request *req, struct http_lists *lists)
{
	for (const char *const *h = req->headers; *h; h++)
		lists->headers = curl_slist_append(lists->headers, *h);
	/* send no "Expect: 100-continue", which would cost a round trip */
	lists->headers = curl_slist_append(lists->headers, "Expect:");
	if (!lists->headers)
		abort();
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lists->headers);
	if (req->body) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(req->body));
		curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, req->body);
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, req->method);
	if (req->user) {
		curl_easy_setopt(easy, CURLOPT_USERNAME, req->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, req->password ? req->password : "");
	}
}

struct http_lists
http_options_set(CURL *easy, const struct http_request *req)
{
	struct http_lists lists = { 0 };

	set_transport(easy, req);
	set_url(easy, req, &lists);
	set_message(easy, req, &lists);
	return lists;
}
