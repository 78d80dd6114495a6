/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TEXTS_H
#define DAEMON_TEXTS_H

#include <stddef.h>

/* What files say, whole. */
struct texts_ops {
	void (*on_text)(void *arg, const char *file, const char *text, size_t len);
	void (*on_trouble)(void *arg, const char *file, const char *why); /* it cannot be read */
};

/*
 * texts_read - a file, a folder (its *.yaml, *.yml and *.json, in order of name; not deeper), or
 * "-" for standard input.
 */
void texts_read(const char *name, const struct texts_ops *ops, void *arg);

#endif
