/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_OPTVALUE_H
#define DAEMON_OPTVALUE_H

#include "arplet/ip.h"

/*
 * The arguments that options take, read from text.  -EINVAL with a sentence that quotes what was
 * written and says what would be right; the output is untouched then.
 */

/* value_duration - "90s", "1m30s", "500ms": whole numbers with units, from @min_ms to @max_ms. */
int value_duration(const char *text, int64_t min_ms, int64_t max_ms, int64_t *ret_ms,
    struct err *err) __attribute__((warn_unused_result));

/* value_addr - "127.0.0.1:7475", "[::1]:7475" or "off". */
int value_addr(const char *text, struct ip_port *ret_addr, struct err *err)
	__attribute__((warn_unused_result));

/* value_choice - the index of @text in @choices, which ends with NULL. */
int value_choice(const char *text, const char *const *choices, unsigned int *ret_index,
    struct err *err) __attribute__((warn_unused_result));

/* value_class - is @text a label's key, as spec.loadBalancerClass is: "[PREFIX/]NAME"? */
int value_class(const char *text, struct err *err) __attribute__((warn_unused_result));

/* value_name - is @text a DNS-1123 subdomain, as names in the API are?  Names go into URLs. */
int value_name(const char *text, size_t max, struct err *err) __attribute__((warn_unused_result));

#endif
