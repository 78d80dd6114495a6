/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGN 8u
#define FIRST_CHUNK 208u
#define LARGEST_CHUNK 65536u

struct arena_chunk {
	struct arena_chunk *older;
	size_t size;
	_Alignas(ALIGN) char data[];
};

void
arena_lend(struct arena *arena, void *room, size_t size)
{
	*arena = (struct arena){ .front = room, .left = size };
}

/* Allocates another chunk, which has room for at least @size bytes. */
static void
arena_grow(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk = arena->chunks;
	size_t want = !chunk ? FIRST_CHUNK : chunk->older ? chunk->size * 2 : chunk->size;

	if (want > LARGEST_CHUNK)
		want = LARGEST_CHUNK;
	if (want < size)
		want = size;
	chunk = xcalloc(1, sizeof(*chunk) + want);
	chunk->size = want;
	chunk->older = arena->chunks;
	arena->chunks = chunk;
	arena->front = chunk->data;
	arena->left = want;
}

/*
 * Allocates from the front of a chunk.  Texts need no alignment: alloc_text() allocates them from
 * the end of a chunk.
 */
void *
arena_alloc(struct arena *arena, size_t size)
{
	char *block;

	if (size > SIZE_MAX / 2)
		abort();
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (size > arena->left || !arena->front)
		arena_grow(arena, size);
	block = arena->front;
	arena->front += size;
	arena->left -= size;
	return block;
}

static char *
alloc_text(struct arena *arena, size_t size)
{
	if (size > arena->left)
		arena_grow(arena, (size + ALIGN - 1) & ~(size_t)(ALIGN - 1));
	arena->left -= size;
	return arena->front + arena->left;
}

void *
arena_calloc(struct arena *arena, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		abort();
	return arena_alloc(arena, n * size);
}

char *
arena_strndup(struct arena *arena, const char *text, size_t n)
{
	size_t len = strnlen(text, n);
	char *copy = alloc_text(arena, len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap, again;
	char *text;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	text = alloc_text(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	return text;
}

void
arena_done(struct arena *arena)
{
	struct arena_chunk *chunk = arena->chunks;

	while (chunk) {
		struct arena_chunk *older = chunk->older;

		free(chunk);
		chunk = older;
	}
	*arena = (struct arena){ 0 };
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

void *
xrealloc(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n ? n : 1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

char *
xstrdup(const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		abort();
	return copy;
}

bool
set_text(char **text, const char *to)
{
	if (*text == to || (*text && to && strcmp(*text, to) == 0))
		return false;
	free(*text);
	*text = xstrdup(to);
	return true;
}
