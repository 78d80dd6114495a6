/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"
#include "arplet/encode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Times in the API's format (RFC 3339). */

const char *
time_format(int64_t us, bool micro, char *buf)
{
	time_t s = (time_t)(us / 1000000);
	struct tm tm;
	size_t len;

	gmtime_r(&s, &tm);
	len = strftime(buf, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	if (micro)
		snprintf(buf + len, TIME_TEXT_MAX - len, ".%06dZ", (int)(us % 1000000));
	else
		snprintf(buf + len, TIME_TEXT_MAX - len, "Z");
	return buf;
}

/* Read the time zone at the end of an RFC 3339 time, in seconds east of UTC. */
static int
parse_zone(const char *text, int *ret_s)
{
	unsigned int h, m;
	int used = 0;

	if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0) {
		*ret_s = 0;
		return 0;
	}
	if ((text[0] != '+' && text[0] != '-') ||
	    sscanf(text + 1, "%2u:%2u%n", &h, &m, &used) != 2 || text[1 + used] || h > 23 || m > 59)
		return -EINVAL;
	*ret_s = (int)(h * 3600 + m * 60) * (text[0] == '-' ? -1 : 1);
	return 0;
}

int
time_parse(const char *text, int64_t *ret_s)
{
	struct tm tm = { 0 };
	const char *rest;
	int zone, used = 0;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		&tm.tm_hour, &tm.tm_min, &tm.tm_sec, &used) != 6)
		return -EINVAL;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	rest = text + used;
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (parse_zone(rest, &zone) < 0)
		return -EINVAL;
	*ret_s = (int64_t)timegm(&tm) - zone;
	return 0;
}
