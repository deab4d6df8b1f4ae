// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/widgets/table_private.h"

#include <string.h>

#include "core/text.h"

#define GAP 2       /* blanks between columns */
#define CUT_MIN 12  /* a column is not cut below that */
#define MEASURE 500 /* rows that are measured beside those that are shown */

typedef struct {
	Table *table;
	Surface *surface;
	Rect area;
	int widths[TABLE_COLUMNS_MAX]; /* 0: not shown */
} Drawing;

static void measure_row(Drawing *drawing, const void *row)
{
	for (guint c = 0; c < drawing->table->n_columns; c++) {
		if (drawing->table->hidden[c])
			continue;
		g_autofree char *cell = drawing->table->spec.columns[c]->cell(row);
		if (cell)
			drawing->widths[c] = MAX(drawing->widths[c], text_columns(cell));
	}
}

/* The sign of the order stands behind the heading. */
static int header_width(const Table *table, guint c)
{
	return text_columns(table->spec.columns[c]->header) + (table->sort == (int)c);
}

/* Many rows are not measured all at every drawing: the first ones, and what is in sight. */
static void measure(Drawing *drawing)
{
	const Table *table = drawing->table;
	guint from = (guint)MAX(table->list.top, 0);
	for (guint c = 0; c < table->n_columns; c++)
		drawing->widths[c] = table->hidden[c] ? 0 : header_width(table, c);
	for (guint i = 0; i < table->rows->len && i < MEASURE; i++)
		measure_row(drawing, g_ptr_array_index(table->rows, i));
	for (guint i = MAX(from, MEASURE);
	     i < table->shown->len && i < from + (guint)table->list.rows; i++)
		measure_row(drawing, g_ptr_array_index(table->shown, i));
}

static int least_width(const Drawing *drawing, guint c)
{
	const Column *column = drawing->table->spec.columns[c];
	int least = MAX(header_width(drawing->table, c), CUT_MIN);
	return column->width == WIDTH_CUT ? MIN(drawing->widths[c], least) : drawing->widths[c];
}

/* The columns needed; with `least` as little as the columns that may be cut can do with. */
static int line_width(const Drawing *drawing, bool least)
{
	int total = 1; /* the mark */
	for (guint c = 0; c < drawing->table->n_columns; c++) {
		if (drawing->widths[c])
			total += GAP + (least ? least_width(drawing, c) : drawing->widths[c]);
	}
	return total - GAP;
}

/* The column that is missed least, or 0: the first one stays. */
static guint least_wanted(const Drawing *drawing)
{
	guint worst = 0, rank = 0;
	for (guint c = 1; c < drawing->table->n_columns; c++) {
		if (drawing->widths[c] && drawing->table->spec.columns[c]->drop > rank) {
			rank = drawing->table->spec.columns[c]->drop;
			worst = c;
		}
	}
	return worst;
}

static void fit(Drawing *drawing)
{
	guint worst;
	while (line_width(drawing, true) > drawing->area.w && (worst = least_wanted(drawing)) > 0)
		drawing->widths[worst] = 0;
	for (guint c = drawing->table->n_columns; c-- > 0;) {
		int over = line_width(drawing, false) - drawing->area.w;
		if (over > 0 && drawing->widths[c])
			drawing->widths[c] -=
				MIN(over, drawing->widths[c] - least_width(drawing, c));
	}
}

static void put_cell(const Drawing *drawing, int x, int y, guint c, Role role, const char *text)
{
	int w = MIN(drawing->widths[c], drawing->area.x + drawing->area.w - x);
	int n = MIN(text_columns(text), w);
	if (drawing->table->spec.columns[c]->align == ALIGN_RIGHT)
		x += w - n;
	surface_put(drawing->surface, x, y, n, role, text);
}

