/* SPDX-License-Identifier: Apache-2.0 */
#include "golden_hello.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Hellos of which parts are odd, signed by who has the key. */

#define TO     "06ffffffffffffffffffffffffffffffff"
#define FROM   "0400000000"
#define FIVE   "040a00000500000001"
#define SIX    "040a00000600000001"
#define HOLD6  "06fd00000000000000000000000000000900000001"
#define TEN(x) x x x x x x x x x x
#define EAR    "0000000100000002"
#define ASK    "00000001"

static const struct field_case {
	const char *name;
	const char *fields; /* behind the node's name */
	bool bad;
	size_t n_heard, n_polls, n_held;
} fields[] = {
	{ "no field at all", "" },
	{ "a field of a later release is skipped", "040000" },
	{ "so is a longer one", "ff0005" "0102030405" },
	{ "what is behind it is read", "040002" "ffff" "020004" ASK, .n_polls = 1 },
	{ "type 0 is none of ours", "000001" "01" "010008" EAR, .n_heard = 1 },
	{ "a field that is longer than the frame", "040001", .bad = true },
	{ "the longest there is, of which nothing came", "04ffff", .bad = true },
	{ "a field without a length", "04", .bad = true },
	{ "a field with half of its length", "0400", .bad = true },
	{ "32 ears", "010100" TEN(EAR) TEN(EAR) TEN(EAR) EAR EAR, .n_heard = 32 },
	{ "33 ears", "010108" TEN(EAR) TEN(EAR) TEN(EAR) EAR EAR EAR, .bad = true },
	{ "32 ears, then one", "010100" TEN(EAR) TEN(EAR) TEN(EAR) EAR EAR "010008" EAR,
	    .bad = true },
	{ "ears in two fields", "010008" EAR "010008" EAR, .n_heard = 2 },
	{ "half an ear", "01000c" EAR "00000001", .bad = true },
	{ "16 asks", "020040" TEN(ASK) ASK ASK ASK ASK ASK ASK, .n_polls = 16 },
	{ "17 asks", "020044" TEN(ASK) ASK ASK ASK ASK ASK ASK ASK, .bad = true },
	{ "three bytes of an ask", "020003" "000000", .bad = true },
	{ "a page", "030028" FROM TO FIVE SIX, .n_held = 2 },
	{ "a page of both families", "030034" FROM TO FIVE HOLD6, .n_held = 2 },
	{ "IPv6 before IPv4", "030034" FROM TO HOLD6 FIVE, .bad = true },
	{ "an address twice", "030028" FROM TO FIVE FIVE, .bad = true },
	{ "descending", "030028" FROM TO SIX FIVE, .bad = true },
	{ "an address at both bounds", "030013" "040a000005" "040a000005" FIVE, .n_held = 1 },
	{ "before the page", "030013" "040a000006" "040a000008" FIVE, .bad = true },
	{ "behind the page", "030013" "040a000001" "040a000004" FIVE, .bad = true },
	{ "the second is behind the page", "03001c" FROM "040a000005" FIVE SIX, .bad = true },
	{ "a page without an end", "030005" FROM, .bad = true },
	{ "an empty page field", "030000", .bad = true },
	{ "an address of no family", "03000a" "0000000000" "040a000004", .bad = true },
	{ "an address of a family of a later release", "03000a" FROM "050a000004", .bad = true },
	{ "an address that is cut", "030019" FROM TO "040a00", .bad = true },
	{ "a term that is cut", "03001e" FROM TO "040a000005000000", .bad = true },
	{ "a second page is not believed, nor in the way",
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
	} changes[6]; /* bytes of golden; the signature is put right after them */
	int rc;
} heads[] = {
	{ "nothing is changed", .rc = 0 },
	{ "unknown flags", { { AT_VERSION + 1, 0xff } }, .rc = 0 },
	{ "ARP", { { AT_TYPE, 0x08 }, { AT_TYPE + 1, 0x06 } }, -EBADMSG },
	{ "version 0", { { AT_VERSION, 0 } }, -EPROTONOSUPPORT },
	{ "version 2", { { AT_VERSION, 2 } }, -EPROTONOSUPPORT },
	{ "version 2 with another key", { { AT_VERSION, 2 }, { AT_KEY, 0 } }, -EPROTONOSUPPORT },
	{ "another key id", { { AT_KEY + 3, 0 } }, -ENOKEY },
	{ "the MAC of a group", { { AT_MAC, 3 } }, -EBADMSG },
	{ "no MAC", { { AT_MAC, 0 }, { AT_MAC + 5, 0 } }, -EBADMSG },
	{ "no name", { { AT_NAME_LEN, 0 } }, -EBADMSG },
	{ "a name that is longer than the frame", { { AT_NAME_LEN, 253 } }, -EBADMSG },
	{ "a name that is longer than names are", { { AT_NAME_LEN, 254 } }, -EBADMSG },
	{ "the longest", { { AT_NAME_LEN, 255 } }, -EBADMSG },
	{ "a NUL in a name", { { AT_NAME, 0 } }, -EBADMSG },
	{ "a new line in a name", { { AT_NAME + 1, '\n' } }, -EBADMSG },
	{ "an escape in a name", { { AT_NAME, 0x1b } }, -EBADMSG },
	{ "a blank in a name", { { AT_NAME, ' ' } }, -EBADMSG },
	{ "a DEL in a name", { { AT_NAME, 0x7f } }, -EBADMSG },
	{ "UTF-8 in a name", { { AT_NAME, 0xc3 }, { AT_NAME + 1, 0xa4 } }, -EBADMSG },
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
	{ "as long as it is", 132, 146, -EACCES },
	{ "longer than the frame", 133, 146, -EBADMSG },
	{ "much longer", 65535, 146, -EBADMSG },
	{ "none", 0, 146, -EBADMSG },
	{ "shorter than any hello", 41 + 15, 146, -EBADMSG },
	{ "as short as they come", 41 + 16, 146, -EACCES },
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
	frame[AT_LENGTH - 1] ^= 1; /* no signature is right */
	assert_int_equal(golden_parse(frame, c->len, &hello), c->rc);
}

int
main(void)
{
	return UNIT_TABLE("fields", fields, check_fields) + UNIT_TABLE("heads", heads, check_head) +
	    UNIT_TABLE("lengths", lengths, check_length);
}
