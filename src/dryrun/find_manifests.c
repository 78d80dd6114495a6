/* SPDX-License-Identifier: Apache-2.0 */
#include "find_manifests.h"

#include "arplet/arena.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX (64u << 20)

static void
read_stream(const char *name, FILE *in, const struct find_manifests_ops *ops, void *arg)
{
	size_t room = 0, len = 0, got;
	char *text = NULL;

	do {
		if (len == room) {
			room = room ? room * 2 : 65536;
			text = xrealloc(text, room, 1);
		}
		got = fread(text + len, 1, room - len, in);
		len += got;
	} while (got && len <= FILE_MAX);
	if (ferror(in))
		ops->on_error(arg, name, strerror(errno));
	else if (len > FILE_MAX)
		ops->on_error(arg, name, "is larger than 64 MiB");
	else
		ops->on_text(arg, name, text, len);
	free(text);
}

static void
read_file(const char *name, const struct find_manifests_ops *ops, void *arg)
{
	FILE *in = fopen(name, "re");

	if (!in) {
		ops->on_error(arg, name, strerror(errno));
		return;
	}
	read_stream(name, in, ops, arg);
	fclose(in);
}

static int
is_manifest(const struct dirent *entry)
{
	const char *suffix = strrchr(entry->d_name, '.');

	return suffix && (!strcmp(suffix, ".yaml") || !strcmp(suffix, ".yml") ||
	    !strcmp(suffix, ".json"));
}

static void
read_folder(const char *name, const struct find_manifests_ops *ops, void *arg)
{
	struct dirent **entries;
	int n = scandir(name, &entries, is_manifest, alphasort);

	if (n <= 0)
		ops->on_error(arg, name, n ? strerror(errno) :
		    "the folder contains no *.yaml, *.yml or *.json file "
		    "(subfolders are not read)");
	for (int i = 0; i < n; i++) {
		char *path;

		if (asprintf(&path, "%s/%s", name, entries[i]->d_name) < 0)
			abort();
		read_file(path, ops, arg);
		free(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

void
find_manifests(const char *name, const struct find_manifests_ops *ops, void *arg)
{
	struct stat st;

	if (strcmp(name, "-") == 0)
		read_stream("standard input", stdin, ops, arg);
	else if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		read_folder(name, ops, arg);
	else
		read_file(name, ops, arg);
}
