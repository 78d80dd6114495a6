/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/kubeconfig.h"

#include "unit.h"

#include <errno.h>
#include <string.h>

#define FILE_A "/etc/kube/a.yaml"

static const char good[] =
    "apiVersion: v1\n"
    "kind: Config\n"
    "current-context: home\n"
    "clusters:\n"
    "- name: c\n"
    "  cluster:\n"
    "    server: https://10.0.0.1:6443\n"
    "    certificate-authority: pki/ca.crt\n"
    "    certificate-authority-data: aGVsbG8gd29ybGQ=\n"
    "    tls-server-name: kubernetes\n"
    "    proxy-url: http://proxy:3128\n"
    "    insecure-skip-tls-verify: true\n"
    "users:\n"
    "- name: u\n"
    "  user:\n"
    "    client-certificate: u.crt\n"
    "    client-key: /abs/u.key\n"
    "    tokenFile: token\n"
    "    username: jo\n"
    "    password: \"1234\"\n"
    "    exec:\n"
    "      apiVersion: client.authentication.k8s.io/v1beta1\n"
    "      command: bin/login\n"
    "      args: [get, token]\n"
    "      env: [{name: REGION, value: north}]\n"
    "      provideClusterInfo: true\n"
    "contexts:\n"
    "- name: home\n"
    "  context: {cluster: c, user: u, namespace: lan}\n"
    "- name: nobody\n"
    "  context: {cluster: c}\n";

