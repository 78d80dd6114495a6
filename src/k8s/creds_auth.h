/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_CREDS_AUTH_H
#define K8S_CREDS_AUTH_H

#include "arplet/creds.h"
#include "http_client.h"

/* The address of the server and the credentials for one request of client.c. */
struct auth {
	const char *server, *proxy, *token, *user, *password; /* NULL: not used */
	struct http_tls tls;
	unsigned int generation; /* number that grows with each change of the credentials */
};

/*
 * creds_auth - return the current credentials; the strings in *@ret_auth are valid until the next
 * call.  Returns -EAGAIN while a credential plugin runs; on_ready is called when the plugin ends.
 * After any other error, @err has the reason.
 */
int creds_auth(struct creds *creds, struct auth *ret_auth, struct err *err)
	__attribute__((warn_unused_result));

/*
 * creds_on_ready - set the callback that is called when a credential plugin ends; NULL: none.  The
 * callback's @error is NULL, or the reason why the plugin returned no credentials.
 */
void creds_on_ready(struct creds *creds, void (*on_ready)(void *arg, const char *error), void *arg);

/*
 * creds_renew - discard the credentials of @generation, which the server rejected.  True if the
 * next creds_auth() reads the files or runs the plugin again, so that a retry may succeed.
 */
bool creds_renew(struct creds *creds, unsigned int generation);

#endif
