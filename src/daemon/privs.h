/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_PRIVS_H
#define DAEMON_PRIVS_H

#include "arplet/err.h"

/*
 * privs_prioritize - raise the scheduling priority and lock the program's code in memory, so that
 * the daemon sends its hellos in time even on a busy node.  Errors, such as missing permissions,
 * are ignored.  Call this function before privs_drop().
 */
void privs_prioritize(void);

/*
 * privs_drop - drop all privileges except CAP_NET_RAW, which packet sockets need.
 *
 * The process loses all other capabilities in all of its capability sets, and cannot regain one by
 * executing a program.  If @user is not NULL, the process also changes to that user; only root can
 * change the user.
 *
 * Returns 1 if the process has CAP_NET_RAW, 0 if it never had it, or a negative errno and @err if
 * the process could not drop a privilege.
 */
int privs_drop(const char *user, struct err *err) __attribute__((warn_unused_result));

#endif
