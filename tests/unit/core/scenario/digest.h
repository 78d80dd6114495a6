/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DIGEST_H
#define DIGEST_H

#include "arplet/action_plan.h"

/*
 * A digest is a hash (FNV-1a, 64 bits) over all actions of simulated daemons.  If two versions of
 * arplet have equal digests, they make the same decisions at the same times.
 */
#define DIGEST_INIT UINT64_C(0xcbf29ce484222325)

void digest_bytes(uint64_t *digest, const void *data, size_t len);
void digest_number(uint64_t *digest, int64_t value);
void digest_text(uint64_t *digest, const char *text); /* NULL differs from "" */
void digest_ip(uint64_t *digest, const struct ip *ip);
/*
 * digest_action - adds the fields of @act.  Leaves out messages of Events and conditions, because a
 * reworded message is not another decision.
 */
void digest_action(uint64_t *digest, const struct action *act);

#endif
