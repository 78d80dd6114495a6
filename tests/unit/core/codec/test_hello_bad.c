/* SPDX-License-Identifier: Apache-2.0 */
#include "golden_hello.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Hellos whose signature is right, but with invalid or unusual fields. */

#define TO     "06ffffffffffffffffffffffffffffffff"
#define FROM   "0400000000"
#define FIVE   "040a00000500000001"
#define SIX    "040a00000600000001"
#define HELD6  "06fd00000000000000000000000000000900000001"
#define TEN(x) x x x x x x x x x x
#define HEARD    "0000000100000002"
#define POLL    "00000001"

static const struct field_case {
	const char *name;
	const char *fields; /* after the node's name */
	bool bad;
	size_t n_heard, n_polls, n_held;
} fields[] = {
	{ "a hello without fields is parsed", "" },
	{ "a field of a later release is skipped", "060000" },
	{ "a longer unknown field is skipped", "ff0005" "0102030405" },
	{ "the field after an unknown one is read", "060002" "ffff" "020004" POLL, .n_polls = 1 },
	{ "type 0 is unknown, and skipped", "000001" "01" "010008" HEARD, .n_heard = 1 },
	{ "a field that is longer than the frame is refused", "060001", .bad = true },
	{ "the longest field without a value is refused", "06ffff", .bad = true },
	{ "a field without a length is refused", "06", .bad = true },
	{ "a field with half of its length is refused", "0600", .bad = true },
	{ "32 ears", "010100" TEN(HEARD) TEN(HEARD) TEN(HEARD) HEARD HEARD, .n_heard = 32 },
	{ "33 ears", "010108" TEN(HEARD) TEN(HEARD) TEN(HEARD) HEARD HEARD HEARD, .bad = true },
	{ "32 ears, then one", "010100" TEN(HEARD) TEN(HEARD) TEN(HEARD) HEARD HEARD "010008" HEARD,
	    .bad = true },
	{ "the heard peers of two fields are read", "010008" HEARD "010008" HEARD, .n_heard = 2 },
	{ "peers that are heard by UDP and unproven senders are read",
	    "040008" HEARD "050010" HEARD HEARD, .n_heard = 3 },
	{ "33 peers of all kinds are refused",
	    "0100a0" TEN(HEARD) TEN(HEARD) "040060" TEN(HEARD) HEARD HEARD "050008" HEARD, .bad = true },
	{ "half of an unproven sender is refused", "050004" "00000001", .bad = true },
	{ "half of a heard peer is refused", "01000c" HEARD "00000001", .bad = true },
	{ "16 asks", "020040" TEN(POLL) POLL POLL POLL POLL POLL POLL, .n_polls = 16 },
	{ "17 asks", "020044" TEN(POLL) POLL POLL POLL POLL POLL POLL POLL, .bad = true },
	{ "three bytes of a poll are refused", "020003" "000000", .bad = true },
	{ "a page is parsed", "030028" FROM TO FIVE SIX, .n_held = 2 },
	{ "a page with both families is parsed", "030034" FROM TO FIVE HELD6, .n_held = 2 },
	{ "IPv6 before IPv4 is refused", "030034" FROM TO HELD6 FIVE, .bad = true },
	{ "an address that is listed twice is refused", "030028" FROM TO FIVE FIVE, .bad = true },
	{ "descending addresses are refused", "030028" FROM TO SIX FIVE, .bad = true },
	{ "a page of one address is parsed", "030013" "040a000005" "040a000005" FIVE, .n_held = 1 },
	{ "an address before the page is refused",
	    "030013" "040a000006" "040a000008" FIVE, .bad = true },
	{ "an address after the page is refused",
	    "030013" "040a000001" "040a000004" FIVE, .bad = true },
	{ "a second address after the page is refused",
	    "03001c" FROM "040a000005" FIVE SIX, .bad = true },
	{ "a page without an end is refused", "030005" FROM, .bad = true },
	{ "an empty page field is refused", "030000", .bad = true },
	{ "an address without a family is refused",
	    "03000a" "0000000000" "040a000004", .bad = true },
	{ "an address with an unknown family is refused", "03000a" FROM "050a000004", .bad = true },
	{ "an address that is cut is refused", "030019" FROM TO "040a00", .bad = true },
	{ "a term that is cut is refused", "03001e" FROM TO "040a000005000000", .bad = true },
	{ "a second page is skipped",
	    "03001f" FROM TO FIVE "03001f" FROM TO SIX, .n_held = 1 },
};

static size_t
append_hex(uint8_t *to, const char *hex)
{
	size_t n = 0;

	for (; *hex; hex += 2) {
		unsigned int byte;

		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		to[n++] = (uint8_t)byte;
	}
	return n;
}

