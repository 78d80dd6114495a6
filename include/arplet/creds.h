/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_CREDS_H
#define ARPLET_CREDS_H

#include "arplet/err.h"

struct ev_loop;

/*
 * Which API server to talk to, and as whom.  Looked for as kubectl does, first found wins:
 * the file named, $KUBECONFIG (a colon list, merged), the service account of the pod that we
 * run in, ~/.kube/config.  No secret ever appears in a sentence.
 */
struct creds;

struct creds_opts {
	const char *kubeconfig; /* NULL: look for it */
	const char *context;    /* NULL: current-context */
};

/*
 * creds_new - find and read them.  The only part that reads files at once; credential plugins
 * run later, on @loop.  Negative errno, and a sentence that names file and field.
 */
int creds_new(struct ev_loop *loop, const struct creds_opts *opts, struct creds **ret_creds,
    struct err *err) __attribute__((warn_unused_result));
void creds_free(struct creds *creds); /* NULL is fine; free the client first */

/* creds_server - "https://10.0.0.1:6443". */
const char *creds_server(const struct creds *creds);
/* creds_origin - where they came from: "/root/.kube/config, context home". */
const char *creds_origin(const struct creds *creds);
/* creds_namespace - of the service account or the context; NULL: none is set. */
const char *creds_namespace(const struct creds *creds);

#endif
