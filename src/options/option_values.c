/* SPDX-License-Identifier: Apache-2.0 */
#include "option_values.h"

#include "arplet/duration.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000)

/* Write a time such as "20ms" or "10s" to @buf, and return @buf. */
static const char *
duration_text(int64_t ms, char buf[32])
{
	snprintf(buf, 32, "%" PRId64 "%s", ms % SECOND ? ms : ms / SECOND,
	    ms % SECOND ? "ms" : "s");
	return buf;
}

int
value_duration(const char *text, int64_t min_ms, int64_t max_ms, int64_t *ret_ms,
    struct err *err)
{
	char min[32], max[32];
	int64_t ms;

	if (duration_parse(text, &ms) < 0)
		return err_set(err, -EINVAL, "\"%.100s\" is not a time such as 30s, 2m or 500ms",
		    text);
	if (ms < min_ms || ms > max_ms)
		return err_set(err, -EINVAL,
		    "\"%.100s\" is not between %s and %s", text, duration_text(min_ms, min),
		    duration_text(max_ms, max));
	*ret_ms = ms;
	return 0;
}

int
value_addr(const char *text, struct ip_port *ret_addr, struct err *err)
{
	struct ip_port addr = { 0 };
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	char host[IP_TEXT_MAX + 2], *start = host, *end;
	bool bracket = text[0] == '[';
	unsigned long port;

	if (strcmp(text, "off") == 0) {
		*ret_addr = addr;
		return 0;
	}
	if (!len || len >= sizeof(host) || (bracket && text[len - 1] != ']'))
		goto bad;
	memcpy(host, text, len);
	host[len] = '\0';
	if (bracket) {
		host[len - 1] = '\0';
		start++;
	}
	port = strtoul(colon + 1, &end, 10);
	if (!isdigit((unsigned char)colon[1]) || *end || !port || port > UINT16_MAX ||
	    ip_parse(start, &addr.ip) < 0 || bracket != (addr.ip.family == IPV6))
		goto bad;
	addr.port = (uint16_t)port;
	*ret_addr = addr;
	return 0;
bad:
	return err_set(err, -EINVAL,
	    "\"%.100s\" is not an address with a port, such as 127.0.0.1:7475 or [::1]:7475, "
	    "and not \"off\"",
	    text);
}

int
value_port(const char *text, uint16_t *ret_port, struct err *err)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (strcmp(text, "off") == 0) {
		*ret_port = 0;
		return 0;
	}
	if (!isdigit((unsigned char)text[0]) || *end || !port || port > UINT16_MAX)
		return err_set(err, -EINVAL,
		    "\"%.100s\" is not a port from 1 to 65535, and not \"off\"", text);
	*ret_port = (uint16_t)port;
	return 0;
}

int
value_choice(const char *text, const char *const *choices, unsigned int *ret_index,
    struct err *err)
{
	char all[64] = "";

	for (unsigned int i = 0; choices[i]; i++) {
		if (strcmp(choices[i], text) == 0) {
			*ret_index = i;
			return 0;
		}
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i ? ", " : "",
		    choices[i]);
	}
	return err_set(err, -EINVAL, "\"%.100s\" is not one of %s", text, all);
}

int
value_name(const char *text, size_t max, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
	size_t len = strlen(text);

	if (!len || len > max || strspn(text, allowed) != len ||
	    !isalnum((unsigned char)text[0]) || !isalnum((unsigned char)text[len - 1]))
		return err_set(err, -EINVAL,
		    "\"%.100s\" is not a valid name in Kubernetes (a-z, 0-9, - and .; at most "
		    "%zu characters)",
		    text, max);
	return 0;
}

int
value_class(const char *text, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "0123456789-_./";
	const char *slash = strchr(text, '/');

	if (!isalnum((unsigned char)text[0]) || strspn(text, allowed) != strlen(text) ||
	    (slash && (!slash[1] || strchr(slash + 1, '/'))))
		return err_set(err, -EINVAL,
		    "\"%.100s\" is not a loadBalancerClass such as example.com/lan (letters, "
		    "digits, -, _, . and one /)",
		    text);
	return 0;
}