static void
all_fields_are_read(void **state)
{
	struct kubeconfig config = { 0 };
	struct kube_target target;
	struct err err = { "" };

	(void)state;
	if (kubeconfig_add(&config, FILE_A, good, strlen(good), &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(kubeconfig_pick(&config, NULL, &target, &err), 0);
	assert_string_equal(target.context, "home");
	assert_string_equal(target.ns, "lan");
	assert_string_equal(target.cluster->server, "https://10.0.0.1:6443");
	assert_string_equal(target.cluster->ca_file, "/etc/kube/pki/ca.crt");
	assert_string_equal(target.cluster->ca_pem, "hello world");
	assert_string_equal(target.cluster->tls_server_name, "kubernetes");
	assert_string_equal(target.cluster->proxy_url, "http://proxy:3128");
	assert_true(target.cluster->insecure);
	assert_string_equal(target.user->cert_file, "/etc/kube/u.crt");
	assert_string_equal(target.user->key_file, "/abs/u.key");
	assert_string_equal(target.user->token_file, "/etc/kube/token");
	assert_null(target.user->token);
	assert_string_equal(target.user->user, "jo");
	assert_string_equal(target.user->password, "1234");
	assert_string_equal(target.user->exec->command, "/etc/kube/bin/login");
	assert_string_equal(target.user->exec->args.v[1], "token");
	assert_string_equal(target.user->exec->env.v[0].key, "REGION");
	assert_string_equal(target.user->exec->env.v[0].value, "north");
	assert_true(target.user->exec->cluster_info);
	assert_int_equal(kubeconfig_pick(&config, "nobody", &target, &err), 0);
	assert_null(target.user);
	kubeconfig_done(&config);
}

static void
the_first_file_wins(void **state)
{
	static const char second[] =
	    "current-context: away\n"
	    "clusters: [{name: c, cluster: {server: \"https://second\"}},"
	    "{name: d, cluster: {server: \"https://d\"}}]\n"
	    "contexts: [{name: away, context: {cluster: d, user: u}}]\n";
	struct kubeconfig config = { 0 };
	struct kube_target target;
	struct err err = { "" };

	(void)state;
	assert_int_equal(kubeconfig_add(&config, FILE_A, good, strlen(good), &err), 0);
	assert_int_equal(kubeconfig_add(&config, "b", second, strlen(second), &err), 0);
	assert_int_equal(kubeconfig_pick(&config, NULL, &target, &err), 0);
	assert_string_equal(target.cluster->server, "https://10.0.0.1:6443");
	assert_int_equal(kubeconfig_pick(&config, "away", &target, &err), 0);
	assert_string_equal(target.cluster->server, "https://d");
	assert_string_equal(target.user->user, "jo"); /* of the first file */
	kubeconfig_done(&config);
}

static const struct bad_case {
	const char *name, *text, *error;
} bads[] = {
	{ "a syntax error has a line number", "a: [", "f: line " },
	{ "a server that is a number is refused", "clusters: [{name: c, cluster: {server: 6443}}]",
	    "f: clusters[0].cluster.server: must be a string" },
	{ "a token that is a number is refused, and not shown", "users: [{name: u, user: {token: 4711}}]",
	    "f: users[0].user.token: must be a string" },
	{ "data that is not base64 are refused, and not shown",
	    "users: [{name: u, user: {client-key-data: \"-----BEGIN\"}}]",
	    "f: users[0].user.client-key-data: must be base64" },
	{ "an entry without a name is refused", "contexts: [{context: {cluster: c}}]", "f: contexts[0].name: is required" },
	{ "clusters that are an object are refused", "clusters: {c: {}}", "f: clusters: must be a list" },
	{ "a plugin of an unknown apiVersion is refused",
	    "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}}]",
	    "f: users[0].user.exec.apiVersion: must be client.authentication.k8s.io/v1 or v1beta1" },
	{ "a plugin without a command is refused",
	    "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1}}}]",
	    "f: users[0].user.exec: command is required" },
	{ "a variable without a name is refused",
	    "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: x,"
	    "env: [{value: x}]}}}]", "f: users[0].user.exec.env[0]: name is required and must not contain \"=\"" },
};

static void
check_bad(void **state)
{
	const struct bad_case *c = *state;
	struct kubeconfig config = { 0 };
	struct err err = { "" };

	assert_int_equal(kubeconfig_add(&config, "f", c->text, strlen(c->text), &err), -EBADMSG);
	if (strncmp(err.text, c->error, strlen(c->error)) != 0)
		fail_msg("error: %s", err.text);
	assert_null(strstr(err.text, "4711"));
	assert_null(strstr(err.text, "BEGIN"));
	kubeconfig_done(&config);
}

static const struct pick_case {
	const char *name, *text, *context, *error;
} picks[] = {
	{ "an empty file has no current-context", "", NULL, "current-context is not set" },
	{ "the current-context must exist", "current-context: a", NULL, "context \"a\" does not exist" },
	{ "a context named by the caller must exist", "current-context: a", "b", "context \"b\" does not exist" },
	{ "the cluster of a context must exist", "contexts: [{name: a, context: {cluster: x}}]", "a",
	    "cluster \"x\" of context \"a\" does not exist" },
	{ "the user of a context must exist",
	    "contexts: [{name: a, context: {cluster: x, user: z}}]\nclusters: [{name: x}]", "a",
	    "user \"z\" of context \"a\" does not exist" },
	{ "a cluster must have a server", "contexts: [{name: a, context: {cluster: x}}]\nclusters: [{name: x}]",
	    "a", "cluster \"x\": server is required" },
};

static void
check_pick(void **state)
{
	const struct pick_case *c = *state;
	struct kubeconfig config = { 0 };
	struct kube_target target;
	struct err err = { "" };

	assert_int_equal(kubeconfig_add(&config, "f", c->text, strlen(c->text), &err), 0);
	assert_int_equal(kubeconfig_pick(&config, c->context, &target, &err), -ENOENT);
	if (strncmp(err.text, c->error, strlen(c->error)) != 0)
		fail_msg("error: %s", err.text);
	kubeconfig_done(&config);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fields_are_read),
		cmocka_unit_test(the_first_file_wins),
	};
	int failed = UNIT_TABLE("files that are refused", bads, check_bad);

	failed += UNIT_TABLE("contexts that are refused", picks, check_pick);
	failed += cmocka_run_group_tests_name("kubeconfig", tests, NULL, NULL);
	return failed != 0;
}
