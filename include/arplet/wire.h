/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_WIRE_H
#define ARPLET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Cursors that read and write the big-endian integers of a frame.  A read past the end of a frame,
 * or a write to a full buffer, sets the cursor's member failed, which stays set.  When failed is
 * set, reads return zero, and writes do nothing.  So a caller reads all fields first, and then
 * checks failed once.
 */
struct wire_reader {
	const uint8_t *p;
	size_t left;
	bool failed;
};

struct wire_reader reader_of(const void *bytes, size_t len);
uint8_t read_u8(struct wire_reader *r);
uint16_t read_u16(struct wire_reader *r);
uint32_t read_u32(struct wire_reader *r);
uint64_t read_u64(struct wire_reader *r);
void read_bytes(struct wire_reader *r, void *out, size_t n);

struct wire_writer {
	uint8_t *p;
	size_t left;
	bool failed;
};

struct wire_writer writer_of(void *bytes, size_t size);
void write_u8(struct wire_writer *w, uint8_t value);
void write_u16(struct wire_writer *w, uint16_t value);
void write_u32(struct wire_writer *w, uint32_t value);
void write_u64(struct wire_writer *w, uint64_t value);
void write_bytes(struct wire_writer *w, const void *bytes, size_t n);
/* write_padding - fill the rest of the buffer with zeros. */
void write_padding(struct wire_writer *w);

/* wire_u16 - convert @value to network byte order, for socket addresses. */
uint16_t wire_u16(uint16_t value);

#endif
