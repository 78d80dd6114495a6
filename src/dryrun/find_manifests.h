/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_FIND_MANIFESTS_H
#define DRYRUN_FIND_MANIFESTS_H

#include <stddef.h>

struct find_manifests_ops {
	/* called with the name and the whole text of each file */
	void (*on_text)(void *arg, const char *file, const char *text, size_t len);
	/* called with the name of each file or folder that cannot be read, and the error */
	void (*on_error)(void *arg, const char *file, const char *why);
};

/*
 * find_manifests - read the file or folder @name, or standard input if @name is "-".  In a folder,
 * this function reads the *.yaml, *.yml and *.json files in the order of their names, but no
 * subfolders.
 */
void find_manifests(const char *name, const struct find_manifests_ops *ops, void *arg);

#endif
