/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TEXTS_H
#define DAEMON_TEXTS_H

#include <stddef.h>

/* What files say, whole. */
struct read_files_ops {
	void (*on_text)(void *arg, const char *file, const char *text, size_t len);
	void (*on_conflict)(void *arg, const char *file, const char *why); /* it cannot be read */
};

/*
 * read_files - a file, a folder (its *.yaml, *.yml and *.json, in order of name; not deeper), or
 * "-" for standard input.
 */
void read_files(const char *name, const struct read_files_ops *ops, void *arg);

#endif
