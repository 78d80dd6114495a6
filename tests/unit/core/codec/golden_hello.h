/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GOLDEN_HELLO_H
#define GOLDEN_HELLO_H

#include "arplet/hello.h"

enum {
	AT_TYPE = 12,
	AT_VERSION = 14,
	AT_LENGTH = 16,
	AT_KEY = 18,
	AT_MAC = 42,
	AT_NAME_LEN = 54,
	AT_NAME = 55,
	AT_FIELDS = 57,
	GOLDEN_LEN = 146,
	GOLDEN_MAC_LEN = 16,
};

/*
 * A hello that another program than arplet wrote, by the comment of hello.h.  It makes sure that
 * the format does not change by mistake.
 */
extern const uint8_t golden[GOLDEN_LEN];
extern const struct hello golden_hello; /* the fields of golden */
extern const char golden_secret[];      /* the secret that signed golden */

/* golden_key_of - the key of @secret, of two different secrets at most; do not free it. */
struct hello_key golden_key_of(const char *secret);
/* golden_seal - write the length, and the signature after @len bytes; returns the new length. */
size_t golden_seal(uint8_t *frame, size_t len);
/* golden_parse - call hello_parse(), and check that a failure leaves @ret_hello alone. */
int golden_parse(const uint8_t *frame, size_t len, struct hello *ret_hello);

#endif
