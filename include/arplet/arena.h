/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ARENA_H
#define ARPLET_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory that is freed all at once: a decoded object owns an arena, and so does a decide turn.
 *
 * No function here fails.  Without memory the program aborts: Kubernetes restarts it, and each
 * input has a limit, so this cannot become a loop.  A struct of zeros is an empty arena.
 */
struct arena {
	struct arena_chunk *chunks; /* newest first */
	char *front;                /* first unused byte of the newest chunk */
	size_t left;                /* unused bytes of the newest chunk */
};

/*
 * arena_lend - let an empty arena use @size bytes of the caller first.  They must be zero, aligned
 * to 8, and stay valid as long as the arena; the arena does not free them.
 */
void arena_lend(struct arena *arena, void *room, size_t size);

/* arena_alloc - allocate @size bytes of zeros, aligned to 8. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));

/* arena_calloc - allocate an array of @n elements; aborts if the product overflows. */
void *arena_calloc(struct arena *arena, size_t n, size_t size) __attribute__((returns_nonnull));

/* arena_strdup - copy @text; returns NULL for NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t n)
	__attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/* arena_done - free all memory; the arena is empty then, and can be used again. */
void arena_done(struct arena *arena);

/* xcalloc, xrealloc, xstrdup - like the C functions, but abort without memory. */
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *old, size_t n, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text); /* returns NULL for NULL */
/* set_text - replace a heap string, or NULL; returns true if the text changed. */
bool set_text(char **text, const char *to);

#endif
