/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_KUBECONFIG_H
#define K8S_KUBECONFIG_H

#include "arplet/arena.h"
#include "arplet/err.h"
#include "arplet/object.h"

/*
 * Decodes and merges kubeconfig files.  The functions open no file: the caller passes the text of
 * each file.
 */

struct kube_exec {
	const char *api_version, *command; /* command: a path, or a name to search in PATH */
	struct strings args;
	struct labels env; /* variables for the plugin, in addition to those of this process */
	const char *hint;  /* installHint; NULL: none */
	bool cluster_info; /* provideClusterInfo */
};

/* NULL: the field is absent.  File names are absolute, or relative to the working directory. */
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
 * kubeconfig_add - merge the text of @file into @config (all-zero: empty).  If several files set a
 * value, the first file wins.  On -EBADMSG, @err names the file and the field, but quotes no value,
 * because values can be secret.
 */
int kubeconfig_add(struct kubeconfig *config, const char *file, const char *text, size_t len,
    struct err *err) __attribute__((warn_unused_result));
void kubeconfig_done(struct kubeconfig *config);

/* The cluster and the user of a context. */
struct kube_target {
	const char *context, *ns; /* ns NULL: not set */
	const struct kube_cluster *cluster;
	const struct kube_user *user; /* NULL: the context has no user */
};
/*
 * kubeconfig_pick - look up the context of the name @context; if @context is NULL, the
 * current-context.  On -ENOENT, @err has the reason.
 */
int kubeconfig_pick(const struct kubeconfig *config, const char *context,
    struct kube_target *ret_target, struct err *err) __attribute__((warn_unused_result));

#endif
