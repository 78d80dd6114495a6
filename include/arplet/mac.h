/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_MAC_H
#define ARPLET_MAC_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct wire_reader;

/* An Ethernet address; the struct has no padding, so memcmp() can compare it. */
struct mac {
	uint8_t b[6];
};

#define MAC_TEXT_MAX 18 /* with the final NUL */

#define MAC_BROADCAST ((struct mac){ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } })

static inline bool
mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* mac_is_host - true if @mac can be the MAC of a host: it is no group address, and not zero. */
static inline bool
mac_is_host(const struct mac *mac)
{
	return !(mac->b[0] & 1) && !mac_equal(mac, &(struct mac){ { 0 } });
}

/* mac_format - write @mac as "02:00:5e:10:00:01" to @buf (MAC_TEXT_MAX bytes); returns @buf. */
const char *mac_format(const struct mac *mac, char *buf);

/* mac_parse - read a MAC in the format of mac_format() from @len bytes; false: it is no MAC. */
bool mac_parse(const char *text, size_t len, struct mac *ret_mac);

/* mac_read - read the next six bytes of a frame (wire.h). */
struct mac mac_read(struct wire_reader *r);

#endif
