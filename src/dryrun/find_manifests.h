/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_FIND_MANIFESTS_H
#define DRYRUN_FIND_MANIFESTS_H

#include <stddef.h>

struct find_manifests_ops {
	/* called for each file, with the file's name and whole text */
	void (*on_text)(void *arg, const char *file, const char *text, size_t len);
	/* called for each file or folder that cannot be read, with the name and the error */
	void (*on_error)(void *arg, const char *file, const char *why);
};

/*
 * find_manifests - read the file or folder @name, or standard input if @name is "-".  In a folder,
 * this function reads the *.yaml, *.yml and *.json files, sorted by name.  It does not read
 * subfolders.
 */
void find_manifests(const char *name, const struct find_manifests_ops *ops, void *arg);

#endif