static void
check_fields(void **state)
{
	const struct field_case *c = *state;
	uint8_t frame[HELLO_FRAME_MAX];
	struct hello hello;
	size_t len;

	memcpy(frame, golden, AT_FIELDS);
	len = golden_seal(frame, AT_FIELDS + append_hex(frame + AT_FIELDS, c->fields));
	assert_int_equal(golden_parse(frame, len, &hello), c->bad ? -EBADMSG : 0);
	if (c->bad)
		return;
	assert_int_equal(hello.n_heard, c->n_heard);
	assert_int_equal(hello.n_polls, c->n_polls);
	assert_int_equal(hello.n_held, c->n_held);
	assert_string_equal(hello.node, "n1");
}

static const struct head_case {
	const char *name;
	struct {
		uint8_t at, to;
	} changes[6]; /* changed bytes of golden; the test signs the hello after the changes */
	int rc;
} heads[] = {
	{ "an unchanged hello is parsed", .rc = 0 },
	{ "unknown flags are parsed", { { AT_VERSION + 1, 0xff } }, .rc = 0 },
	{ "ARP", { { AT_TYPE, 0x08 }, { AT_TYPE + 1, 0x06 } }, -EBADMSG },
	{ "version 0 is refused", { { AT_VERSION, 0 } }, -EPROTONOSUPPORT },
	{ "version 1 is refused", { { AT_VERSION, 1 } }, -EPROTONOSUPPORT },
	{ "version 3 is refused", { { AT_VERSION, 3 } }, -EPROTONOSUPPORT },
	{ "version 3 with another key is refused for its version",
	    { { AT_VERSION, 3 }, { AT_KEY, 0 } }, -EPROTONOSUPPORT },
	{ "another key id is refused", { { AT_KEY + 3, 0 } }, -ENOKEY },
	{ "a group MAC is refused", { { AT_MAC, 3 } }, -EBADMSG },
	{ "a zero MAC is refused", { { AT_MAC, 0 }, { AT_MAC + 5, 0 } }, -EBADMSG },
	{ "an empty name is refused", { { AT_NAME_LEN, 0 } }, -EBADMSG },
	{ "a name that is longer than the frame is refused", { { AT_NAME_LEN, 253 } }, -EBADMSG },
	{ "a name of 254 bytes is refused", { { AT_NAME_LEN, 254 } }, -EBADMSG },
	{ "a name of 255 bytes is refused", { { AT_NAME_LEN, 255 } }, -EBADMSG },
	{ "a NUL in a name is refused", { { AT_NAME, 0 } }, -EBADMSG },
	{ "a new line in a name is refused", { { AT_NAME + 1, '\n' } }, -EBADMSG },
	{ "an escape in a name is refused", { { AT_NAME, 0x1b } }, -EBADMSG },
	{ "a blank in a name is refused", { { AT_NAME, ' ' } }, -EBADMSG },
	{ "a DEL in a name is refused", { { AT_NAME, 0x7f } }, -EBADMSG },
	{ "UTF-8 in a name is refused", { { AT_NAME, 0xc3 }, { AT_NAME + 1, 0xa4 } }, -EBADMSG },
};

static void
check_head(void **state)
{
	const struct head_case *c = *state;
	uint8_t frame[sizeof(golden)];
	struct hello hello;
	size_t len;

	memcpy(frame, golden, sizeof(golden));
	for (size_t i = 0; c->changes[i].at; i++)
		frame[c->changes[i].at] = c->changes[i].to;
	len = golden_seal(frame, sizeof(golden) - GOLDEN_MAC_LEN);
	assert_int_equal(golden_parse(frame, len, &hello), c->rc);
}

static const struct length_case {
	const char *name;
	size_t says, len;
	int rc;
} lengths[] = {
	{ "the right length is accepted", 139, 153, -EACCES },
	{ "a length beyond the frame is refused", 140, 153, -EBADMSG },
	{ "the largest length is refused", 65535, 153, -EBADMSG },
	{ "none", 0, 153, -EBADMSG },
	{ "a length below the minimum is refused", 37 + 15, 153, -EBADMSG },
	{ "the minimum length is accepted", 37 + 16, 153, -EACCES },
};

static void
check_length(void **state)
{
	const struct length_case *c = *state;
	uint8_t frame[sizeof(golden)];
	struct hello hello;

	memcpy(frame, golden, sizeof(golden));
	frame[AT_LENGTH] = (uint8_t)(c->says >> 8);
	frame[AT_LENGTH + 1] = (uint8_t)c->says;
	frame[AT_LENGTH - 1] ^= 1; /* makes the signature wrong, so a right length gives -EACCES */
	assert_int_equal(golden_parse(frame, c->len, &hello), c->rc);
}

int
main(void)
{
	return UNIT_TABLE("fields", fields, check_fields) + UNIT_TABLE("heads", heads, check_head) +
	    UNIT_TABLE("lengths", lengths, check_length);
}
