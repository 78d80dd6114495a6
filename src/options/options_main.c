/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "options.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Read this pod's namespace from its service account's files; NULL if this process is in no pod. */
static const char *
own_namespace(char *buf, size_t size)
{
	FILE *f = fopen("/var/run/secrets/kubernetes.io/serviceaccount/namespace", "re");
	const char *ns = NULL;

	if (!f)
		return NULL;
	if (fgets(buf, (int)size, f)) {
		buf[strcspn(buf, "\n")] = '\0';
		ns = *buf ? buf : NULL;
	}
	fclose(f);
	return ns;
}

/*
 * Returns the host name in lower case, which kubelet by default uses as the name of the Node; NULL:
 * unknown.
 */
static const char *
own_hostname(char *buf, size_t size)
{
	if (gethostname(buf, size - 1) < 0)
		return NULL;
	buf[size - 1] = '\0';
	for (char *p = buf; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return *buf ? buf : NULL;
}

static const char *
env_get(const char *name)
{
	return getenv(name);
}

int
options_main(int argc, char **argv, struct options *ret_opts)
{
	static char hostname[HOST_NAME_MAX + 1], pod_ns[64];
	struct options_host host = { env_get, own_hostname(hostname, sizeof(hostname)),
		own_namespace(pod_ns, sizeof(pod_ns)) };
	struct err err;

	if (options_parse(argc, argv, &host, ret_opts, &err) < 0) {
		fprintf(stderr, "arplet: %s\nTry \"arplet --help\".\n", err.text);
		return OPTIONS_USAGE;
	}
	if (!ret_opts->help && !ret_opts->version)
		return OPTIONS_RUN;
	if (ret_opts->help)
		options_help(stdout);
	else
		puts("arplet " PACKAGE_VERSION);
	options_done(ret_opts);
	return 0;
}
