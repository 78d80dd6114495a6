/* SPDX-License-Identifier: Apache-2.0 */
#include "creds_auth.h"

#include "arplet/decode.h"
#include "arplet/encode.h"
#include "kubeconfig.h"
#include "exec_plugin.h"
#include "util/clock.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVICE_ACCOUNT "/var/run/secrets/kubernetes.io/serviceaccount"
#define FILE_MAX (1u << 20)
#define REREAD_MS 60000 /* age at which token and certificate files are read again */
#define RENEW_EARLY_S 30 /* the plugin runs again this long before the credential expires */

struct creds {
	struct ev_loop *loop;
	struct kubeconfig config;
	struct kube_target target;
	char *origin;
	/* contents of the credential files; NULL: the configuration names no such file */
	char *ca, *cert, *key, *token;
	/* when the credential files were read, monotonic ms; 0: read them at the next use */
	int64_t read_ms;
	struct exec_credential cred;   /* credential that the plugin printed; all-zero: none */
	struct exec_plugin *plugin;    /* running; NULL: none */
	/* the plugin has just ended: use its credential, even one that expires soon */
	bool just_ran;
	unsigned int generation;
	void (*on_ready)(void *arg, const char *error);
	void *arg;
};

static void
replace_secret(char **text, char *with)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = with;
}

/* Read a small file, and append a NUL. */
static int
read_file(const char *path, char **ret_text, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text;
	ssize_t n;
	size_t len = 0;

	if (fd < 0)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	text = xcalloc(FILE_MAX + 1, 1);
	while ((n = read(fd, text + len, FILE_MAX - len)) > 0)
		len += (size_t)n;
	if (n < 0 || len == FILE_MAX) {
		int rc = err_set(err, n < 0 ? -errno : -EFBIG, "%s: %s", path,
		    n < 0 ? strerror(errno) : "is larger than 1 MiB");

		close(fd);
		free(text);
		return rc;
	}
	close(fd);
	text[len] = '\0';
	*ret_text = xrealloc(text, len + 1, 1);
	return 0;
}

/* Read a file into *@text.  If the file cannot be read, *@text stays as it was. */
static int
reread(const char *path, char **text, struct err *err)
{
	char *text_read = NULL;
	int rc;

	if (!path)
		return 0;
	rc = read_file(path, &text_read, err);
	if (rc < 0)
		return *text ? 0 : rc;
	replace_secret(text, text_read);
	return 0;
}

static int
reread_all(struct creds *creds, struct err *err)
{
	static const struct kube_user no_user;
	const struct kube_user *user = creds->target.user ? creds->target.user : &no_user;
	const struct kube_cluster *cluster = creds->target.cluster;
	int rc = reread(cluster->ca_pem ? NULL : cluster->ca_file, &creds->ca, err);

	if (rc == 0)
		rc = reread(user->cert_pem ? NULL : user->cert_file, &creds->cert, err);
	if (rc == 0)
		rc = reread(user->key_pem ? NULL : user->key_file, &creds->key, err);
	if (rc == 0)
		rc = reread(user->token_file, &creds->token, err);
	if (rc < 0)
		return rc;
	if (creds->token)
		creds->token[strcspn(creds->token, " \t\r\n")] = '\0';
	creds->read_ms = clock_ms();
	creds->generation++;
	return 0;
}

/*
 * Add a kubeconfig file.  If @must is true, a missing file is an error, because the user named this
 * file.
 */
static int
add_file(struct creds *creds, const char *path, bool must, struct err *err)
{
	char *text = NULL;
	int rc = read_file(path, &text, err);

	if (rc == -ENOENT && !must)
		return 0;
	if (rc < 0)
		return rc;
	rc = kubeconfig_add(&creds->config, path, text, strlen(text), err);
	replace_secret(&text, NULL);
	return rc;
}

static int
add_list(struct creds *creds, const char *paths, struct err *err)
{
	char *copy = xstrdup(paths), *rest = copy, *path;
	int rc = 0;
	bool any = false;

	while (rc == 0 && (path = strsep(&rest, ":"))) {
		if (!path[0])
			continue;
		any |= access(path, F_OK) == 0;
		rc = add_file(creds, path, false, err);
	}
	free(copy);
	if (rc == 0 && !any)
		return err_set(err, -ENOENT, "KUBECONFIG: no such file: %.200s", paths);
	return rc;
}

