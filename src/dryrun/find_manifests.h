/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_READ_FILES_H
#define DRYRUN_READ_FILES_H

#include <stddef.h>

struct find_manifests_ops {
	/* called with the whole text of each file */
	void (*on_text)(void *arg, const char *file, const char *text, size_t len);
	/* called for each file that cannot be read */
	void (*on_error)(void *arg, const char *file, const char *why);
};

/*
 * find_manifests - read a file, "-" (standard input), or a folder: its *.yaml, *.yml and *.json files
 * in the order of their names, without subfolders.
 */
void find_manifests(const char *name, const struct find_manifests_ops *ops, void *arg);

#endif
