/* SPDX-License-Identifier: Apache-2.0 */
#include "options/options.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 8

/* The environment of a test case: at most one variable. */
static const char *env_name, *env_value;

static const char *
get_env(const char *name)
{
	return env_name && strcmp(name, env_name) == 0 ? env_value : NULL;
}

static int
parse(const char *const *words, const char *pod_ns, struct options *ret_opts, struct err *err)
{
	struct options_host host = { get_env, "this-host", pod_ns };
	char *argv[WORDS + 2] = { (char *)"arplet" };
	int argc = 1;

	for (; words[argc - 1]; argc++)
		argv[argc] = (char *)words[argc - 1];
	return options_parse(argc, argv, &host, ret_opts, err);
}

static const struct refused_case {
	const char *name, *words[WORDS];
	const char *error; /* part of the message */
	const char *env, *env_value;
} refused[] = {
	{ "an unknown option", { "--frobnicate" }, "unknown option --frobnicate" },
	{ "an unknown letter", { "-x" }, "unknown option -x" },
	{ "an ambiguous abbreviation", { "--lo", "x" },
	    "ambiguous option --lo; it may mean --log-level, --log-format" },
	{ "an unknown option with a value", { "--frobnicate=x" }, "unknown option --frob" },
	{ "a class with a blank", { "--lb-class", "a b" },
	    "--lb-class: \"a b\" is not a loadBalancerClass such as example.com/lan" },
	{ "an empty class", { "--lb-class", "" }, "is not a loadBalancerClass" },
	{ "a class with two slashes", { "--lb-class", "a/b/c" }, "is not a loadBalancerClass" },
	{ "a class that is a prefix alone", { "--lb-class", "a/" }, "is not a loadBalancerClass" },
	{ "a hello interval too long for the dead time", { "--hello-interval", "200ms" },
	    "--dead-time (350ms) must be at least three times --hello-interval (200ms)" },
	{ "a missing argument", { "--http" }, "--http needs an argument: ADDR:PORT" },
	{ "a missing argument of a letter", { "--dry-run", "-f" },
	    "--filename needs an argument: FILE" },
	{ "an argument for a flag", { "--dry-run=yes" }, "--dry-run takes no argument" },
	{ "an argument that is no option", { "status" }, "unexpected argument \"status\"" },
	{ "an argument after --", { "--", "--help" }, "unexpected argument \"--help\"" },
	{ "an empty string", { "--kubeconfig", "" }, "--kubeconfig: must not be empty" },
	{ "a Lease too short", { "--lease-duration", "2999ms" },
	    "--lease-duration: \"2999ms\" is not between 3s and 120s" },
	{ "a Lease too long", { "--lease-duration", "2m1s" }, "is not between 3s and 120s" },
	{ "a refresh too often", { "--refresh-interval=500ms" }, "is not between 1s and 3600s" },
	{ "a time without a unit", { "--lease-duration", "10" },
	    "--lease-duration: \"10\" is not a time such as 30s" },
	{ "a time without a number", { "--lease-duration", "s" }, "is not a time" },
	{ "a negative time", { "--lease-duration", "-5s" }, "is not a time" },
	{ "a time in days", { "--lease-duration", "1d" }, "is not a time" },
	{ "a fraction of a time", { "--lease-duration", "4.5s" }, "is not a time" },
	{ "a time that overflows", { "--lease-duration", "99999999999999999999s" },
	    "is not a time" },
	{ "an empty time", { "--lease-duration", "" }, "is not a time" },
	{ "an unknown level", { "--log-level", "loud" },
	    "--log-level: \"loud\" is not one of error, warn, info, debug" },
	{ "an unknown format", { "--dry-run", "-o", "xml" },
	    "--output: \"xml\" is not one of table, json, yaml" },
	{ "a port alone", { "--http", "7475" }, "--http: \"7475\" is not an address with a port" },
	{ "an address alone", { "--http", "127.0.0.1" }, "is not an address with a port" },
	{ "no port", { "--http", "127.0.0.1:" }, "is not an address with a port" },
	{ "port 0", { "--http", "127.0.0.1:0" }, "is not an address with a port" },
	{ "a port too high", { "--http", "127.0.0.1:65536" }, "is not an address with a port" },
	{ "a port with a sign", { "--http", "127.0.0.1:+80" }, "is not an address with a port" },
	{ "a host name", { "--http", "localhost:80" }, "is not an address with a port" },
	{ "IPv6 without brackets", { "--http", "::1:80" }, "is not an address with a port" },
	{ "IPv4 in brackets", { "--http", "[127.0.0.1]:80" }, "is not an address with a port" },
	{ "an open bracket", { "--http", "[::1:80" }, "is not an address with a port" },
	{ "UDP port 0", { "--hello-port", "0" },
	    "--hello-port: \"0\" is not a port from 1 to 65535, and not \"off\"" },
	{ "a UDP port too high", { "--hello-port", "65536" }, "is not a port from 1 to 65535" },
	{ "a UDP port with a sign", { "--hello-port", "-1" }, "is not a port from 1 to 65535" },
	{ "no address", { "--http", ":80" }, "is not an address with a port" },
	{ "a node name with a slash", { "--node-name", "a/b" },
	    "--node-name: \"a/b\" is not a valid name in Kubernetes" },
	{ "a Lease name in capitals", { "--lease-name", "Arplet" }, "is not a valid name" },
	{ "a namespace that ends in a dash", { "--namespace", "a-" }, "is not a valid name" },
	{ "a namespace too long",
	    { "--namespace", "a123456789b123456789c123456789d123456789e123456789f123456789abcd" },
	    "at most 63" },
	{ "a bad variable", { NULL }, "$NODE_NAME: \"No de\" is not a valid name", "NODE_NAME",
	    "No de" },
	{ "--watch in the daemon", { "--watch" }, "--watch requires --dry-run" },
	{ "-f in the daemon", { "-f", "x" }, "--filename requires --dry-run" },
	{ "-o in the daemon", { "-o", "table" }, "--output requires --dry-run" },
	{ "--watch with files", { "--dry-run", "--watch", "-f", "x" },
	    "--watch cannot be combined with --filename" },
	{ "files and a cluster", { "--dry-run", "-f", "x", "--kubeconfig", "y" },
	    "--filename cannot be combined with --kubeconfig or --context" },
	{ "files and a context", { "--dry-run", "-f", "x", "--context", "y" },
	    "--filename cannot be combined with --kubeconfig or --context" },
};

