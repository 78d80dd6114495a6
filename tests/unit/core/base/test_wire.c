/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/wire.h"
#include "unit.h"

#include <string.h>

#define BYTES "\x01\x02\x03\x04\x05"

/* In a format, '1', '2' and '4' read an integer of that many bytes, and '3' reads three bytes. */
static const struct read_case {
	const char *name;
	size_t len; /* the reader gets this many bytes of BYTES */
	const char *format;
	uint8_t want[8]; /* all bytes that the reader returns, in order */
	bool fails;
	size_t left;
} reads[] = {
	{ "integers are big endian", 5, "21", { 1, 2, 3 }, false, 2 },
	{ "integers of four bytes are big endian", 5, "4", { 1, 2, 3, 4 }, false, 1 },
	{ "a reader reads all bytes", 5, "23", { 1, 2, 3, 4, 5 }, false, 0 },
	{ "an empty read of an empty frame succeeds", 0, "", { 0 }, false, 0 },
	{ "a read past the end fails", 5, "231", { 1, 2, 3, 4, 5, 0 }, true, 0 },
	{ "a short integer that is cut fails", 1, "2", { 0, 0 }, true, 1 },
	{ "a long integer that is cut fails", 3, "4", { 0, 0, 0, 0 }, true, 3 },
	{ "bytes that are cut are read as zeros", 2, "3", { 0, 0, 0 }, true, 2 },
	{ "reads after a failure fail too", 2, "31", { 0, 0, 0, 0 }, true, 2 },
};

static void
check_read(void **state)
{
	const struct read_case *c = *state;
	struct wire_reader r = reader_of(BYTES, c->len);
	uint8_t got[8], *p = got;
	uint32_t value;

	memset(got, 0xee, sizeof(got));
	for (const char *f = c->format; *f; p += *f++ - '0') {
		if (*f == '1') {
			*p = read_u8(&r);
		} else if (*f == '2') {
			value = read_u16(&r);
			p[0] = (uint8_t)(value / 256);
			p[1] = (uint8_t)(value % 256);
		} else if (*f == '4') {
			value = read_u32(&r);
			for (int i = 3; i >= 0; i--, value /= 256)
				p[i] = (uint8_t)value;
		} else {
			read_bytes(&r, p, 3);
		}
	}
	assert_memory_equal(got, c->want, (size_t)(p - got));
	assert_int_equal(r.failed, c->fails);
	assert_int_equal(r.left, c->left);
}

/* In a format, '1' writes 0x01, '2' writes 0x0203, '3' writes the bytes 4 5 6, 'p' pads. */
static const struct write_case {
	const char *name;
	size_t size;
	const char *format;
	uint8_t want[6]; /* the buffer after the writes; at first all its bytes are 0xee */
	bool fails;
} writes[] = {
	{ "a writer writes big-endian integers", 6, "21", { 2, 3, 1, 0xee, 0xee, 0xee }, false },
	{ "a writer writes to the last byte", 6, "123", { 1, 2, 3, 4, 5, 6 }, false },
	{ "padding fills the buffer with zeros", 5, "2p", { 2, 3, 0, 0, 0, 0xee }, false },
	{ "a write past the end fails", 4, "23", { 2, 3, 0xee, 0xee, 0xee, 0xee }, true },
	{ "writes after a failure do nothing", 2, "31",
	    { 0xee, 0xee, 0xee, 0xee, 0xee, 0xee }, true },
	{ "padding after a failure does nothing",
	    2, "3p", { 0xee, 0xee, 0xee, 0xee, 0xee, 0xee }, true },
};

static void
check_write(void **state)
{
	const struct write_case *c = *state;
	uint8_t buf[6];
	struct wire_writer w = writer_of(buf, c->size);

	memset(buf, 0xee, sizeof(buf));
	for (const char *f = c->format; *f; f++) {
		if (*f == '1')
			write_u8(&w, 1);
		else if (*f == '2')
			write_u16(&w, 0x0203);
		else if (*f == '3')
			write_bytes(&w, "\x04\x05\x06", 3);
		else
			write_padding(&w);
	}
	assert_memory_equal(buf, c->want, sizeof(buf));
	assert_int_equal(w.failed, c->fails);
}

int
main(void)
{
	return UNIT_TABLE("reading", reads, check_read) +
	    UNIT_TABLE("writing", writes, check_write);
}
