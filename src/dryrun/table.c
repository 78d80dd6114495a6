/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "util/printable.h"

#include <stdlib.h>
#include <string.h>

#define GAP 3 /* spaces between columns */

static const char *const titles[COLUMNS] = {
	[COL_NAMESPACE] = "NAMESPACE",
	[COL_NAME] = "NAME",
	[COL_ADDRESS] = "ADDRESS",
	[COL_POOL] = "POOL",
	[COL_NODE] = "NODE",
	[COL_INTERFACES] = "INTERFACES",
	[COL_REASON] = "REASON",
};

static char **
new_row(struct table *table)
{
	table->rows = xrealloc(table->rows, table->n + 1, sizeof(*table->rows));
	return table->rows[table->n++];
}

static char *
addresses(const struct service_view *view)
{
	char text[2 * IP_TEXT_MAX + 1] = "", ip[IP_TEXT_MAX];

	for (size_t i = 0; i < view->n_ips; i++) {
		if (i)
			strcat(text, ",");
		strcat(text, ip_format(&view->ips[i], ip));
	}
	return xstrdup(view->n_ips ? text : "<pending>");
}

static char *
interfaces(const struct service_view *view)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	if (!view->holder)
		return xstrdup("<none>");
	if (!view->ifaces->n)
		return xstrdup("all");
	out = open_memstream(&text, &len);
	if (!out)
		abort();
	for (size_t i = 0; i < view->ifaces->n; i++)
		fprintf(out, "%s%s", i ? "," : "", view->ifaces->v[i]);
	if (fclose(out) != 0)
		abort();
	return text;
}

void
table_add(struct table *table, const struct service_view *view)
{
	char **row = new_row(table);

	row[COL_NAMESPACE] = printable_copy(view->obj->meta.ns);
	row[COL_NAME] = printable_copy(view->obj->meta.name);
	row[COL_ADDRESS] = addresses(view);
	row[COL_POOL] = printable_copy(view->pool ? view->pool : "<none>");
	row[COL_NODE] = printable_copy(view->holder ? view->holder : "<none>");
	row[COL_INTERFACES] = interfaces(view);
	row[COL_REASON] = printable_copy(view->why ? view->why : "");
}

void
table_add_gone(struct table *table, const char *ns, const char *name)
{
	char **row = new_row(table);

	row[COL_NAMESPACE] = xstrdup(ns);
	row[COL_NAME] = xstrdup(name);
	for (int col = COL_ADDRESS; col < COL_REASON; col++)
		row[col] = xstrdup("<none>");
	row[COL_REASON] = printable_copy("gone: deleted, or not served by arplet any more");
}

char *
table_row(const struct table *table, size_t row)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	for (int col = 0; col < COLUMNS; col++)
		fprintf(out, "%s\t", table->rows[row][col]);
	if (fclose(out) != 0)
		abort();
	return text;
}

/* Print one row.  An empty last cell is not printed, so that no line ends with spaces. */
static void
print_row(const struct table *table, const char *const *cells, FILE *out)
{
	int last = cells[COL_REASON][0] ? COL_REASON : COL_REASON - 1;

	for (int col = 0; col < last; col++)
		fprintf(out, "%-*s", table->widths[col] + GAP, cells[col]);
	fprintf(out, "%s\n", cells[last]);
}

static void
widen(struct table *table, const char *const *cells)
{
	for (int col = 0; col < COLUMNS; col++) {
		int width = (int)strlen(cells[col]);

		if (width > table->widths[col])
			table->widths[col] = width;
	}
}

void
table_drop(struct table *table)
{
	table->n--;
	for (int col = 0; col < COLUMNS; col++)
		free(table->rows[table->n][col]);
}

void
table_print(struct table *table, FILE *out)
{
	if (!table->n)
		return;
	widen(table, titles);
	for (size_t i = 0; i < table->n; i++)
		widen(table, (const char *const *)table->rows[i]);
	if (!table->has_header)
		print_row(table, titles, out);
	table->has_header = true;
	for (size_t i = 0; i < table->n; i++)
		print_row(table, (const char *const *)table->rows[i], out);
	while (table->n)
		table_drop(table);
}

void
table_done(struct table *table)
{
	while (table->n)
		table_drop(table);
	free(table->rows);
	*table = (struct table){ 0 };
}
