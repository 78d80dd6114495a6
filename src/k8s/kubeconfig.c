/* SPDX-License-Identifier: Apache-2.0 */
#include "kubeconfig.h"

#include "arplet/yaml.h"
#include "json_fields.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The arguments and the result of merging one kubeconfig file. */
struct kubeconfig_merge {
	struct kubeconfig *config;
	const char *file;
	struct err *err;
	int rc;
};

/*
 * Resolve @name, a file name from the kubeconfig @file.  A relative @name starts at the folder of
 * @file.
 */
static const char *
resolve_file_name(struct arena *mem, const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');

	if (!name || !name[0])
		return NULL;
	if (name[0] == '/' || !slash)
		return name;
	return arena_printf(mem, "%.*s/%s", (int)(slash - file), file, name);
}

static int
read_file_name(const struct json_reader *rd, const struct json_field *parent, const char *key,
    const char *file, const char **ret_name)
{
	const char *name = NULL;
	int rc = READ(string, rd, parent, key, &name);

	*ret_name = resolve_file_name(rd->mem, file, name);
	return rc;
}

/* Decode a base64 field into text (PEM). */
static int
read_data(const struct json_reader *rd, const struct json_field *parent, const char *key,
    const char **ret_text)
{
	struct json_field field = json_member(parent, key);
	const char *b64 = NULL;
	int rc = read_string(rd, &field, &b64);
	size_t len;
	char *text;

	if (rc <= 0 || !b64[0])
		return rc;
	len = strcspn(b64, " \t\r\n");
	text = arena_alloc(rd->mem, len / 4 * 3 + 1);
	if (b64[len + strspn(b64 + len, " \t\r\n")] || len > (1u << 20) ||
	    EVP_DecodeBlock((unsigned char *)text, (const unsigned char *)b64, (int)len) < 0)
		return json_field_error(rd, &field, "must be base64");
	text[len / 4 * 3] = '\0'; /* if @b64 ends with padding, other NULs precede this NUL */
	*ret_text = text;
	return rc;
}

static int
read_cluster(const struct json_reader *rd, const struct json_field *field, const char *file,
    struct kube_entry *entry)
{
	struct kube_cluster *c = &entry->u.cluster;
	struct json_field inner = json_member(field, "cluster");
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
read_env(const struct json_reader *rd, const struct json_field *exec, struct labels *env)
{
	struct json_field list = json_member(exec, "env");
	int rc = read_array(rd, &list, &env->n);

	if (rc <= 0)
		return rc;
	env->v = arena_calloc(rd->mem, env->n, sizeof(*env->v));
	for (size_t i = 0; rc >= 0 && i < env->n; i++) {
		struct json_field one = json_element(&list, i);

		env->v[i] = (struct label){ "", "" };
		rc = READ(string, rd, &one, "name", &env->v[i].key);
		if (rc >= 0)
			rc = READ(string, rd, &one, "value", &env->v[i].value);
		if (rc >= 0 && (!env->v[i].key[0] || strchr(env->v[i].key, '=')))
			rc = json_field_error(rd, &one,
			    "name is required and must not contain \"=\"");
	}
	return rc;
}

static int
read_exec(const struct json_reader *rd, const struct json_field *user, const char *file,
    const struct kube_exec **ret_exec)
{
	struct json_field field = json_member(user, "exec"),
	    version = json_member(&field, "apiVersion");
	struct kube_exec *exec;
	int rc = read_object(rd, &field);

	if (rc <= 0)
		return rc;
	exec = arena_alloc(rd->mem, sizeof(*exec));
	exec->api_version = "";
	rc = read_string(rd, &version, &exec->api_version);
	if (rc >= 0 && strcmp(exec->api_version, "client.authentication.k8s.io/v1") != 0 &&
	    strcmp(exec->api_version, "client.authentication.k8s.io/v1beta1") != 0)
		rc = json_field_error(rd, &version,
		    "must be client.authentication.k8s.io/v1 or v1beta1");
	if (rc >= 0)
		rc = READ(string, rd, &field, "command", &exec->command);
	if (rc >= 0 && (!exec->command || !exec->command[0]))
		rc = json_field_error(rd, &field, "command is required");
	/* a command without a slash is searched in PATH */
	if (rc >= 0 && strchr(exec->command, '/'))
		exec->command = resolve_file_name(rd->mem, file, exec->command);
	if (rc >= 0)
		rc = READ(strings, rd, &field, "args", &exec->args);
	if (rc >= 0)
		rc = read_env(rd, &field, &exec->env);
	if (rc >= 0)
		rc = READ(string, rd, &field, "installHint", &exec->hint);
	if (rc >= 0)
		rc = READ(bool, rd, &field, "provideClusterInfo", &exec->cluster_info);
	*ret_exec = exec;
	return rc;
}

static int
read_user(const struct json_reader *rd, const struct json_field *field, const char *file,
    struct kube_entry *entry)
{
	struct kube_user *u = &entry->u.user;
	struct json_field inner = json_member(field, "user");
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
read_context(const struct json_reader *rd, const struct json_field *field, const char *file,
    struct kube_entry *entry)
{
	struct json_field inner = json_member(field, "context");
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

/*
 * Append the entries of one list of a kubeconfig file, such as its clusters.  If two entries have
 * the same name, find() returns the first entry.
 */
static int
merge_list(const struct kubeconfig_merge *merge, const struct json_reader *rd,
    const struct json_field *root, const char *key, struct kube_entries *entries,
    int (*read)(const struct json_reader *, const struct json_field *, const char *,
    struct kube_entry *))
{
	struct json_field list = json_member(root, key);
	struct kube_entries all = *entries;
	size_t n = 0;
	int rc = read_array(rd, &list, &n);

