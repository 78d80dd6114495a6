/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "arplet/arena.h"
#include "option_values.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum option_kind {
	OPT_FLAG,     /* bool */
	OPT_STRING,   /* const char *, not empty */
	OPT_NAME,     /* const char *, a DNS-1123 subdomain of at most .max characters */
	OPT_CLASS,    /* const char *, a loadBalancerClass */
	OPT_CHOICE,   /* enum, whose value is the index in .choices */
	OPT_DURATION, /* int64_t, milliseconds, .min to .max */
	OPT_ADDR,     /* struct ip_port, or "off" */
	OPT_PORT,     /* uint16_t, or "off" (0) */
	OPT_LIST,     /* struct option_list: each use of the option adds an element */
	OPT_HEADING,  /* no option: a heading of --help */
};

#define AT(field) offsetof(struct options, field)
#define SECOND    INT64_C(1000)

static const char *const levels[] = { "error", "warn", "info", "debug", NULL };
static const char *const formats[] = { "text", "json", NULL };
static const char *const policies[] = { "defend", "yield", NULL }; /* enum ann_policy */
static const char *const outputs[] = { "table", "json", "yaml", NULL };

/* Every option, in the order of --help. */
static const struct option_row {
	const char *name;
	char letter;
	const char *arg; /* name of the option's argument in --help; NULL: none */
	enum option_kind kind;
	size_t at;          /* offset of the field in struct options */
	const char *preset; /* the default, in the syntax of the command line; NULL: none */
	const char *env;    /* environment variable that replaces the default; NULL: none */
	const char *const *choices;
	int64_t min, max;
	bool dry_run_only;
	const char *help;
} rows[] = {
	{ "The cluster:", .kind = OPT_HEADING },
	{ "kubeconfig", 0, "FILE", OPT_STRING, AT(kubeconfig),
	    .help = "kubeconfig with the API server's address\n"
	            "(default: $KUBECONFIG, the pod's service account, ~/.kube/config)" },
	{ "context", 0, "NAME", OPT_STRING, AT(context),
	    .help = "context of the kubeconfig (default: current-context)" },
	{ "node-name", 0, "NAME", OPT_NAME, AT(node_name), .env = "NODE_NAME", .max = 253,
	    .help = "name of this Node (default: $NODE_NAME, the host name)" },
	{ "namespace", 0, "NS", OPT_NAME, AT(pool_ns), .env = "POD_NAMESPACE", .max = 63,
	    .help = "namespace of the pools and advertisements (default:\n"
	            "$POD_NAMESPACE, the pod's namespace, metallb-system)" },
	{ "lb-class", 0, "CLASS", OPT_CLASS, AT(lb_class),
	    .help = "serve Services of this loadBalancerClass\n"
	            "(default: Services without a loadBalancerClass)" },
	{ "ignore-exclude-lb", 0, NULL, OPT_FLAG, AT(ignore_exclude_lb),
	    .help = "announce also from Nodes with the label\n"
	            "node.kubernetes.io/exclude-from-external-load-balancers" },
	{ "leave-cordoned", 0, NULL, OPT_FLAG, AT(leave_cordoned),
	    .help = "do not announce from cordoned (unschedulable) Nodes" },
	{ "The daemon:", .kind = OPT_HEADING },
	{ "http", 0, "ADDR:PORT", OPT_ADDR, AT(http), "127.0.0.1:7475",
	    .help = "address of the metrics and health pages,\nor \"off\"" },
	{ "lease-name", 0, "NAME", OPT_NAME, AT(lease_name), "arplet", .max = 253,
	    .help = "Lease that the allocator holds" },
	{ "lease-duration", 0, "TIME", OPT_DURATION, AT(lease_duration_ms), "10s",
	    .min = 3 * SECOND, .max = 120 * SECOND,
	    .help = "time after which the Lease of a dead allocator expires" },
	{ "refresh-interval", 0, "TIME", OPT_DURATION, AT(refresh_ms), "60s",
	    .min = 1 * SECOND, .max = 3600 * SECOND,
	    .help = "re-announce addresses at this interval" },
	{ "hello-interval", 0, "TIME", OPT_DURATION, AT(hello_ms), "100ms",
	    .min = 20, .max = 10 * SECOND,
	    .help = "send hellos to the peers at this interval" },
	{ "dead-time", 0, "TIME", OPT_DURATION, AT(dead_ms), "350ms",
	    .min = 60, .max = 60 * SECOND,
	    .help = "a peer is dead after this time without a hello; at\n"
	            "least three times --hello-interval" },
	{ "hello-port", 0, "PORT", OPT_PORT, AT(hello_port), "7475",
	    .help = "UDP port for hellos to peers that receive no multicast\n"
	            "hellos, the same on all nodes; or \"off\"" },
	{ "hello-secret", 0, "NAME", OPT_NAME, AT(hello_secret), "arplet-hello", .max = 253,
	    .help = "Secret with the key of hellos; the allocator writes a\nkey into an empty one" },
	{ "conflict", 0, "POLICY", OPT_CHOICE, AT(conflict), "defend", .choices = policies,
	    .help = "what to do when another host claims an\naddress" },
	{ "no-address-check", 0, NULL, OPT_FLAG, AT(no_check),
	    .help = "allocate addresses without probing them on the LAN" },
	{ "user", 0, "NAME", OPT_STRING, AT(user),
	    .help = "become this user after the start, with CAP_NET_RAW\n"
	            "only; arplet must be started as root" },
	{ "log-level", 0, "LEVEL", OPT_CHOICE, AT(log_level), "info", .choices = levels,
	    .help = "log this level and above" },
	{ "log-format", 0, "FORMAT", OPT_CHOICE, AT(log_format), "text", .choices = formats,
	    .help = "format of the log" },
	{ "The dry run:", .kind = OPT_HEADING },
	{ "dry-run", 0, NULL, OPT_FLAG, AT(dry_run),
	    .help = "print what arplet would allocate and announce, without\nwriting anything" },
	{ "watch", 0, NULL, OPT_FLAG, AT(watch), .dry_run_only = true,
	    .help = "print changes until interrupted" },
	{ "filename", 'f', "FILE", OPT_LIST, AT(files), .dry_run_only = true,
	    .help = "read objects from FILE, a folder or - (standard\n"
	            "input), not from a cluster; may be repeated" },
	{ "output", 'o', "FORMAT", OPT_CHOICE, AT(output), "table", .choices = outputs,
	    .dry_run_only = true, .help = "format of the output" },
	{ "Other:", .kind = OPT_HEADING },
	{ "version", 0, NULL, OPT_FLAG, AT(version), .help = "print the version" },
	{ "help", 'h', NULL, OPT_FLAG, AT(help), .help = "print this help" },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/*
 * getopt_long() returns this value for the long option in rows[row]; the value is larger than any
 * option letter.
 */
#define VALUE_OF(row) (256 + (int)(row))

/* Parse @text, the argument of option @row (NULL for a flag), into @opts. */
static int
set_value(const struct option_row *row, const char *text, struct options *opts, struct err *err)
{
	void *field = (char *)opts + row->at;
	struct option_list *list = field;

	switch (row->kind) {
	case OPT_FLAG:
		*(bool *)field = true;
		return 0;
	case OPT_CHOICE:
		return value_choice(text, row->choices, field, err);
	case OPT_DURATION:
		return value_duration(text, row->min, row->max, field, err);
	case OPT_ADDR:
		return value_addr(text, field, err);
	case OPT_PORT:
		return value_port(text, field, err);
	case OPT_NAME:
		if (value_name(text, (size_t)row->max, err) < 0)
			return -EINVAL;
		break;
	case OPT_CLASS:
		if (value_class(text, err) < 0)
			return -EINVAL;
		break;
	case OPT_STRING:
	case OPT_LIST:
		if (!*text)
			return err_set(err, -EINVAL, "must not be empty");
		break;
	case OPT_HEADING:
		return 0;
	}
	if (row->kind == OPT_LIST) {
		list->v = xrealloc(list->v, list->n + 1, sizeof(*list->v));
		list->v[list->n++] = text;
	} else {
		*(const char **)field = text;
	}
	return 0;
}

/*
 * Set each option from its environment variable, or else to its default.  An empty environment
 * variable counts as not set.
 */
static int
set_presets(const struct options_host *host, struct options *opts, struct err *err)
{
	for (size_t i = 0; i < ROWS; i++) {
		const char *env = rows[i].env ? host->getenv(rows[i].env) : NULL;

		if (env && *env) {
			if (set_value(&rows[i], env, opts, err) < 0) {
				err_prefix(err, "$%s: ", rows[i].env);
				return -EINVAL;
			}
		} else if (rows[i].preset && set_value(&rows[i], rows[i].preset, opts, err) < 0) {
			abort(); /* a default in rows[] is invalid */
		}
	}
	return 0;
}

/* Report the long option @arg, which is unknown, or an abbreviation of several options. */
static int
unknown_option(const char *arg, struct err *err)
{
	size_t len = strcspn(arg, "=");
	char all[256] = "";

	for (size_t i = 0; i < ROWS && len > 2; i++) {
		if (rows[i].kind != OPT_HEADING && !strncmp(rows[i].name, arg + 2, len - 2))
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s--%s",
			    *all ? ", " : "", rows[i].name);
	}
	if (*all)
		return err_set(err, -EINVAL, "ambiguous option %.100s; it may mean %s", arg, all);
	return err_set(err, -EINVAL, "unknown option %.100s", arg);
}

