/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GOLDEN_HELLO_H
#define GOLDEN_HELLO_H

#include "arplet/hello.h"

enum {
	AT_TYPE = 12,
	AT_VERSION = 14,
	AT_LENGTH = 16,
	AT_KEY = 18,
	AT_MAC = 38,
	AT_NAME_LEN = 50,
	AT_NAME = 51,
	AT_FIELDS = 53,
	GOLDEN_LEN = 153,
	GOLDEN_MAC_LEN = 16,
};

/*
 * A hello that another program created from the description in hello.h.  Tests compare this hello
 * with what arplet builds and parses, so they fail if the wire format changes by mistake.
 */
extern const uint8_t golden[GOLDEN_LEN];
extern const struct hello golden_hello; /* the fields of golden */
extern const char golden_secret[];      /* the secret that signed the hello golden */

/* golden_key_of - the key of @secret; do not free it.  Works for at most two different secrets. */
struct hello_key golden_key_of(const char *secret);
/* golden_seal - set the length field, and sign the first @len bytes; returns the new length. */
size_t golden_seal(uint8_t *frame, size_t len);
/* golden_parse - call hello_parse(), and check that it does not change @ret_hello if it fails. */
int golden_parse(const uint8_t *frame, size_t len, struct hello *ret_hello);

#endif