	if (rc <= 0)
		return rc;
	all.v = arena_calloc(rd->mem, all.n + n, sizeof(*all.v));
	if (entries->n)
		memcpy(all.v, entries->v, entries->n * sizeof(*all.v));
	for (size_t i = 0; i < n; i++) {
		struct json_field one = json_element(&list, i), name = json_member(&one, "name");
		struct kube_entry entry = { .name = "" };

		rc = read_string(rd, &name, &entry.name);
		if (rc >= 0 && !entry.name[0])
			rc = json_field_error(rd, &name, "is required");
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
merge_root(struct kubeconfig_merge *merge, const struct json_field *root)
{
	struct kubeconfig *config = merge->config;
	struct json_reader rd = { .mem = &config->mem, .err = merge->err };
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
	struct kubeconfig_merge *merge = arg;
	struct json_object *json;
	struct json_field root;

	if (merge->rc < 0)
		return;
	if (doc->error) {
		merge->rc = err_set(merge->err, -EBADMSG, "line %u: %s", doc->line, doc->error);
		return;
	}
	merge->rc = parse_json(doc->json, strlen(doc->json), &json, merge->err);
	if (merge->rc < 0)
		return;
	root = (struct json_field){ .value = json };
	merge->rc = merge_root(merge, &root);
	free_json(json);
}

int
kubeconfig_add(struct kubeconfig *config, const char *file, const char *text, size_t len,
    struct err *err)
{
	struct kubeconfig_merge merge = { config, file, err, 0 };

	yaml_read(text, len, on_doc, &merge);
	if (merge.rc < 0)
		err_prefix(err, "%s: ", file);
	return merge.rc < 0 ? merge.rc : 0;
}

/* Set an error that ends with the names of all contexts. */
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
		    i ? ", " : "; choose one with --context: ", config->contexts.v[i].name);
	return err_set(err, -ENOENT, "%s%s", what, names);
}

int
kubeconfig_pick(const struct kubeconfig *config, const char *context,
    struct kube_target *ret_target, struct err *err)
{
	const struct kube_entry *ctx, *cluster, *user;

	context = context ? context : config->current;
	if (!context)
		return refuse_context(config, err, "current-context is not set");
	ctx = find(&config->contexts, context);
	if (!ctx)
		return refuse_context(config, err, "context \"%.100s\" does not exist", context);
	cluster = find(&config->clusters, ctx->u.context.cluster);
	user = find(&config->users, ctx->u.context.user);
	if (!cluster)
		return err_set(err, -ENOENT,
		    "cluster \"%s\" of context \"%s\" does not exist",
		    ctx->u.context.cluster ? ctx->u.context.cluster : "", context);
	if (ctx->u.context.user && !user)
		return err_set(err, -ENOENT,
		    "user \"%s\" of context \"%s\" does not exist",
		    ctx->u.context.user, context);
	if (!cluster->u.cluster.server)
		return err_set(err, -ENOENT, "cluster \"%s\": server is required", cluster->name);
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
