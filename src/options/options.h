/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include "arplet/announcer.h"
#include "arplet/err.h"
#include "arplet/ip.h"
#include "util/log.h"

#include <stdbool.h>
#include <stdio.h>

/* The order of the names that --output takes. */
enum output {
	OUTPUT_TABLE,
	OUTPUT_JSON,
	OUTPUT_YAML,
};

/* What the command line, the environment and the defaults say.  Strings point into argv. */
struct options {
	const char *kubeconfig; /* NULL: not given, look where kubectl looks */
	const char *context;    /* NULL: the current one of the kubeconfig */
	const char *node_name;
	const char *pool_ns;
	const char *lb_class; /* NULL: Services without a class */
	bool ignore_exclude_lb;
	bool leave_cordoned;
	struct ip_port http;
	const char *lease_name;
	int64_t lease_duration_ms;
	int64_t refresh_ms;
	int64_t hello_ms, dead_ms;
	const char *hello_secret;
	enum ann_policy conflict;
	bool no_check;
	const char *user; /* NULL: stay who we are */
	enum log_level log_level;
	enum log_format log_format;
	bool dry_run;
	bool watch;
	struct option_list {
		const char **v;
		size_t n;
	} files;
	enum output output;
	bool version, help;
};

/* What the options may depend on besides argv. */
struct options_host {
	const char *(*getenv)(const char *name);
	const char *hostname; /* the node name when nothing else says it */
	const char *pod_ns;   /* namespace of the pod that this runs in; NULL: in none */
};

/*
 * options_parse - read @argv.  -EINVAL with a sentence that names the flag (or the variable) and
 * what it takes.  Besides @host it looks at nothing and prints nothing.  With --help or --version
 * the rest may be incomplete.
 */
int options_parse(int argc, char **argv, const struct options_host *host,
    struct options *ret_opts, struct err *err) __attribute__((warn_unused_result));
void options_done(struct options *opts);

/* options_help - the text of --help. */
void options_help(FILE *out);

/* options_each_name - every long option's name, in the order of --help. */
void options_each_name(void (*visit)(void *arg, const char *name), void *arg);

enum {
	OPTIONS_RUN = -1,
	OPTIONS_USAGE = 2, /* the exit status for a wrong command line */
};

/*
 * options_main - options_parse() with this process's environment, and what goes with it: prints
 * help, version or the complaint.  OPTIONS_RUN, or the status to exit with.
 */
int options_main(int argc, char **argv, struct options *ret_opts)
	__attribute__((warn_unused_result));

#endif
