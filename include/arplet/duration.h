/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_DURATION_H
#define ARPLET_DURATION_H

#include <stdint.h>

/*
 * duration_parse - read a duration such as "1m30s" or "500ms": whole numbers, each with a unit (h,
 * m, s or ms), in any order.  -EINVAL: @text is no such duration.
 */
int duration_parse(const char *text, int64_t *ret_ms) __attribute__((warn_unused_result));

#endif
