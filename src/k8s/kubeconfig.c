/* SPDX-License-Identifier: Apache-2.0 */
#include "kubeconfig.h"

#include "arplet/yaml.h"
#include "json_fields.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One file that is being merged. */
struct merge {
	struct kubeconfig *config;
	const char *file;
	struct err *err;
	int rc;
};

/* A file named in @file is meant relative to the folder that @file is in. */
static const char *
beside(struct arena *mem, const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');

	if (!name || !name[0])
		return NULL;
	if (name[0] == '/' || !slash)
		return name;
	return arena_printf(mem, "%.*s/%s", (int)(slash - file), file, name);
}

static int
read_file_name(const struct reading *rd, const struct at *up, const char *key, const char *file,
    const char **ret_name)
{
	const char *name = NULL;
	int rc = READ(string, rd, up, key, &name);

	*ret_name = beside(rd->mem, file, name);
	return rc;
}

/* Base64 of a text (PEM). */
static int
read_data(const struct reading *rd, const struct at *up, const char *key, const char **ret_text)
{
	struct at at = at_key(up, key);
	const char *b64 = NULL;
	int rc = read_string(rd, &at, &b64);
	size_t len;
	char *text;

	if (rc <= 0 || !b64[0])
		return rc;
	len = strcspn(b64, " \t\r\n");
	text = arena_alloc(rd->mem, len / 4 * 3 + 1);
	if (b64[len + strspn(b64 + len, " \t\r\n")] || len > (1u << 20) ||
	    EVP_DecodeBlock((unsigned char *)text, (const unsigned char *)b64, (int)len) < 0)
		return at_fail(rd, &at, "is not base64");
	text[len / 4 * 3] = '\0'; /* what stands for the padding decodes to NULs before it */
	*ret_text = text;
	return rc;
}

static int
read_cluster(const struct reading *rd, const struct at *at, const char *file,
    struct kube_entry *entry)
{
	struct kube_cluster *c = &entry->u.cluster;
	struct at inner = at_key(at, "cluster");
	int rc = READ(string, rd, &inner, "server", &c->server);

	if (rc >= 0)
		rc = read_file_name(rd, &inner, "certificate-authority", file, &c->ca_file);
	if (rc >= 0)
		rc = read_data(rd, &inner, "certificate-authority-data", &c->ca_pem);
	if (rc >= 0)
		rc = READ(string, rd, &inner, "tls-server-name", &c->tls_server_name);
	if (rc >= 0)
		rc = READ(string, rd, &inner, "proxy-url", &c->proxy_url);
	if (rc >= 0)
		rc = READ(bool, rd, &inner, "insecure-skip-tls-verify", &c->insecure);
	return rc;
}

static int
read_env(const struct reading *rd, const struct at *exec, struct labels *env)
{
	struct at list = at_key(exec, "env");
	int rc = read_array(rd, &list, &env->n);

	if (rc <= 0)
		return rc;
	env->v = arena_calloc(rd->mem, env->n, sizeof(*env->v));
	for (size_t i = 0; rc >= 0 && i < env->n; i++) {
		struct at one = at_index(&list, i);

		env->v[i] = (struct label){ "", "" };
		rc = READ(string, rd, &one, "name", &env->v[i].key);
		if (rc >= 0)
			rc = READ(string, rd, &one, "value", &env->v[i].value);
		if (rc >= 0 && (!env->v[i].key[0] || strchr(env->v[i].key, '=')))
			rc = at_fail(rd, &one, "must have a name");
	}
	return rc;
}