static int
use_context(struct creds *creds, const char *where, const char *context, struct err *err)
{
	size_t size = strlen(where) + 256;
	int rc = kubeconfig_pick(&creds->config, context, &creds->target, err);

	if (rc < 0) {
		err_prefix(err, "%s: ", where);
		return rc;
	}
	creds->origin = xcalloc(size, 1);
	snprintf(creds->origin, size, "%s, context %.200s", where, creds->target.context);
	return 0;
}

/* Use the files of the service account, which the kubelet mounts into this pod. */
static int
use_service_account(struct creds *creds, const char *host, struct err *err)
{
	const char *port = getenv("KUBERNETES_SERVICE_PORT");
	struct arena *mem = &creds->config.mem;
	struct kube_cluster *cluster = arena_alloc(mem, sizeof(*cluster));
	struct kube_user *user = arena_alloc(mem, sizeof(*user));
	char *ns = NULL;
	int rc = read_file(SERVICE_ACCOUNT "/namespace", &ns, err);

	if (rc < 0)
		return rc;
	cluster->server = arena_printf(mem, strchr(host, ':') ? "https://[%s]:%s" : "https://%s:%s",
	    host, port ? port : "443");
	cluster->ca_file = SERVICE_ACCOUNT "/ca.crt";
	user->token_file = SERVICE_ACCOUNT "/token";
	ns[strcspn(ns, "\r\n")] = '\0';
	creds->target = (struct kube_target){ NULL, arena_strdup(mem, ns), cluster, user };
	free(ns);
	creds->origin = xstrdup("the pod's service account");
	return 0;
}

static int
find_creds(struct creds *creds, const struct creds_opts *opts, struct err *err)
{
	const char *list = getenv("KUBECONFIG"), *home = getenv("HOME");
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	char path[4096];
	int rc;

	if (opts->kubeconfig) {
		rc = add_file(creds, opts->kubeconfig, true, err);
		return rc < 0 ? rc : use_context(creds, opts->kubeconfig, opts->context, err);
	}
	if (list && list[0]) {
		rc = add_list(creds, list, err);
		return rc < 0 ? rc : use_context(creds, list, opts->context, err);
	}
	if (host && access(SERVICE_ACCOUNT "/token", R_OK) == 0)
		return use_service_account(creds, host, err);
	snprintf(path, sizeof(path), "%s/.kube/config", home ? home : "");
	if (access(path, F_OK) < 0)
		return err_set(err, -ENOENT, "no cluster: set --kubeconfig or KUBECONFIG, run in "
		    "a pod with a service account, or create %s", path);
	rc = add_file(creds, path, true, err);
	return rc < 0 ? rc : use_context(creds, path, opts->context, err);
}

int
creds_new(struct ev_loop *loop, const struct creds_opts *opts, struct creds **ret_creds,
    struct err *err)
{
	struct creds *creds = xcalloc(1, sizeof(*creds));
	int rc;

	creds->loop = loop;
	rc = find_creds(creds, opts, err);
	if (rc == 0)
		rc = reread_all(creds, err);
	if (rc < 0) {
		creds_free(creds);
		return rc;
	}
	*ret_creds = creds;
	return 0;
}

void
creds_free(struct creds *creds)
{
	if (!creds)
		return;
	exec_plugin_cancel(creds->plugin);
	exec_credential_done(&creds->cred);
	replace_secret(&creds->ca, NULL);
	replace_secret(&creds->cert, NULL);
	replace_secret(&creds->key, NULL);
	replace_secret(&creds->token, NULL);
	kubeconfig_done(&creds->config);
	free(creds->origin);
	free(creds);
}

/* Store the credential that the plugin printed before it ended, and call on_ready. */
static void
on_plugin_end(void *arg, const char *out, size_t len, const char *error)
{
	struct creds *creds = arg;
	const struct kube_exec *exec = creds->target.user->exec;
	struct err err = { "" };

	creds->plugin = NULL;
	exec_credential_done(&creds->cred);
	if (error)
		err_set(&err, 0, "%s", error);
	else if (decode_exec_credential(out, len, exec->api_version, &creds->cred, &err) == 0)
		creds->generation++;
	if (err.text[0])
		err_prefix(&err, "credential plugin %s: ", exec->command);
	creds->just_ran = true;
	if (creds->on_ready)
		creds->on_ready(creds->arg, err.text[0] ? err.text : NULL);
	creds->just_ran = false;
}