static void draw_header(const Drawing *drawing)
{
	const Table *table = drawing->table;
	int x = drawing->area.x + 1;
	for (guint c = 0; c < table->n_columns; c++) {
		if (!drawing->widths[c])
			continue;
		const char *sign = table->sort != (int)c ? ""
		                   : table->ascii        ? (table->descending ? "v" : "^")
		                                         : (table->descending ? "▼" : "▲");
		g_autofree char *text = g_strconcat(table->spec.columns[c]->header, sign, NULL);
		put_cell(drawing, x, drawing->area.y, c, ROLE_HEADING, text);
		x += drawing->widths[c] + GAP;
	}
}

static void draw_row(const Drawing *drawing, const void *row, int y, bool selected)
{
	const Table *table = drawing->table;
	int x = drawing->area.x;
	if (g_hash_table_contains(table->marks, table->spec.id(row)))
		surface_put(drawing->surface, x, y, 1, ROLE_KEY, "*");
	x++;
	for (guint c = 0; c < table->n_columns; c++) {
		if (!drawing->widths[c])
			continue;
		const Column *column = table->spec.columns[c];
		Role role = table->spec.role ? table->spec.role(row, column) : ROLE_NORMAL;
		g_autofree char *cell = column->cell(row);
		put_cell(drawing, x, y, c, role, cell && *cell ? cell : "-");
		x += drawing->widths[c] + GAP;
	}
	if (!selected)
		return;
	surface_restyle(drawing->surface, (Rect){ drawing->area.x, y, drawing->area.w, 1 },
	                ROLE_CURSOR);
	surface_set_cursor(drawing->surface, drawing->area.x, y);
}

void table_draw(Table *table, Surface *surface, Rect area, const char *empty)
{
	Drawing drawing = { .table = table, .surface = surface, .area = area };
	list_fit(&table->list, (int)table->shown->len, MAX(area.h - 1, 1));
	table->first_y = area.y + 1;
	measure(&drawing);
	fit(&drawing);
	draw_header(&drawing);
	for (int i = 0; i < table->list.rows && table->list.top + i < table->list.count; i++) {
		int row = table->list.top + i;
		draw_row(&drawing, g_ptr_array_index(table->shown, (guint)row), area.y + 1 + i,
		         row == table->list.selected);
	}
	if (table->list.count == 0)
		surface_put(surface, area.x + 1, area.y + 1, area.w - 1, ROLE_NORMAL,
		            table->rows->len ? "Nothing matches the filter; Esc clears it."
		                             : empty);
}

void table_draw_filter(const Table *table, Surface *surface, Rect row)
{
	if (!table->typing)
		return;
	int x = row.x + 1, right = row.x + row.w - 1;
	x += surface_put(surface, x, row.y, -1, ROLE_HEADING, "Filter: ");
	int w = MAX((right - x) / 2, 8);
	prompt_draw(&table->filter, surface, x, row.y, w, true);
	surface_putf(surface, x + w + 2, row.y, right - x - w - 2, ROLE_NORMAL, "%u of %u match",
	             table->shown->len, table->rows->len);
}

static void add_part(GString *text, const char *part)
{
	g_string_append_printf(text, "%s%s", text->len ? "   " : "", part);
}

/* Marks of things that have gone or are hidden do not count: nothing would be done to them. */
char *table_status(const Table *table)
{
	GString *text = g_string_new(NULL);
	guint marked = 0;
	for (guint i = 0; i < table->shown->len; i++)
		marked += g_hash_table_contains(table->marks,
		                                table->spec.id(g_ptr_array_index(table->shown, i)));
	if (table->filter.len) {
		g_autofree char *filter =
			g_strdup_printf("Filter: %s   %u of %u match   Esc clears",
		                        table->filter.text, table->shown->len, table->rows->len);
		add_part(text, filter);
	}
	if (g_hash_table_size(table->marks)) {
		g_autofree char *marks = g_strdup_printf("%u marked (u unmarks)", marked);
		add_part(text, marks);
	}
	return g_string_free(text, FALSE);
}

char *table_place(const Table *table)
{
	return table->list.count
	               ? g_strdup_printf("%d of %d", table->list.selected + 1, table->list.count)
	               : g_strdup("none");
}
