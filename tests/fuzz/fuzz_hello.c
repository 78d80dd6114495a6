/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/hello.h"

#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#define AT_TYPE    12
#define AT_VERSION 14
#define AT_LENGTH  16
#define AT_KEY     18

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same_held(const struct hello *a, const struct hello *b)
{
	for (size_t i = 0; i < a->n_held; i++) {
		if (!ip_equal(&a->held[i].ip, &b->held[i].ip) ||
		    a->held[i].term != b->held[i].term)
			return false;
	}
	return a->n_held == b->n_held && a->paged == b->paged && ip_equal(&a->from, &b->from) &&
	    ip_equal(&a->to, &b->to);
}

static bool
same(const struct hello *a, const struct hello *b)
{
	return mac_equal(&a->src, &b->src) && a->flags == b->flags && a->start_s == b->start_s &&
	    a->nonce == b->nonce && a->seq == b->seq && a->link_nonce == b->link_nonce &&
	    a->interval_ms == b->interval_ms && a->dead_ms == b->dead_ms &&
	    a->n_stable_peers == b->n_stable_peers && strcmp(a->node, b->node) == 0 &&
	    a->n_heard == b->n_heard && memcmp(a->heard, b->heard, sizeof(a->heard)) == 0 &&
	    a->n_polls == b->n_polls &&
	    memcmp(a->polls, b->polls, sizeof(a->polls)) == 0 && same_held(a, b);
}

/*
 * Aborts unless a parsed hello is within its limits, and a frame built from this hello is parsed to
 * the same hello.
 */
static void
check(const struct hello *hello, const struct hello_key *key)
{
	uint8_t frame[HELLO_FRAME_MAX];
	struct hello again;

	if (hello->n_heard > HELLO_HEARD_MAX || hello->n_polls > HELLO_POLLS_MAX ||
	    hello->n_held > HELLO_HELD_MAX || !hello->node[0] || !mac_is_host(&hello->src) ||
	    strnlen(hello->node, HELLO_NODE_MAX) == HELLO_NODE_MAX)
		abort();
	for (size_t i = 0; i < hello->n_held; i++) {
		if (ip_cmp(&hello->held[i].ip, &hello->from) < 0 ||
		    ip_cmp(&hello->held[i].ip, &hello->to) > 0 ||
		    (i && ip_cmp(&hello->held[i - 1].ip, &hello->held[i].ip) >= 0))
			abort();
	}
	if (hello_parse(frame, hello_build(hello, key, frame), key, &again) < 0 ||
	    !same(hello, &again))
		abort();
}

/*
 * A fuzzer cannot guess a signature.  So the input is parsed twice: as a frame, and as the rest of
 * a frame that has a valid Ethernet header, length, key id and signature.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hello_key key; /* freed at exit */
	uint8_t frame[HELLO_FRAME_MAX] = { [AT_TYPE] = HELLO_ETHERTYPE >> 8, HELLO_ETHERTYPE & 0xff };
	uint8_t mac[32];
	size_t len = AT_VERSION + size;
	struct hello hello;

	if (!key.hmac)
		hello_key_init(&key, "sixteen bytes...", 16);
	if (hello_parse(data, size, &key, &hello) >= 0 && size <= HELLO_FRAME_MAX)
		check(&hello, &key);
	if (len < AT_KEY + 4 || len + HELLO_MAC_LEN > sizeof(frame))
		return 0;
	memcpy(frame + AT_VERSION, data, size);
	frame[AT_LENGTH] = (uint8_t)((size + HELLO_MAC_LEN) >> 8);
	frame[AT_LENGTH + 1] = (uint8_t)(size + HELLO_MAC_LEN);
	for (int i = 0; i < 4; i++)
		frame[AT_KEY + i] = (uint8_t)(key.id >> (24 - 8 * i));
	HMAC(EVP_sha256(), key.bytes, sizeof(key.bytes), frame + AT_VERSION, size, mac, NULL);
	memcpy(frame + len, mac, HELLO_MAC_LEN);
	if (hello_parse(frame, len + HELLO_MAC_LEN, &key, &hello) >= 0)
		check(&hello, &key);
	return 0;
}
