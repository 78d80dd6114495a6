/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_DURATION_H
#define ARPLET_DURATION_H

#include <stdint.h>

/*
 * duration_parse - read "90s", "1m30s" or "500ms": whole numbers with the units h, m, s and ms, in
 * any order.  -EINVAL: @text is no such duration.
 */
int duration_parse(const char *text, int64_t *ret_ms) __attribute__((warn_unused_result));

#endif
