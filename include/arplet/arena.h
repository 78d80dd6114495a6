/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ARENA_H
#define ARPLET_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory that is freed all at once: a decoded object, or a pass over the world, owns one.
 * Nothing here fails: without memory the program aborts, which is honest because every input
 * has a limit.  An all-zero struct is an empty arena.
 */
struct arena {
	struct arena_chunk *chunks; /* newest first */
	char *front;                /* of what is unused of the newest one */
	size_t left;                /* bytes of it */
};

/*
 * arena_lend - let an empty arena begin with memory that stays its owner's: zeroed, aligned as
 * arena_alloc() promises.
 */
void arena_lend(struct arena *arena, void *room, size_t size);

/* arena_alloc - @size zeroed bytes, aligned to 8: for pointers, 64-bit integers and bytes. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));

/* arena_calloc - an array of @n; aborts when the product overflows. */
void *arena_calloc(struct arena *arena, size_t n, size_t size) __attribute__((returns_nonnull));

/* arena_strdup - NULL stays NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t n)
	__attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/* arena_done - free everything; the arena is empty and may be used again. */
void arena_done(struct arena *arena);

/* xcalloc, xstrdup - for what lives longer than an arena; abort without memory; free() frees. */
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *old, size_t n, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text); /* NULL stays NULL */
/* set_text - replace a heap string; NULL is fine for either; says whether it changed. */
bool set_text(char **text, const char *to);

#endif
