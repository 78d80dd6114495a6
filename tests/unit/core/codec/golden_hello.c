/* SPDX-License-Identifier: Apache-2.0 */
#include "golden_hello.h"
#include "unit.h"

#include <openssl/hmac.h>
#include <string.h>

const char golden_secret[] = "sixteen bytes...";

const struct hello golden_hello = {
	.src = { { 2, 0, 0, 0, 0, 1 } },
	.flags = HELLO_STARTED | HELLO_LISTENING,
	.start_s = 1700000000,
	.nonce = 0x01020304,
	.link_nonce = 0x05060708,
	.seq = 5,
	.interval_ms = 100,
	.dead_ms = 350,
	.n_stable_peers = 2,
	.node = "n1",
	.n_heard = 2,
	.heard = { { 0x0a0b0c0d, 7, HEARD }, { 0x0d0e0f10, 9, HEARD_BY_UDP } },
	.n_polls = 1,
	.polls = { 0x0a0b0c0d },
	.paged = true,
	.from = { IPV4, { 0 } },
	.to = { IPV6, { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
	    255 } },
	.n_held = 2,
	.held = { { { IPV4, { 10, 0, 0, 1 } }, 3 }, { { IPV6, { 0xfd, [15] = 9 } }, 0xfffffffe } },
};

const uint8_t golden[GOLDEN_LEN] = {
	0x03, 0x61, 0x72, 0x70, 0x6c, 0x74, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, /* Ethernet */
	2, 6, 0, 139,                           /* version, flags, length */
	0x41, 0xf6, 0xd9, 0xe2,                 /* key id */
	0x65, 0x53, 0xf1, 0x00,                 /* start */
	1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 5,     /* nonce, link nonce, sequence number */
	2, 0, 0, 0, 0, 1,                       /* MAC */
	0, 100, 0x01, 0x5e, 0, 2,               /* interval, dead time, stable peers */
	2, 'n', '1',
	1, 0, 8, 0x0a, 0x0b, 0x0c, 0x0d, 0, 0, 0, 7, /* heard */
	4, 0, 8, 0x0d, 0x0e, 0x0f, 0x10, 0, 0, 0, 9, /* heard by UDP */
	2, 0, 4, 0x0a, 0x0b, 0x0c, 0x0d,        /* polls */
	3, 0, 52,                               /* a page */
	4, 0, 0, 0, 0,                          /* from */
	6, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, /* to */
	4, 10, 0, 0, 1, 0, 0, 0, 3,
	6, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 255, 255, 255, 254,
	0xb1, 0x0f, 0x3b, 0xdc, 0xb7, 0x0e, 0x69, 0x09, /* signature */
	0xa9, 0x57, 0xaa, 0x68, 0x46, 0xb6, 0x49, 0xe8,
};

struct hello_key
golden_key_of(const char *secret)
{
	static struct {
		const char *secret;
		struct hello_key key;
	} keys[2]; /* freed at exit */
	size_t i = 0;

	while (i < COUNT(keys) && keys[i].secret && strcmp(keys[i].secret, secret) != 0)
		i++;
	assert_true(i < COUNT(keys));
	if (!keys[i].secret) {
		keys[i].secret = secret;
		hello_key_init(&keys[i].key, secret, strlen(secret));
	}
	return keys[i].key;
}

size_t
golden_seal(uint8_t *frame, size_t len)
{
	const struct hello_key key = golden_key_of(golden_secret);
	uint8_t mac[32];

	frame[AT_LENGTH] = (uint8_t)((len - AT_VERSION + GOLDEN_MAC_LEN) >> 8);
	frame[AT_LENGTH + 1] = (uint8_t)(len - AT_VERSION + GOLDEN_MAC_LEN);
	HMAC(EVP_sha256(), key.bytes, sizeof(key.bytes), frame + AT_VERSION, len - AT_VERSION, mac,
	    NULL);
	memcpy(frame + len, mac, GOLDEN_MAC_LEN);
	return len + GOLDEN_MAC_LEN;
}

int
golden_parse(const uint8_t *frame, size_t len, struct hello *ret_hello)
{
	const struct hello_key key = golden_key_of(golden_secret);
	uint8_t *exact = test_malloc(len + !len); /* a sanitizer finds reads past the frame's end */
	struct hello before;
	int rc;

	memset(&before, 0x5a, sizeof(before));
	*ret_hello = before;
	memcpy(exact, frame, len);
	rc = hello_parse(exact, len, &key, ret_hello);
	test_free(exact);
	if (rc < 0)
		assert_memory_equal(ret_hello, &before, sizeof(before));
	return rc;
}