static int
read_exec(const struct reading *rd, const struct at *user, const char *file,
    const struct kube_exec **ret_exec)
{
	struct at at = at_key(user, "exec"), version = at_key(&at, "apiVersion");
	struct kube_exec *exec;
	int rc = read_object(rd, &at);

	if (rc <= 0)
		return rc;
	exec = arena_alloc(rd->mem, sizeof(*exec));
	exec->api_version = "";
	rc = read_string(rd, &version, &exec->api_version);
	if (rc >= 0 && strcmp(exec->api_version, "client.authentication.k8s.io/v1") != 0 &&
	    strcmp(exec->api_version, "client.authentication.k8s.io/v1beta1") != 0)
		rc = at_fail(rd, &version, "must be client.authentication.k8s.io/v1 or v1beta1");
	if (rc >= 0)
		rc = READ(string, rd, &at, "command", &exec->command);
	if (rc >= 0 && (!exec->command || !exec->command[0]))
		rc = at_fail(rd, &at, "must have a command");
	if (rc >= 0 && strchr(exec->command, '/')) /* otherwise it is looked for in PATH */
		exec->command = beside(rd->mem, file, exec->command);
	if (rc >= 0)
		rc = READ(strings, rd, &at, "args", &exec->args);
	if (rc >= 0)
		rc = read_env(rd, &at, &exec->env);
	if (rc >= 0)
		rc = READ(string, rd, &at, "installHint", &exec->hint);
	if (rc >= 0)
		rc = READ(bool, rd, &at, "provideClusterInfo", &exec->cluster_info);
	*ret_exec = exec;
	return rc;
}

static int
read_user(const struct reading *rd, const struct at *at, const char *file,
    struct kube_entry *entry)
{
	struct kube_user *u = &entry->u.user;
	struct at inner = at_key(at, "user");
	int rc = read_file_name(rd, &inner, "client-certificate", file, &u->cert_file);

	if (rc >= 0)
		rc = read_data(rd, &inner, "client-certificate-data", &u->cert_pem);
	if (rc >= 0)
		rc = read_file_name(rd, &inner, "client-key", file, &u->key_file);
	if (rc >= 0)
		rc = read_data(rd, &inner, "client-key-data", &u->key_pem);
	if (rc >= 0)
		rc = READ(string, rd, &inner, "token", &u->token);
	if (rc >= 0)
		rc = read_file_name(rd, &inner, "tokenFile", file, &u->token_file);
	if (rc >= 0)
		rc = READ(string, rd, &inner, "username", &u->user);
	if (rc >= 0)
		rc = READ(string, rd, &inner, "password", &u->password);
	if (rc >= 0)
		rc = read_exec(rd, &inner, file, &u->exec);
	return rc;
}

static int
read_context(const struct reading *rd, const struct at *at, const char *file,
    struct kube_entry *entry)
{
	struct at inner = at_key(at, "context");
	int rc = READ(string, rd, &inner, "cluster", &entry->u.context.cluster);

	(void)file;
	if (rc >= 0)
		rc = READ(string, rd, &inner, "user", &entry->u.context.user);
	if (rc >= 0)
		rc = READ(string, rd, &inner, "namespace", &entry->u.context.ns);
	return rc;
}

static struct kube_entry *
find(const struct kube_entries *entries, const char *name)
{
	for (size_t i = 0; name && i < entries->n; i++) {
		if (strcmp(entries->v[i].name, name) == 0)
			return &entries->v[i];
	}
	return NULL;
}

/* Append the named entries of one list; find() takes the first of a name. */
static int
merge_list(const struct merge *merge, const struct reading *rd, const struct at *root,
    const char *key, struct kube_entries *entries,
    int (*read)(const struct reading *, const struct at *, const char *, struct kube_entry *))
{
	struct at list = at_key(root, key);
	struct kube_entries all = *entries;
	size_t n = 0;
	int rc = read_array(rd, &list, &n);

	if (rc <= 0)
		return rc;
	all.v = arena_calloc(rd->mem, all.n + n, sizeof(*all.v));
	if (entries->n)
		memcpy(all.v, entries->v, entries->n * sizeof(*all.v));
	for (size_t i = 0; i < n; i++) {
		struct at one = at_index(&list, i), name = at_key(&one, "name");
		struct kube_entry entry = { .name = "" };

		rc = read_string(rd, &name, &entry.name);
		if (rc >= 0 && !entry.name[0])
			rc = at_fail(rd, &name, "must be given");
		if (rc >= 0)
			rc = read(rd, &one, merge->file, &entry);
		if (rc < 0)
			return rc;
		all.v[all.n++] = entry;
	}
	*entries = all;
	return 0;
}

