/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "privs.h"

#include <errno.h>
#include <grp.h>
#include <link.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NICE (-15) /* a higher priority than kubelet and containerd, which run with nice 0 */

/* This file calls the kernel without libcap: one capability does not justify a dependency. */
static int
caps_get(struct __user_cap_data_struct *ret_caps)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return syscall(SYS_capget, &head, ret_caps) < 0 ? -errno : 0;
}

static int
caps_set(const struct __user_cap_data_struct *caps)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return syscall(SYS_capset, &head, caps) < 0 ? -errno : 0;
}

static bool
has_cap(const struct __user_cap_data_struct *caps, int cap)
{
	return caps[CAP_TO_INDEX(cap)].permitted & CAP_TO_MASK(cap);
}

/*
 * Become @user and keep the permitted capabilities (PR_SET_KEEPCAPS).  The change of user clears
 * the effective capabilities; privs_drop() sets them again.
 */
static int
become_user(const char *user, struct err *err)
{
	const struct passwd *pw;

	errno = 0;
	pw = getpwnam(user);
	if (!pw)
		return err_set(err, errno ? -errno : -ENOENT,
		    "--user: user \"%.100s\" does not exist", user);
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setgroups(0, NULL) < 0 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) < 0 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) < 0 ||
	    prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return err_set(err, -errno, "--user: cannot become \"%.100s\": %s", user,
		    strerror(errno));
	return 0;
}

/*
 * Drop all capabilities except CAP_NET_RAW from the bounding set, so that no executed program can
 * gain a dropped capability.  The loop ends when PR_CAPBSET_READ fails, because the kernel has no
 * capability with this number.
 */
static int
drop_bounding_set(void)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if (cap != CAP_NET_RAW && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -errno;
	}
	return 0;
}

/* Lock the program's code.  Returns 1, so that dl_iterate_phdr() does not visit the libraries. */
static int
lock_program_code(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size, (void)arg;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_X)
			(void)mlock((void *)(info->dlpi_addr + segment->p_vaddr), segment->p_memsz);
	}
	return 1;
}

void
privs_prioritize(void)
{
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	dl_iterate_phdr(lock_program_code, NULL);
}

int
privs_drop(const char *user, struct err *err)
{
	struct __user_cap_data_struct had[_LINUX_CAPABILITY_U32S_3] = { 0 };
	struct __user_cap_data_struct keep[_LINUX_CAPABILITY_U32S_3] = { 0 };
	int rc = caps_get(had);

	if (rc < 0)
		return err_set(err, rc, "cannot read capabilities: %s", strerror(-rc));
	if (has_cap(had, CAP_SETPCAP) && (rc = drop_bounding_set()) < 0)
		return err_set(err, rc, "cannot limit the capability bounding set: %s",
		    strerror(-rc));
	if (user && (rc = become_user(user, err)) < 0)
		return rc;
	if (has_cap(had, CAP_NET_RAW)) {
		keep[CAP_TO_INDEX(CAP_NET_RAW)].permitted = CAP_TO_MASK(CAP_NET_RAW);
		keep[CAP_TO_INDEX(CAP_NET_RAW)].effective = CAP_TO_MASK(CAP_NET_RAW);
	}
	/* the inheritable set in @keep is empty, so the kernel also empties the ambient set */
	rc = caps_set(keep);
	if (rc < 0)
		return err_set(err, rc, "cannot drop capabilities: %s", strerror(-rc));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, -errno, "cannot set no_new_privs: %s", strerror(errno));
	return has_cap(had, CAP_NET_RAW);
}
