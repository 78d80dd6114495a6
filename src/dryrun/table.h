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

/* A table with aligned columns, like the output of kubectl get. */
struct table {
	char *(*rows)[COLUMNS];
	size_t n;
	int widths[COLUMNS]; /* width of each column: the width of its widest cell so far */
	bool has_header;     /* true after the header was printed */
};

/* table_add - add the row of one Service. */
void table_add(struct table *table, const struct service_view *view);

/* table_add_gone - add a row for a Service that is deleted, or that arplet no longer serves. */
void table_add_gone(struct table *table, const char *ns, const char *name);

/* table_row - return the cells of row @row as one line, separated by tabs, malloc'd. */
char *table_row(const struct table *table, size_t row);

/* table_print - print all rows, and then drop all rows.  The first call prints the header, too. */
void table_print(struct table *table, FILE *out);

/* table_drop - drop the last row. */
void table_drop(struct table *table);

void table_done(struct table *table);

#endif