static void
check_refused(void **state)
{
	const struct refused_case *c = *state;
	struct options opts = { .lease_name = "untouched" };
	struct err err = { "" };

	env_name = c->env;
	env_value = c->env_value;
	assert_int_equal(parse(c->words, NULL, &opts, &err), -EINVAL);
	env_name = NULL;
	if (!strstr(err.text, c->error))
		fail_msg("error: %s", err.text);
	assert_string_equal(opts.lease_name, "untouched");
}

static const struct time_case {
	const char *name, *text;
	int64_t want_ms;
} times[] = {
	{ "seconds", "30s", 30000 },
	{ "minutes and seconds", "1m30s", 90000 },
	{ "milliseconds", "4500ms", 4500 },
	{ "the shortest time", "3s", 3000 },
	{ "the longest time", "2m", 120000 },
};

static void
check_time(void **state)
{
	const struct time_case *c = *state;
	struct options opts;

	assert_int_equal(parse((const char *[]){ "--lease-duration", c->text, NULL }, NULL, &opts,
	                     NULL), 0);
	assert_int_equal(opts.lease_duration_ms, c->want_ms);
	options_done(&opts);
}

static const struct addr_case {
	const char *name, *text;
	const char *ip; /* NULL: off */
	uint16_t port;
} addrs[] = {
	{ "IPv4", "192.0.2.7:80", "192.0.2.7", 80 },
	{ "every IPv4 address", "0.0.0.0:7475", "0.0.0.0", 7475 },
	{ "IPv6", "[2001:db8::1]:65535", "2001:db8::1", 65535 },
	{ "every address", "[::]:1", "::", 1 },
	{ "no address at all: off", "off", NULL, 0 },
};

static void
check_addr(void **state)
{
	const struct addr_case *c = *state;
	char buf[IP_TEXT_MAX];
	struct options opts;

	assert_int_equal(parse((const char *[]){ "--http", c->text, NULL }, NULL, &opts, NULL), 0);
	assert_int_equal(opts.http.port, c->port);
	if (c->ip)
		assert_string_equal(ip_format(&opts.http.ip, buf), c->ip);
	else
		assert_int_equal(opts.http.ip.family, 0);
	options_done(&opts);
}

/*
 * The value of an option comes from the command line, or else from the environment variable, the
 * pod, or the default.
 */
static const struct source_case {
	const char *name, *words[WORDS];
	const char *env, *env_value, *pod_ns;
	const char *node, *ns;
} sources[] = {
	{ "the defaults", { NULL }, NULL, NULL, NULL, "this-host", "metallb-system" },
	{ "a pod's namespace", { NULL }, NULL, NULL, "pod-ns", "this-host", "pod-ns" },
	{ "$POD_NAMESPACE", { NULL }, "POD_NAMESPACE", "env-ns", "pod-ns", "this-host", "env-ns" },
	{ "an empty variable counts as not set",
	    { NULL }, "POD_NAMESPACE", "", "pod-ns", "this-host",
	    "pod-ns" },
	{ "--namespace", { "--namespace=ns" }, "POD_NAMESPACE", "env-ns", "pod-ns", "this-host",
	    "ns" },
	{ "$NODE_NAME", { NULL }, "NODE_NAME", "env-node", NULL, "env-node", "metallb-system" },
	{ "--node-name", { "--node-name", "node.1" }, "NODE_NAME", "env-node", NULL, "node.1",
	    "metallb-system" },
	{ "the last of two equal options counts",
	    { "--node-name", "a", "--node-name", "b" }, NULL, NULL, NULL, "b",
	    "metallb-system" },
};

