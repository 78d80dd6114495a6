/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_CREDS_H
#define ARPLET_CREDS_H

#include "arplet/err.h"

struct ev_loop;

/*
 * The address of the API server, and the credentials for it.  creds_new() uses the first of these
 * sources that exists: the kubeconfig file that the caller names, the merged files of $KUBECONFIG,
 * the service account of the pod, ~/.kube/config.  No error message contains a secret.
 */
struct creds;

struct creds_opts {
	const char *kubeconfig; /* path of a kubeconfig file; NULL: search the other sources */
	const char *context;    /* context of the kubeconfig; NULL: current-context */
};

/*
 * creds_new - find and read the credentials.  creds_new() reads files before it returns, but
 * credential plugins run later, in the event loop @loop.  On failure, creds_new() returns a
 * negative errno, and @err names the file and the wrong field.
 */
int creds_new(struct ev_loop *loop, const struct creds_opts *opts, struct creds **ret_creds,
    struct err *err) __attribute__((warn_unused_result));
/* @creds may be NULL; first free the client that uses @creds */
void creds_free(struct creds *creds);

/* creds_server - "https://10.0.0.1:6443". */
const char *creds_server(const struct creds *creds);
/* creds_origin - where the credentials were found: "/root/.kube/config, context home". */
const char *creds_origin(const struct creds *creds);
/* creds_namespace - the namespace of the service account or of the context; NULL: none is set. */
const char *creds_namespace(const struct creds *creds);

#endif