static int
merge_root(struct merge *merge, const struct at *root)
{
	struct kubeconfig *config = merge->config;
	struct reading rd = { &config->mem, merge->err };
	const char *current = NULL;
	int rc = READ(string, &rd, root, "current-context", &current);

	if (rc >= 0)
		rc = merge_list(merge, &rd, root, "clusters", &config->clusters, read_cluster);
	if (rc >= 0)
		rc = merge_list(merge, &rd, root, "users", &config->users, read_user);
	if (rc >= 0)
		rc = merge_list(merge, &rd, root, "contexts", &config->contexts, read_context);
	if (rc >= 0 && !config->current && current && current[0])
		config->current = current;
	return rc;
}

static void
on_doc(void *arg, const struct yaml_doc *doc)
{
	struct merge *merge = arg;
	struct json_object *json;
	struct at root;

	if (merge->rc < 0)
		return;
	if (doc->error) {
		merge->rc = err_set(merge->err, -EBADMSG, "line %u: %s", doc->line, doc->error);
		return;
	}
	merge->rc = parse_json(doc->json, strlen(doc->json), &json, merge->err);
	if (merge->rc < 0)
		return;
	root = (struct at){ .v = json };
	merge->rc = merge_root(merge, &root);
	drop_json(json);
}

int
kubeconfig_add(struct kubeconfig *config, const char *file, const char *text, size_t len,
    struct err *err)
{
	struct merge merge = { config, file, err, 0 };

	yaml_read(text, len, on_doc, &merge);
	if (merge.rc < 0)
		err_prefix(err, "%s: ", file);
	return merge.rc < 0 ? merge.rc : 0;
}

/* The sentence, and which contexts there are. */
__attribute__((format(printf, 3, 4))) static int
refuse_context(const struct kubeconfig *config, struct err *err, const char *fmt, ...)
{
	char what[160], names[256] = "";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < config->contexts.n; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
		    i ? ", " : "; --context may be ", config->contexts.v[i].name);
	return err_set(err, -ENOENT, "%s%s", what, names);
}

int
kubeconfig_pick(const struct kubeconfig *config, const char *context,
    struct kube_target *ret_target, struct err *err)
{
	const struct kube_entry *ctx, *cluster, *user;

	context = context ? context : config->current;
	if (!context)
		return refuse_context(config, err, "current-context: is not set");
	ctx = find(&config->contexts, context);
	if (!ctx)
		return refuse_context(config, err, "contexts: there is no \"%.100s\"", context);
	cluster = find(&config->clusters, ctx->u.context.cluster);
	user = find(&config->users, ctx->u.context.user);
	if (!cluster)
		return err_set(err, -ENOENT,
		    "clusters: there is no \"%s\", which context \"%s\" names",
		    ctx->u.context.cluster ? ctx->u.context.cluster : "", context);
	if (ctx->u.context.user && !user)
		return err_set(err, -ENOENT, "users: there is no \"%s\", which context \"%s\" names",
		    ctx->u.context.user, context);
	if (!cluster->u.cluster.server)
		return err_set(err, -ENOENT, "clusters: \"%s\" has no server", cluster->name);
	*ret_target = (struct kube_target){ context, ctx->u.context.ns, &cluster->u.cluster,
		user ? &user->u.user : NULL };
	return 0;
}

void
kubeconfig_done(struct kubeconfig *config)
{
	arena_done(&config->mem);
	*config = (struct kubeconfig){ 0 };
}
