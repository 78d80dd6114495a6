/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_TABLE_H
#define DRYRUN_TABLE_H

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

/* A table in the layout of kubectl get: columns are aligned when the rows are printed. */
struct table {
	char *(*rows)[COLUMNS];
	size_t n;
	int widths[COLUMNS]; /* width of each column in all rows printed so far */
	bool has_header;     /* the header has been printed */
};

/* table_add - add the row of one Service. */
void table_add(struct table *table, const struct service_view *view);

/* table_add_gone - add a row for a Service that is deleted or not served any more. */
void table_add_gone(struct table *table, const char *ns, const char *name);

/* table_row - a row as one line of text, not aligned, malloc'd. */
char *table_row(const struct table *table, size_t row);

/* table_print - print the header once, and all rows; then drop the rows. */
void table_print(struct table *table, FILE *out);

/* table_drop - drop the last row. */
void table_drop(struct table *table);

void table_done(struct table *table);

#endif
