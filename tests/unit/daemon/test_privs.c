/* SPDX-License-Identifier: Apache-2.0 */
/* A process cannot regain a dropped privilege, so each case runs in a child process. */
#include "daemon/privs.h"
#include "unit.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

/* An assertion for use in child processes, because cmocka's assertions do not work there. */
#define need(condition)                                                                      \
	do {                                                                                 \
		if (!(condition)) {                                                          \
			fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
			_exit(1);                                                            \
		}                                                                            \
	} while (0)

/* Returns the number after @key in /proc/self/status; @base is the number's base, such as 16. */
static unsigned long
status(const char *key, int base)
{
	FILE *f = fopen("/proc/self/status", "re");
	size_t len = strlen(key);
	char line[256];

	need(f);
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, key, len) == 0 && line[len] == ':') {
			fclose(f);
			return strtoul(line + len + 1, NULL, base);
		}
	}
	need(!"the line is there");
	return 0;
}

static bool
can_bind_low_port(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(987) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), rc = bind(fd, (struct sockaddr *)&sa, sizeof(sa));

	need(rc == 0 || errno == EACCES || errno == EADDRINUSE);
	close(fd);
	return rc == 0 || errno == EADDRINUSE;
}

static bool
can_open_packet_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	need(fd >= 0 || errno == EPERM);
	close(fd);
	return fd >= 0;
}

static void
need_net_raw_alone(void)
{
	need(status("CapPrm", 16) == 1UL << CAP_NET_RAW);
	need(status("CapEff", 16) == 1UL << CAP_NET_RAW);
	need(status("CapBnd", 16) == 1UL << CAP_NET_RAW);
	need(status("CapInh", 16) == 0);
	need(status("CapAmb", 16) == 0);
	need(status("NoNewPrivs", 10) == 1);
	need(can_open_packet_socket());
	need(!can_bind_low_port());
}

static void
root_keeps_net_raw_alone(void)
{
	need(can_bind_low_port());
	need(privs_drop(NULL, NULL) == 1);
	need_net_raw_alone();
	need(getuid() == 0);
}

static void
another_user_keeps_net_raw_alone(void)
{
	need(setgroups(1, &(gid_t){ 1 }) == 0);
	need(privs_drop("nobody", NULL) == 1);
	need_net_raw_alone();
	need(getuid() == NOBODY && geteuid() == NOBODY && getegid() != 0);
	need(getgroups(0, NULL) == 0);
	need(setuid(0) < 0);
}

static void
an_unknown_user_is_refused(void)
{
	struct err err = { "" };

	need(privs_drop("no-such-user", &err) == -ENOENT);
	need(strstr(err.text, "--user: user \"no-such-user\" does not exist"));
}

static void
a_process_without_capabilities_starts(void)
{
	need(setuid(NOBODY) == 0);
	need(privs_drop(NULL, NULL) == 0);
	need(status("CapPrm", 16) == 0 && status("NoNewPrivs", 10) == 1);
	need(!can_open_packet_socket());
}

static void
a_user_other_than_root_cannot_change_the_user(void)
{
	struct err err = { "" };

	need(setuid(NOBODY) == 0);
	need(privs_drop("root", &err) == -EPERM);
	need(strstr(err.text, "--user: cannot become \"root\""));
}

/* False in builds with AddressSanitizer, where mlock() has no effect. */
static bool
mlock_is_real(void)
{
#ifdef __has_feature
#if __has_feature(address_sanitizer)
	return false;
#endif
#elif defined(__SANITIZE_ADDRESS__)
	return false;
#endif
	return prctl(PR_CAPBSET_READ, CAP_IPC_LOCK, 0, 0, 0) == 1;
}

static void
root_gets_priority_and_locked_code(void)
{
	privs_prioritize();
	if (prctl(PR_CAPBSET_READ, CAP_SYS_NICE, 0, 0, 0) == 1)
		need(getpriority(PRIO_PROCESS, 0) == -15);
	if (mlock_is_real())
		need(status("VmLck", 10) > 0);
}

static void
a_user_without_privileges_keeps_the_normal_priority(void)
{
	need(setuid(NOBODY) == 0);
	privs_prioritize();
	need(getpriority(PRIO_PROCESS, 0) >= 0);
}

static const struct privs_case {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "root keeps only CAP_NET_RAW", root_keeps_net_raw_alone },
	{ "another user keeps only CAP_NET_RAW", another_user_keeps_net_raw_alone },
	{ "an unknown user is an error", an_unknown_user_is_refused },
	{ "a process without capabilities starts", a_process_without_capabilities_starts },
	{ "a user other than root cannot change the user",
	    a_user_other_than_root_cannot_change_the_user },
	{ "root gets a higher priority and locks its code in memory",
	    root_gets_priority_and_locked_code },
	{ "a user without privileges keeps the normal priority",
	    a_user_without_privileges_keeps_the_normal_priority },
};

static void
check_case(void **state)
{
	const struct privs_case *c = *state;
	pid_t pid;
	int rc;

	if (geteuid() != 0 || prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) != 1)
		skip();
	pid = fork();
	if (pid == 0) {
		c->run();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &rc, 0), pid);
	assert_int_equal(rc, 0);
}

int
main(void)
{
	return UNIT_TABLE("privs", cases, check_case);
}
