/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/mac.h"
#include "arplet/wire.h"

#include <stdio.h>

const char *
mac_format(const struct mac *mac, char *buf)
{
	snprintf(buf, MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x", mac->b[0], mac->b[1],
	    mac->b[2], mac->b[3], mac->b[4], mac->b[5]);
	return buf;
}

static int
digit(char c)
{
	const char digits[] = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

bool
mac_parse(const char *text, size_t len, struct mac *ret_mac)
{
	struct mac mac;

	if (len != MAC_TEXT_MAX - 1)
		return false;
	for (size_t i = 0; i < sizeof(mac.b); i++, text += 3) {
		int high = digit(text[0]), low = digit(text[1]);

		if (high < 0 || low < 0 || (i + 1 < sizeof(mac.b) && text[2] != ':'))
			return false;
		mac.b[i] = (uint8_t)(high << 4 | low);
	}
	*ret_mac = mac;
	return true;
}

struct mac
mac_read(struct wire_reader *r)
{
	struct mac mac;

	read_bytes(r, mac.b, sizeof(mac.b));
	return mac;
}