/* Report an error of getopt_long(), which returned @c at the word @arg. */
static int
bad_option(int c, const char *arg, struct err *err)
{
	const struct option_row *row = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		if (optopt && (optopt == VALUE_OF(i) || optopt == rows[i].letter))
			row = &rows[i];
	}
	if (c == ':' && row)
		return err_set(err, -EINVAL, "--%s needs an argument: %s", row->name, row->arg);
	if (row)
		return err_set(err, -EINVAL, "--%s takes no argument", row->name);
	if (optopt)
		return err_set(err, -EINVAL, "unknown option -%c", optopt);
	return unknown_option(arg, err);
}

/* Check the combination of options.  given[i] is true if the command line contains rows[i]. */
static int
check_combination(const struct options *opts, const bool *given, struct err *err)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (given[i] && rows[i].dry_run_only && !opts->dry_run)
			return err_set(err, -EINVAL, "--%s requires --dry-run", rows[i].name);
	}
	if (opts->watch && opts->files.n)
		return err_set(err, -EINVAL,
		    "--watch cannot be combined with --filename");
	if (opts->files.n && (opts->kubeconfig || opts->context))
		return err_set(err, -EINVAL,
		    "--filename cannot be combined with --kubeconfig or --context");
	if (opts->dead_ms < 3 * opts->hello_ms)
		return err_set(err, -EINVAL,
		    "--dead-time (%" PRId64 "ms) must be at least three times --hello-interval "
		    "(%" PRId64 "ms), or a single lost hello moves addresses",
		    opts->dead_ms, opts->hello_ms);
	if (!opts->node_name)
		return err_set(
		    err, -EINVAL, "--node-name is required, because this host has no name");
	return 0;
}

