/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ARENA_H
#define ARPLET_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An arena is memory that is freed all at once.  Each decoded object owns an arena, and so does
 * each plan of world_decide().  A zeroed struct is an empty arena.
 *
 * No function here fails: if no memory is left, the program aborts, and Kubernetes restarts it.
 * The size of each input is limited, so no single input can make the program abort again after each
 * restart.
 */
struct arena {
	struct arena_chunk *chunks; /* newest first */
	char *front;                /* first unused byte of the newest chunk */
	size_t left;                /* unused bytes of the newest chunk */
};

/*
 * arena_lend - let an empty arena use the caller's buffer @room of @size bytes before the arena
 * allocates memory.  All bytes of @room must be zero.  @room must be aligned to 8 bytes and outlive
 * the arena, which does not free @room.
 */
void arena_lend(struct arena *arena, void *room, size_t size);

/* arena_alloc - allocate @size zeroed bytes, aligned to 8 bytes. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));

/* arena_calloc - allocate a zeroed array of @n elements; aborts if @n * @size overflows. */
void *arena_calloc(struct arena *arena, size_t n, size_t size) __attribute__((returns_nonnull));

/* arena_strdup - copy @text into the arena; returns NULL if @text is NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t n)
	__attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/* arena_done - free all memory of the arena, which is empty then and can be used again. */
void arena_done(struct arena *arena);

/*
 * xcalloc, xrealloc, xstrdup - like calloc(), realloc() and strdup(), but abort if no memory is
 * left.
 */
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *old, size_t n, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text); /* xstrdup(NULL) returns NULL */
/* set_text - replace the heap string @text by a copy of @to; returns true if the text changed. */
bool set_text(char **text, const char *to);

#endif
