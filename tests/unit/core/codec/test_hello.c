/* SPDX-License-Identifier: Apache-2.0 */
#include "golden_hello.h"
#include "unit.h"

#include <errno.h>
#include <string.h>

static void
assert_same(const struct hello *a, const struct hello *b)
{
	assert_true(mac_equal(&a->src, &b->src));
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->start_s, b->start_s);
	assert_int_equal(a->nonce, b->nonce);
	assert_int_equal(a->seq, b->seq);
	assert_int_equal(a->link_nonce, b->link_nonce);
	assert_int_equal(a->interval_ms, b->interval_ms);
	assert_int_equal(a->dead_ms, b->dead_ms);
	assert_int_equal(a->n_stable_peers, b->n_stable_peers);
	assert_string_equal(a->node, b->node);
	assert_int_equal(a->n_heard, b->n_heard);
	assert_memory_equal(a->heard, b->heard, sizeof(a->heard));
	assert_int_equal(a->n_polls, b->n_polls);
	assert_memory_equal(a->polls, b->polls, sizeof(a->polls));
	assert_int_equal(a->paged, b->paged);
	assert_true(ip_equal(&a->from, &b->from) && ip_equal(&a->to, &b->to));
	assert_int_equal(a->n_held, b->n_held);
	for (size_t i = 0; i < a->n_held; i++) {
		assert_true(ip_equal(&a->held[i].ip, &b->held[i].ip));
		assert_int_equal(a->held[i].term, b->held[i].term);
	}
}

/* Checks that hello_parse() returns what hello_build() wrote; returns the length of the frame. */
static size_t
round_trip(const struct hello *hello)
{
	const struct hello_key key = golden_key_of(golden_secret);
	uint8_t frame[HELLO_FRAME_MAX];
	size_t len = hello_build(hello, &key, frame);
	struct hello again;

	assert_true(len <= sizeof(frame));
	assert_int_equal(golden_parse(frame, len, &again), 0);
	assert_same(hello, &again);
	return len;
}

static void
test_golden(void **state)
{
	const struct hello_key key = golden_key_of(golden_secret);
	uint8_t frame[HELLO_FRAME_MAX];
	struct hello hello;

	(void)state;
	assert_int_equal(hello_build(&golden_hello, &key, frame), sizeof(golden));
	assert_memory_equal(frame, golden, sizeof(golden));
	assert_int_equal(golden_parse(golden, sizeof(golden), &hello), 0);
	assert_same(&hello, &golden_hello);
}

static void
test_shortest(void **state)
{
	const struct hello hello = { .src = golden_hello.src, .node = "n" };

	(void)state;
	assert_int_equal(round_trip(&hello), 14 + 37 + 1 + GOLDEN_MAC_LEN);
}

static void
test_empty_page(void **state)
{
	struct hello hello = golden_hello;

	(void)state;
	hello.n_heard = hello.n_polls = hello.n_held = 0;
	memset(hello.heard, 0, sizeof(hello.heard));
	memset(hello.polls, 0, sizeof(hello.polls));
	memset(hello.held, 0, sizeof(hello.held));
	round_trip(&hello);
	hello.from = hello.to = (struct ip){ IPV6, { 0xfd, [15] = 1 } };
	round_trip(&hello);
	hello.from = hello.to = (struct ip){ IPV4, { 10, 0, 0, 1 } };
	round_trip(&hello);
}

/* Returns a hello with the largest value in each field, and as many VIPs of @family as fit. */
static struct hello
full_hello(uint8_t family, size_t name_len, size_t n_heard, size_t n_polls)
{
	struct hello hello = golden_hello;
	size_t room;

	memset(hello.node, 'x', name_len);
	hello.node[name_len] = '\0';
	hello.n_heard = n_heard;
	hello.n_polls = n_polls;
	hello.n_held = 0;
	memset(hello.heard, 0, sizeof(hello.heard));
	memset(hello.polls, 0, sizeof(hello.polls));
	memset(hello.held, 0, sizeof(hello.held));
	for (uint32_t i = 0; i < n_heard; i++)
		hello.heard[i] = (struct hello_heard){ UINT32_MAX - i, i, i % HEARD_KINDS };
	for (uint32_t i = 0; i < n_polls; i++)
		hello.polls[i] = UINT32_MAX - i;
	hello.from = IP_LAST; /* an IPv6 address takes the most bytes in this field */
	room = hello_room(&hello);
	hello.from = IP_FIRST;
	for (uint8_t i = 1;; i++) {
		struct ip ip = { family, { 0xfd, 0, 0, i } };

		if (hello_held_len(&ip) > room)
			break;
		room -= hello_held_len(&ip);
		assert_true(hello.n_held < HELLO_HELD_MAX);
		hello.held[hello.n_held++] = (struct held_vip){ ip, UINT32_MAX };
	}
	if (family == IPV6)
		hello.from = hello.held[0].ip;
	return hello;
}

