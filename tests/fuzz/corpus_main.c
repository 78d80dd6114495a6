/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main() of a fuzz target that is built without a fuzzer.  This main() runs the target once
 * with each file that the command line names, or else with each file of the target's corpus.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
run_file(const char *path)
{
	FILE *f = fopen(path, "re");
	uint8_t *data;
	long size;

	if (!f || fseek(f, 0, SEEK_END) < 0 || (size = ftell(f)) < 0) {
		perror(path);
		return 1;
	}
	rewind(f);
	/* a block of exactly the input's size, so that sanitizers detect reads past its end */
	data = malloc((size_t)size + !size);
	if (!data || fread(data, 1, (size_t)size, f) != (size_t)size) {
		perror(path);
		return 1;
	}
	fclose(f);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	return 0;
}

/* Runs the target with every file in @dir; an empty folder is an error. */
static int
run_dir(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int failed = 0, n = 0;

	if (!d || chdir(dir) < 0) {
		perror(dir);
		return 1;
	}
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		failed |= run_file(entry->d_name);
		n++;
	}
	closedir(d);
	printf("%s: %d inputs\n", dir, n);
	return failed || !n;
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/'), *srcdir = getenv("srcdir");
	char dir[4096];
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= run_file(argv[i]);
	if (argc > 1)
		return failed;
	name = strstr(name ? name : argv[0], "fuzz_");
	if (!name)
		return 1;
	snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".",
	    name + strlen("fuzz_"));
	return run_dir(dir);
}
