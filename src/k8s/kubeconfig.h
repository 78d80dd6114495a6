/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_KUBECONFIG_H
#define ARPLET_KUBECONFIG_H

#include "arplet/arena.h"
#include "arplet/err.h"
#include "arplet/object.h"

/* kubeconfig files: text to structs, several merged.  Pure; names of files are only joined. */

struct kube_exec {
	const char *api_version, *command; /* command as it is to be started */
	struct strings args;
	struct labels env; /* in addition to ours */
	const char *hint;  /* installHint; NULL: none */
	bool cluster_info;
};

/* NULL: not given.  Files are absolute, or relative to where we were started. */
struct kube_cluster {
	const char *server, *ca_file, *ca_pem, *tls_server_name, *proxy_url;
	bool insecure;
};

struct kube_user {
	const char *cert_file, *cert_pem, *key_file, *key_pem;
	const char *token, *token_file, *user, *password;
	const struct kube_exec *exec;
};

struct kube_entry {
	const char *name;
	union {
		struct kube_cluster cluster;
		struct kube_user user;
		struct {
			const char *cluster, *user, *ns;
		} context;
	} u;
};

struct kube_entries {
	struct kube_entry *v;
	size_t n;
};

struct kubeconfig {
	struct arena mem;
	const char *current; /* current-context; NULL: none */
	struct kube_entries clusters, users, contexts;
};

/*
 * kubeconfig_add - merge the text of @file into @config (all-zero: empty): what an earlier file
 * said stays.  -EBADMSG with a sentence that names file and field; no values are in it.
 */
int kubeconfig_add(struct kubeconfig *config, const char *file, const char *text, size_t len,
    struct err *err) __attribute__((warn_unused_result));
void kubeconfig_done(struct kubeconfig *config);

/* What a context comes to. */
struct kube_target {
	const char *context, *ns; /* ns may be NULL */
	const struct kube_cluster *cluster;
	const struct kube_user *user;
};
/* kubeconfig_pick - @context, or the current one for NULL.  -ENOENT with a sentence. */
int kubeconfig_pick(const struct kubeconfig *config, const char *context,
    struct kube_target *ret_target, struct err *err) __attribute__((warn_unused_result));

#endif
