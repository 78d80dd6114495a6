/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/duration.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000)

int
duration_parse(const char *text, int64_t *ret_ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", SECOND }, { "m", 60 * SECOND }, { "h", 3600 * SECOND } };
	int64_t sum = 0;

	do {
		size_t digits = strspn(text, "0123456789"), i = 0, len;
		const char *unit = text + digits;

		len = strcspn(unit, "0123456789");
		while (i < 4 && (strlen(units[i].unit) != len || strncmp(units[i].unit, unit, len)))
			i++;
		if (!digits || digits > 9 || i == 4)
			return -EINVAL;
		sum += strtoll(text, NULL, 10) * units[i].ms;
		text = unit + len;
	} while (*text);
	*ret_ms = sum;
	return 0;
}
