/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_HTTP_H
#define ARPLET_HTTP_H

#include "arplet/ip.h"

/* Where the pages are served. */
struct http_addr {
	struct ip ip; /* family 0: nowhere */
	uint16_t port;
};

#endif