static void
check_source(void **state)
{
	const struct source_case *c = *state;
	struct options opts;

	env_name = c->env;
	env_value = c->env_value;
	assert_int_equal(parse(c->words, c->pod_ns, &opts, NULL), 0);
	env_name = NULL;
	assert_string_equal(opts.node_name, c->node);
	assert_string_equal(opts.pool_ns, c->ns);
	options_done(&opts);
}

static void
the_defaults_are_those_of_the_manual(void **state)
{
	char buf[IP_TEXT_MAX];
	struct options opts;

	(void)state;
	assert_int_equal(parse((const char *[]){ NULL }, NULL, &opts, NULL), 0);
	assert_null(opts.kubeconfig);
	assert_null(opts.context);
	assert_null(opts.lb_class);
	assert_null(opts.user);
	assert_string_equal(ip_format(&opts.http.ip, buf), "127.0.0.1");
	assert_int_equal(opts.http.port, 7475);
	assert_int_equal(opts.hello_port, 7475);
	assert_string_equal(opts.lease_name, "arplet");
	assert_int_equal(opts.lease_duration_ms, 10000);
	assert_int_equal(opts.refresh_ms, 60000);
	assert_int_equal(opts.log_level, LOG_LEVEL_INFO);
	assert_int_equal(opts.log_format, LOG_FORMAT_TEXT);
	assert_int_equal(opts.output, OUTPUT_TABLE);
	assert_false(opts.ignore_exclude_lb || opts.dry_run || opts.watch || opts.help ||
	    opts.version);
	assert_int_equal(opts.files.n, 0);
	options_done(&opts);
}

static void
every_option_reaches_its_field(void **state)
{
	struct options opts;

	(void)state;
	assert_int_equal(parse((const char *[]){ "--dry-run", "-f", "a", "--filename=b", "-oyaml",
	                           "--log-level=debug", "--log-format=json", NULL },
	                     NULL, &opts, NULL), 0);
	assert_true(opts.dry_run);
	assert_int_equal(opts.files.n, 2);
	assert_string_equal(opts.files.v[0], "a");
	assert_string_equal(opts.files.v[1], "b");
	assert_int_equal(opts.output, OUTPUT_YAML);
	assert_int_equal(opts.log_level, LOG_LEVEL_DEBUG);
	assert_int_equal(opts.log_format, LOG_FORMAT_JSON);
	options_done(&opts);
	assert_int_equal(parse((const char *[]){ "--kubeconfig=k", "--context=c", "--lb-class=l",
	                           "--ignore-exclude-lb", "--lease-name=n", "--user=u",
	                           "--refresh-interval=30s", NULL },
	                     NULL, &opts, NULL), 0);
	assert_string_equal(opts.kubeconfig, "k");
	assert_string_equal(opts.context, "c");
	assert_string_equal(opts.lb_class, "l");
	assert_true(opts.ignore_exclude_lb);
	assert_string_equal(opts.lease_name, "n");
	assert_string_equal(opts.user, "u");
	assert_int_equal(opts.refresh_ms, 30000);
	options_done(&opts);
	assert_int_equal(parse((const char *[]){ "--dry-run", "--watch", NULL }, NULL, &opts,
	                     NULL), 0);
	assert_true(opts.watch);
	options_done(&opts);
}

static void
help_works_with_an_invalid_combination_of_options(void **state)
{
	struct options opts;

	(void)state;
	assert_int_equal(parse((const char *[]){ "-h", "--watch", NULL }, NULL, &opts, NULL), 0);
	assert_true(opts.help);
	options_done(&opts);
}

static void
check_help_contains(void *arg, const char *name)
{
	char word[64];

	snprintf(word, sizeof(word), " --%s ", name);
	if (!strstr(arg, word))
		fail_msg("--%s is not in the help", name);
}

static void
help_shows_every_option_in_100_columns(void **state)
{
	char *text = NULL;
	size_t len, width;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	options_help(out);
	fclose(out);
	options_each_name(check_help_contains, text);
	for (const char *line = text; *line; line += width + 1) {
		width = strcspn(line, "\n");
		assert_true(width <= 100);
	}
	assert_non_null(strstr(text, "(default: 127.0.0.1:7475)"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest whole[] = {
		cmocka_unit_test(the_defaults_are_those_of_the_manual),
		cmocka_unit_test(every_option_reaches_its_field),
		cmocka_unit_test(help_works_with_an_invalid_combination_of_options),
		cmocka_unit_test(help_shows_every_option_in_100_columns),
	};

	return UNIT_TABLE("refused", refused, check_refused) +
	    UNIT_TABLE("times", times, check_time) + UNIT_TABLE("addresses", addrs, check_addr) +
	    UNIT_TABLE("sources", sources, check_source) +
	    cmocka_run_group_tests_name("options", whole, NULL, NULL);
}
