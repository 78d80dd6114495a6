/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/mac.h"

#include <stdio.h>

const char *
mac_format(const struct mac *mac, char *buf)
{
	snprintf(buf, MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x", mac->b[0], mac->b[1],
	    mac->b[2], mac->b[3], mac->b[4], mac->b[5]);
	return buf;
}