static int
parse_argv(int argc, char **argv, struct options *opts, bool *given, struct err *err)
{
	struct option longs[ROWS + 1] = { 0 };
	char shorts[2 * ROWS + 2] = ":";
	size_t n = 0;
	int c;

	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].kind == OPT_HEADING)
			continue;
		longs[n++] = (struct option){ rows[i].name,
			rows[i].arg ? required_argument : no_argument, NULL, VALUE_OF(i) };
		if (rows[i].letter)
			snprintf(shorts + strlen(shorts), 3, "%c%s", rows[i].letter,
			    rows[i].arg ? ":" : "");
	}
	optind = 0; /* makes glibc's getopt_long() reset its state */
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		size_t i = 0;

		if (c == '?' || c == ':')
			return bad_option(c, argv[optind - 1], err);
		while (c != VALUE_OF(i) && c != rows[i].letter)
			i++;
		given[i] = true;
		if (set_value(&rows[i], optarg, opts, err) < 0) {
			err_prefix(err, "--%s: ", rows[i].name);
			return -EINVAL;
		}
	}
	if (optind < argc)
		return err_set(err, -EINVAL, "unexpected argument \"%.100s\"", argv[optind]);
	return 0;
}

int
options_parse(int argc, char **argv, const struct options_host *host, struct options *ret_opts,
    struct err *err)
{
	struct options opts = { .pool_ns = host->pod_ns ? host->pod_ns : "metallb-system",
		.node_name = host->hostname };
	bool given[ROWS] = { false };

	if (set_presets(host, &opts, err) < 0 || parse_argv(argc, argv, &opts, given, err) < 0 ||
	    (!opts.help && !opts.version && check_combination(&opts, given, err) < 0)) {
		options_done(&opts);
		return -EINVAL;
	}
	*ret_opts = opts;
	return 0;
}

void
options_done(struct options *opts)
{
	free(opts->files.v);
	opts->files = (struct option_list){ 0 };
}

void
options_each_name(void (*visit)(void *arg, const char *name), void *arg)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].kind != OPT_HEADING)
			visit(arg, rows[i].name);
	}
}

/* The column of the help texts in --help. */
#define HELP_COLUMN 30

static void
help_row(FILE *out, const struct option_row *row)
{
	char left[64];
	const char *line = row->help, *end;

	snprintf(left, sizeof(left), row->letter ? "  -%c, --%s %s" : "  %.0d    --%s %s",
	    row->letter, row->name, row->arg ? row->arg : "");
	if (strlen(left) >= HELP_COLUMN)
		fprintf(out, "%s\n%*s", left, HELP_COLUMN, "");
	else
		fprintf(out, "%-*s", HELP_COLUMN, left);
	for (; (end = strchr(line, '\n')); line = end + 1)
		fprintf(out, "%.*s\n%*s", (int)(end - line), line, HELP_COLUMN, "");
	fputs(line, out);
	for (size_t i = 0; row->choices && row->choices[i]; i++)
		fprintf(out, "%s%s", i ? ", " : ": ", row->choices[i]);
	if (row->preset)
		fprintf(out, " (default: %s)", row->preset);
	fputc('\n', out);
}

void
options_help(FILE *out)
{
	fputs("Usage: arplet [OPTION]...\n"
	      "       arplet --dry-run [--watch] [-f FILE]... [-o FORMAT] [OPTION]...\n"
	      "\n"
	      "Allocates addresses to the LoadBalancer Services of a Kubernetes cluster, and\n"
	      "announces them on the local network by ARP and IPv6 neighbour discovery.\n",
	    out);
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].kind == OPT_HEADING)
			fprintf(out, "\n%s\n", rows[i].name);
		else
			help_row(out, &rows[i]);
	}
	fputs("\nSee arplet(8).\n", out);
}
