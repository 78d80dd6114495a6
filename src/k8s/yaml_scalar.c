/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml_node.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 128 /* longest number, in characters; a longer scalar is a string */

/* Unquoted words that kubectl does not read as strings, because it follows YAML 1.1. */
static const struct yaml_word {
	const char *text, *json;
} words[] = {
	{ "", "null" },	    { "~", "null" },	{ "null", "null" },  { "Null", "null" },
	{ "NULL", "null" }, { "true", "true" },	{ "True", "true" },  { "TRUE", "true" },
	{ "yes", "true" },  { "Yes", "true" },	{ "YES", "true" },   { "y", "true" },
	{ "Y", "true" },    { "on", "true" },	{ "On", "true" },    { "ON", "true" },
	{ "false", "false" }, { "False", "false" }, { "FALSE", "false" }, { "no", "false" },
	{ "No", "false" },  { "NO", "false" },	{ "n", "false" },    { "N", "false" },
	{ "off", "false" }, { "Off", "false" },	{ "OFF", "false" },  { ".inf", "" },
	{ ".Inf", "" },	    { ".INF", "" },	{ "+.inf", "" },     { "+.Inf", "" },
	{ "+.INF", "" },    { "-.inf", "" },	{ "-.Inf", "" },     { "-.INF", "" },
	{ ".nan", "" },	    { ".NaN", "" },	{ ".NAN", "" },
};

/*
 * Read an integer such as 0x1f, 0o17, 017, 0b11 or 12, with or without a sign.  NULL: @text is no
 * integer of 64 bits.
 */
static const char *
resolve_integer(const char *text, struct arena *mem)
{
	bool negative = *text == '-';
	const char *digits = text + (*text == '-' || *text == '+');
	unsigned long long value;
	char *end;
	int base = 10;

	if (digits[0] == '0' && digits[1]) {
		static const char prefixes[] = "xXoObB";
		static const int bases[] = { 16, 16, 8, 8, 2, 2 };
		const char *prefix = strchr(prefixes, digits[1]);

		base = prefix ? bases[prefix - prefixes] : 8;
		digits += prefix ? 2 : 1;
	}
	if (digits[strspn(digits, "0123456789abcdefABCDEF")] || !*digits)
		return NULL;
	errno = 0;
	value = strtoull(digits, &end, base);
	if (errno || *end || (negative && value > (unsigned long long)INT64_MAX + 1))
		return NULL;
	return arena_printf(mem, "%s%llu", negative && value ? "-" : "", value);
}

/* True for [-+] digits [. digits] [e [-+] digits] with a digit before or after the point. */
static bool
is_decimal(const char *p)
{
	static const char digits[] = "0123456789";
	size_t integer, fraction = 0;

	p += *p == '-' || *p == '+';
	p += integer = strspn(p, digits);
	if (*p == '.')
		p += 1 + (fraction = strspn(p + 1, digits));
	if (integer + fraction == 0)
		return false;
	if (*p == 'e' || *p == 'E') {
		p++;
		p += *p == '-' || *p == '+';
		if (!*p)
			return false;
		p += strspn(p, digits);
	}
	return !*p;
}

/* Return the shortest text that strtod() reads as the same number; integers have no point. */
static const char *
resolve_decimal(const char *text, struct arena *mem)
{
	double value;
	char buf[40];

	if (!is_decimal(text))
		return NULL;
	value = strtod(text, NULL);
	if (!isfinite(value))
		return NULL;
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(buf, sizeof(buf), "%.*g", digits, value);
		if (strtod(buf, NULL) == value)
			break;
	}
	return arena_strdup(mem, value == 0 ? "0" : buf);
}

const char *
yaml_resolve(const char *text, size_t len, struct arena *mem)
{
	char plain[NUMBER_MAX];
	const char *json;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].text) == len && memcmp(words[i].text, text, len) == 0)
			return words[i].json;
	}
	if (len >= NUMBER_MAX || !memchr("+-.0123456789", text[0], 13) || memchr(text, '\0', len))
		return NULL;
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '_')	/* 1_000 */
			plain[n++] = text[i];
	}
	plain[n] = '\0';
	json = resolve_integer(plain, mem);
	return json ? json : resolve_decimal(plain, mem);
}
