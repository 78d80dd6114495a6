/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPTIONS_OPTIONS_H
#define OPTIONS_OPTIONS_H

#include "arplet/announcer.h"
#include "arplet/err.h"
#include "arplet/ip.h"
#include "util/log.h"

#include <stdbool.h>
#include <stdio.h>

/* The values are in the order in which options.c lists the arguments of --output. */
enum output {
	OUTPUT_TABLE,
	OUTPUT_JSON,
	OUTPUT_YAML,
};

/* The values of all options.  Strings point into argv, the environment or struct options_host. */
struct options {
	const char *kubeconfig; /* NULL: $KUBECONFIG, the service account, ~/.kube/config */
	const char *context;    /* NULL: current-context */
	const char *node_name;
	const char *pool_ns;
	const char *lb_class; /* NULL: Services without a loadBalancerClass */
	bool ignore_exclude_lb;
	bool leave_cordoned;
	struct ip_port http;
	const char *lease_name;
	int64_t lease_duration_ms;
	int64_t refresh_ms;
	int64_t hello_ms, dead_ms;
	uint16_t hello_port; /* UDP port; 0: hellos are only multicast frames */
	const char *hello_secret;
	enum ann_policy conflict;
	bool no_check;
	const char *user; /* NULL: keep the user */
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

/* The environment of the process, as far as options depend on it. */
struct options_host {
	const char *(*getenv)(const char *name);
	const char *hostname; /* default of --node-name; NULL: unknown */
	const char *pod_ns;   /* namespace of the pod that this process runs in; NULL: no pod */
};

/*
 * options_parse - parse @argv. options_parse() reads the environment only from @host, and prints
 * nothing.
 *
 * Returns -EINVAL with a message that names the option or variable, and the values that it accepts.
 * With --help or --version, combinations of options are not checked.
 */
int options_parse(int argc, char **argv, const struct options_host *host,
    struct options *ret_opts, struct err *err) __attribute__((warn_unused_result));
void options_done(struct options *opts);

/* options_help - print the text of --help. */
void options_help(FILE *out);

/* options_each_name - call @visit with the name of each long option, in the order of --help. */
void options_each_name(void (*visit)(void *arg, const char *name), void *arg);

enum {
	OPTIONS_RUN = -1,
	OPTIONS_USAGE = 2, /* exit status after a wrong command line */
};

/*
 * options_main - call options_parse() with the environment of this process, and print the help, the
 * version or an error.  Returns OPTIONS_RUN if the program must continue, otherwise the exit status
 * of the program.
 */
int options_main(int argc, char **argv, struct options *ret_opts)
	__attribute__((warn_unused_result));

#endif
