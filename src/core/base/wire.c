/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/wire.h"

#include <string.h>

struct wire_reader
reader_of(const void *bytes, size_t len)
{
	return (struct wire_reader){ bytes, len, false };
}

/* Consumes the next @n bytes.  If fewer bytes are left, this and all later reads return NULL. */
static const uint8_t *
consume(struct wire_reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->failed || n > r->left) {
		r->failed = true;
		return NULL;
	}
	r->p += n;
	r->left -= n;
	return p;
}

uint8_t
read_u8(struct wire_reader *r)
{
	const uint8_t *p = consume(r, 1);

	return p ? p[0] : 0;
}

uint16_t
read_u16(struct wire_reader *r)
{
	const uint8_t *p = consume(r, 2);

	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

uint32_t
read_u32(struct wire_reader *r)
{
	const uint8_t *p = consume(r, 4);

	return p ? (uint32_t)p[0] << 24 | (uint32_t)(p[1] << 16 | p[2] << 8 | p[3]) : 0;
}

uint64_t
read_u64(struct wire_reader *r)
{
	uint64_t high = read_u32(r);

	return high << 32 | read_u32(r);
}

void
read_bytes(struct wire_reader *r, void *out, size_t n)
{
	const uint8_t *p = consume(r, n);

	if (p)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

struct wire_writer
writer_of(void *bytes, size_t size)
{
	return (struct wire_writer){ bytes, size, false };
}

/* Reserves room for @n bytes.  If less room is left, this and all later calls return NULL. */
static uint8_t *
reserve(struct wire_writer *w, size_t n)
{
	uint8_t *p = w->p;

	if (w->failed || n > w->left) {
		w->failed = true;
		return NULL;
	}
	w->p += n;
	w->left -= n;
	return p;
}

void
write_u8(struct wire_writer *w, uint8_t value)
{
	write_bytes(w, &value, 1);
}

void
write_u16(struct wire_writer *w, uint16_t value)
{
	uint16_t bytes = wire_u16(value);

	write_bytes(w, &bytes, sizeof(bytes));
}

void
write_u32(struct wire_writer *w, uint32_t value)
{
	write_u16(w, (uint16_t)(value >> 16));
	write_u16(w, (uint16_t)value);
}

void
write_u64(struct wire_writer *w, uint64_t value)
{
	write_u32(w, (uint32_t)(value >> 32));
	write_u32(w, (uint32_t)value);
}

void
write_bytes(struct wire_writer *w, const void *bytes, size_t n)
{
	uint8_t *p = reserve(w, n);

	if (p)
		memcpy(p, bytes, n);
}

void
write_padding(struct wire_writer *w)
{
	size_t n = w->left;
	uint8_t *p = reserve(w, n);

	if (p)
		memset(p, 0, n);
}

uint16_t
wire_u16(uint16_t value)
{
	const uint8_t bytes[2] = { (uint8_t)(value >> 8), (uint8_t)value };
	uint16_t net;

	memcpy(&net, bytes, sizeof(net));
	return net;
}