static int
start_plugin(struct creds *creds, const struct kube_exec *exec, struct err *err)
{
	const struct kube_cluster *cluster = creds->target.cluster;
	struct exec_info info = { .api_version = exec->api_version };
	char *text;

	if (exec->cluster_info) {
		info.server = cluster->server;
		info.tls_server_name = cluster->tls_server_name;
		info.ca_pem = cluster->ca_pem ? cluster->ca_pem : creds->ca;
		info.proxy_url = cluster->proxy_url;
		info.insecure = cluster->insecure;
	}
	text = encode_exec_info(&info);
	creds->plugin = exec_plugin_start(creds->loop, exec, text, on_plugin_end, creds, err);
	free(text);
	if (creds->plugin)
		return -EAGAIN;
	err_prefix(err, "credential plugin %s: ", exec->command);
	return -ENOEXEC;
}

/* True if a credential of the plugin exists that is new or does not expire soon. */
static bool
cred_is_usable(const struct creds *creds)
{
	const struct exec_credential *cred = &creds->cred;

	if (!cred->token && !cred->cert_pem)
		return false;
	return creds->just_ran || !cred->expires_s ||
	    cred->expires_s > clock_wall_s() + RENEW_EARLY_S;
}

static void
fill_user(const struct creds *creds, const struct kube_user *user, struct auth *auth)
{
	/* if the kubeconfig has both tokenFile and token, tokenFile counts, as in kubectl */
	auth->token = creds->token ? creds->token : user->token;
	auth->user = user->user;
	auth->password = user->password;
	auth->tls.cert_pem = user->cert_pem ? user->cert_pem : creds->cert;
	auth->tls.key_pem = user->key_pem ? user->key_pem : creds->key;
	if (creds->cred.token)
		auth->token = creds->cred.token;
	if (creds->cred.cert_pem) {
		auth->tls.cert_pem = creds->cred.cert_pem;
		auth->tls.key_pem = creds->cred.key_pem;
	}
}

int
creds_auth(struct creds *creds, struct auth *ret_auth, struct err *err)
{
	const struct kube_cluster *cluster = creds->target.cluster;
	const struct kube_user *user = creds->target.user;
	struct auth auth = { .server = cluster->server, .proxy = cluster->proxy_url };
	int rc;

	if (creds->plugin)
		return -EAGAIN;
	if (creds->read_ms == 0 || clock_ms() - creds->read_ms > REREAD_MS) {
		rc = reread_all(creds, err);
		if (rc < 0)
			return rc;
	}
	if (user && user->exec && !cred_is_usable(creds))
		return start_plugin(creds, user->exec, err);
	auth.tls.ca_pem = cluster->ca_pem ? cluster->ca_pem : creds->ca;
	auth.tls.server_name = cluster->tls_server_name;
	auth.tls.insecure = cluster->insecure;
	if (user)
		fill_user(creds, user, &auth);
	auth.generation = creds->generation;
	*ret_auth = auth;
	return 0;
}

void
creds_on_ready(struct creds *creds, void (*on_ready)(void *arg, const char *error), void *arg)
{
	creds->on_ready = on_ready;
	creds->arg = arg;
}

bool
creds_renew(struct creds *creds, unsigned int generation)
{
	const struct kube_user *user = creds->target.user;

	if (!user || (!user->token_file && !user->exec))
		return false;
	if (creds->plugin || generation != creds->generation)
		return true; /* newer credentials exist, or the plugin is running */
	creds->read_ms = 0;
	exec_credential_done(&creds->cred);
	return true;
}

const char *
creds_server(const struct creds *creds)
{
	return creds->target.cluster->server;
}

const char *
creds_origin(const struct creds *creds)
{
	return creds->origin;
}

const char *
creds_namespace(const struct creds *creds)
{
	return creds->target.ns;
}
