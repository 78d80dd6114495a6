/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/json_stream.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
on_text(void *arg, const char *text, size_t len)
{
	size_t *sum = arg;

	for (size_t i = 0; i < len; i++)
		*sum += (unsigned char)text[i];
	return 0;
}

/*
 * Feeds @data in pieces of @piece bytes, and sums the bytes of all JSON texts.  The sums must not
 * depend on @piece.
 */
static void
check(const char *data, size_t size, size_t piece, size_t sums[2])
{
	struct json_lines lines = { 0 };
	struct json_items items = { 0 };
	int line_rc = 0, item_rc = 0;

	sums[0] = sums[1] = 0;
	for (size_t offset = 0; offset < size; offset += piece) {
		size_t n = size - offset < piece ? size - offset : piece;

		if (line_rc == 0)
			line_rc = json_lines_feed(&lines, data + offset, n, on_text, &sums[0]);
		if (item_rc == 0)
			item_rc = json_items_feed(&items, data + offset, n, on_text, &sums[1]);
	}
	json_lines_done(&lines);
	json_items_done(&items);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t whole[2], pieces[2];

	if (size < 2)
		return 0;
	check((const char *)data + 1, size - 1, size, whole);
	check((const char *)data + 1, size - 1, 1 + data[0] % 16, pieces);
	if (whole[0] != pieces[0] || whole[1] != pieces[1])
		abort();
	return 0;
}
