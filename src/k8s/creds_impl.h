/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_AUTH_H
#define ARPLET_AUTH_H

#include "arplet/creds.h"
#include "http_client.h"

/* What the client needs of credentials to send one request. */
struct auth {
	const char *server, *proxy, *token, *user, *password; /* NULL: not used */
	struct http_tls tls;
	unsigned int generation; /* counts what was read anew; see creds_renew */
};

/*
 * creds_auth - what to send now; texts hold until the next call.  -EAGAIN: a plugin is running,
 * on_ready will be called when it has ended, well or not.  Otherwise a sentence.
 */
int creds_auth(struct creds *creds, struct auth *ret_auth, struct err *err)
	__attribute__((warn_unused_result));

/* creds_on_ready - whom to tell; NULL for nobody.  @why is NULL, or why there are none. */
void creds_on_ready(struct creds *creds, void (*on_ready)(void *arg, const char *why), void *arg);

/*
 * creds_renew - the server refused what was @generation.  True when something else may come of
 * asking creds_auth again: a file is read anew, a plugin is run anew.
 */
bool creds_renew(struct creds *creds, unsigned int generation);

#endif
