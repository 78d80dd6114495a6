/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPTIONS_OPTION_VALUES_H
#define OPTIONS_OPTION_VALUES_H

#include "arplet/ip.h"

/*
 * Parsers for the arguments of options.  On failure a parser returns -EINVAL and leaves its output
 * unchanged.  The error message quotes the argument and names the accepted values.
 */

/* value_duration - parse a time from @min_ms to @max_ms: "90s", "1m30s" or "500ms". */
int value_duration(const char *text, int64_t min_ms, int64_t max_ms, int64_t *ret_ms,
    struct err *err) __attribute__((warn_unused_result));

/* value_addr - parse "127.0.0.1:7475", "[::1]:7475" or "off" (all zeroes). */
int value_addr(const char *text, struct ip_port *ret_addr, struct err *err)
	__attribute__((warn_unused_result));

/* value_port - parse a port from 1 to 65535, or "off" (0). */
int value_port(const char *text, uint16_t *ret_port, struct err *err)
	__attribute__((warn_unused_result));

/* value_choice - find the index of @text in @choices, which ends with NULL. */
int value_choice(const char *text, const char *const *choices, unsigned int *ret_index,
    struct err *err) __attribute__((warn_unused_result));

/* value_class - check that @text is a valid loadBalancerClass: a label key, "[PREFIX/]NAME". */
int value_class(const char *text, struct err *err) __attribute__((warn_unused_result));

/*
 * value_name - check that @text is a DNS-1123 subdomain of at most @max characters, like the names
 * of API objects.  A name that passes this check is safe in a URL.
 */
int value_name(const char *text, size_t max, struct err *err) __attribute__((warn_unused_result));

#endif
