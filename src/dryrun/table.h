/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TABLE_H
#define DAEMON_TABLE_H

#include "arplet/world.h"

#include <stdio.h>

enum column {
	COL_NAMESPACE,
	COL_NAME,
	COL_ADDRESS,
	COL_POOL,
	COL_NODE,
	COL_INTERFACES,
	COL_REASON,
	COLUMNS
};

/* Rows that are aligned when they are printed, as kubectl's are. */
struct table {
	char *(*rows)[COLUMNS];
	size_t n;
	int widths[COLUMNS]; /* of what was printed so far; they only grow */
	bool headed;         /* the header has been printed */
};

/* table_add - the row of one Service. */
void table_add(struct table *table, const struct service_view *view);
/* table_add_gone - the row of a Service that is there no more. */
void table_add_gone(struct table *table, const char *ns, const char *name);

/* table_row - a row as one line of text, not aligned; the caller's. */
char *table_row(const struct table *table, size_t row);

/* table_print - the header, unless it has been printed, and all rows, which then are gone. */
void table_print(struct table *table, FILE *out);

/* table_drop - the last row was of no use. */
void table_drop(struct table *table);

void table_done(struct table *table);

#endif