static void
test_full(void **state)
{
	struct hello hello;

	(void)state;
	hello = full_hello(IPV4, HELLO_NODE_MAX - 1, HELLO_HEARD_MAX, HELLO_POLLS_MAX);
	assert_in_range(round_trip(&hello), HELLO_FRAME_MAX - 12 - 8, HELLO_FRAME_MAX);
	hello = full_hello(IPV6, HELLO_NODE_MAX - 1, HELLO_HEARD_MAX, HELLO_POLLS_MAX);
	assert_in_range(round_trip(&hello), HELLO_FRAME_MAX - 20, HELLO_FRAME_MAX);
	hello = full_hello(IPV4, 1, 0, 0); /* a hello with room for the most VIPs */
	assert_in_range(hello.n_held, 100, HELLO_HELD_MAX);
	round_trip(&hello);
}

/* Tests node names of several lengths.  With one of them, VIPs fill the frame to its last byte. */
static void
test_full_to_the_last_byte(void **state)
{
	size_t longest = 0;

	(void)state;
	for (size_t name_len = HELLO_NODE_MAX - 1; name_len > HELLO_NODE_MAX - 22; name_len--) {
		struct hello hello =
		    full_hello(IPV6, name_len, HELLO_HEARD_MAX, HELLO_POLLS_MAX);
		size_t len = round_trip(&hello);

		longest = len > longest ? len : longest;
	}
	assert_int_equal(longest, HELLO_FRAME_MAX);
}

static void
test_every_byte_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(golden); i++) {
		for (int bit = 0; bit < 8; bit++) {
			uint8_t frame[sizeof(golden)];
			struct hello hello;
			int rc;

			memcpy(frame, golden, sizeof(frame));
			frame[i] ^= (uint8_t)(1 << bit);
			rc = golden_parse(frame, sizeof(frame), &hello);
			if (i < AT_TYPE) { /* the signature does not cover the Ethernet addresses */
				assert_int_equal(rc, 0);
				assert_same(&hello, &golden_hello);
			} else {
				assert_true(rc < 0);
			}
		}
	}
}

static void
test_padding_does_not_count(void **state)
{
	uint8_t frame[1514];
	struct hello hello;

	(void)state;
	memset(frame, 0xee, sizeof(frame));
	memcpy(frame, golden, sizeof(golden));
	assert_int_equal(golden_parse(frame, sizeof(golden) + 1, &hello), 0);
	assert_int_equal(golden_parse(frame, sizeof(frame), &hello), 0);
	assert_same(&hello, &golden_hello);
}

static void
test_cut(void **state)
{
	struct hello hello;

	(void)state;
	for (size_t len = 0; len < sizeof(golden); len++)
		assert_int_equal(golden_parse(golden, len, &hello), -EBADMSG);
	/* a shortened frame with a right signature is valid if it ends at the end of a field */
	for (size_t len = AT_VERSION + 4; len < sizeof(golden) - GOLDEN_MAC_LEN; len++) {
		uint8_t frame[sizeof(golden)];
		bool whole = len == AT_FIELDS || len == AT_FIELDS + 11 || len == AT_FIELDS + 22 ||
		    len == AT_FIELDS + 29;
		size_t sealed;

		memcpy(frame, golden, sizeof(golden));
		sealed = golden_seal(frame, len);
		if (len < AT_KEY + 4)
			assert_true(golden_parse(frame, sealed, &hello) < 0);
		else
			assert_int_equal(golden_parse(frame, sealed, &hello), whole ? 0 : -EBADMSG);
	}
}

static void
test_keys(void **state)
{
	const struct hello_key key = golden_key_of(golden_secret);
	const struct hello_key other = golden_key_of("another sixteen bytes");
	struct hello_key forger = other;
	uint8_t frame[HELLO_FRAME_MAX];
	struct hello hello;
	size_t len;

	(void)state;
	assert_int_not_equal(key.id, other.id);
	assert_memory_not_equal(key.bytes, other.bytes, sizeof(key.bytes));
	len = hello_build(&golden_hello, &other, frame);
	assert_int_equal(golden_parse(frame, len, &hello), -ENOKEY);
	forger.id = key.id;
	len = hello_build(&golden_hello, &forger, frame);
	assert_int_equal(golden_parse(frame, len, &hello), -EACCES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		{ "a hello has the bytes that hello.h describes", test_golden, 0, 0, 0 },
		{ "the shortest hello is padded to an Ethernet frame", test_shortest, 0, 0, 0 },
		{ "an empty page is parsed", test_empty_page, 0, 0, 0 },
		{ "a full frame with the longest name is parsed", test_full, 0, 0, 0 },
		{ "a frame that is full to the last byte is parsed",
		    test_full_to_the_last_byte, 0, 0, 0 },
		{ "a hello with a flipped bit is refused", test_every_byte_counts, 0, 0, 0 },
		{ "padding is ignored", test_padding_does_not_count, 0, 0, 0 },
		{ "a frame that is cut is refused", test_cut, 0, 0, 0 },
		{ "another key's id is -ENOKEY, and a wrong signature -EACCES",
		    test_keys, 0, 0, 0 },
	};

	return cmocka_run_group_tests_name("hello", tests, NULL, NULL);
}
