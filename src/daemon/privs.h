/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_PRIVS_H
#define DAEMON_PRIVS_H

#include "arplet/err.h"

/*
 * privs_favour - have this process run before others and keep its own code in memory, as far as the
 * system permits: a busy node must not be taken for a dead one.  To be called before privs_drop().
 */
void privs_favour(void);

/*
 * privs_drop - keep CAP_NET_RAW, which packet sockets take, and give up all else for good: every
 * other capability in every set, and that a program run from here could gain any.  With @user
 * (NULL: none), become that user too, which takes root.
 *
 * Returns whether CAP_NET_RAW is left: 1, or 0 where this process never had it, which is no
 * error.  -errno with a sentence when something is kept that should be gone.
 */
int privs_drop(const char *user, struct err *err) __attribute__((warn_unused_result));

#endif
