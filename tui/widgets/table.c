// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/widgets/table_private.h"

#include <string.h>

#include "core/text.h"
#include "tui/filter.h"

/* ---- rows: filter and order --------------------------------------------------------------- */

static bool row_matches(const Table *table, const Filter *filter, const void *row)
{
	for (guint c = 0; c < table->n_columns; c++) {
		g_autofree char *cell = table->spec.columns[c]->cell(row);
		if (filter_contains(filter, cell))
			return true;
	}
	return false;
}

typedef struct {
	gpointer row;
	char *cell; /* of the column that sorts, where it is sorted by text */
	guint nth;  /* equal rows keep their order */
} Ordered;

static void clear_ordered(gpointer data)
{
	g_free(((Ordered *)data)->cell);
}

/* Without a value comes last, whichever way the order goes. */
static int compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
	const Table *table = data;
	const Ordered *left = a, *right = b;
	const Column *column = table->spec.columns[table->sort];
	int order;
	if (column->compare)
		order = column->compare(left->row, right->row);
	else if (!left->cell || !right->cell)
		return left->cell ? -1 : right->cell ? 1 : (int)left->nth - (int)right->nth;
	else
		order = natural_compare(left->cell, right->cell);
	if (order == 0)
		return (int)left->nth - (int)right->nth;
	return table->descending ? -order : order;
}

static void sort_shown(Table *table)
{
	if (table->sort < 0)
		return;
	const Column *column = table->spec.columns[table->sort];
	g_autoptr(GArray) order =
		g_array_sized_new(FALSE, FALSE, sizeof(Ordered), table->shown->len);
	g_array_set_clear_func(order, clear_ordered);
	for (guint i = 0; i < table->shown->len; i++) {
		Ordered one = { g_ptr_array_index(table->shown, i), NULL, i };
		if (!column->compare)
			one.cell = column->cell(one.row);
		g_array_append_val(order, one);
	}
	g_array_sort_with_data(order, compare_rows, table);
	for (guint i = 0; i < order->len; i++)
		table->shown->pdata[i] = g_array_index(order, Ordered, i).row;
}

static int find_shown(const Table *table, const char *id)
{
	for (guint i = 0; id && i < table->shown->len; i++) {
		if (strcmp(table->spec.id(g_ptr_array_index(table->shown, i)), id) == 0)
			return (int)i;
	}
	return -1;
}

/* Keeps the name while its row is hidden or gone for a while; what stands there is selected. */
static void find_cursor(Table *table)
{
	int row = find_shown(table, table->at);
	if (row >= 0)
		table->list.selected = row;
	else if (!table->chosen)
		table->list.selected = table->spec.at_end ? (int)table->shown->len - 1 : 0;
	list_fit(&table->list, (int)table->shown->len, table->list.rows);
}

static void show_rows(Table *table)
{
	Filter filter = filter_new(table->filter.text);
	g_ptr_array_set_size(table->shown, 0);
	for (guint i = 0; i < table->rows->len; i++) {
		gpointer row = g_ptr_array_index(table->rows, i);
		if (!filter.needle || row_matches(table, &filter, row) != filter.invert)
			g_ptr_array_add(table->shown, row);
	}
	filter_clear(&filter);
	sort_shown(table);
	find_cursor(table);
}

void table_set_rows(Table *table, GPtrArray *rows)
{
	GPtrArray *old = table->rows;
	table->rows = rows;
	show_rows(table);
	g_ptr_array_unref(old);
}

/* ---- cursor and marks --------------------------------------------------------------------- */

const void *table_row(const Table *table)
{
	int at = table->list.selected;
	return at >= 0 && at < (int)table->shown->len ? g_ptr_array_index(table->shown, (guint)at)
	                                              : NULL;
}

/* The cursor was moved by hand: from now on it stays on that thing. */
static void take_cursor(Table *table)
{
	const void *row = table_row(table);
	g_free(table->at);
	table->at = row ? g_strdup(table->spec.id(row)) : NULL;
	table->chosen = true;
	list_show(&table->list);
}

void table_select(Table *table, const char *id)
{
	char *copy = g_strdup(id);
	g_free(table->at);
	table->at = copy;
	table->chosen = true;
	find_cursor(table);
}

bool table_click(Table *table, int y)
{
	int row = table->list.top + y - table->first_y;
	if (y < table->first_y || row >= table->list.count ||
	    y >= table->first_y + table->list.rows)
		return false;
	table->list.selected = row;
	take_cursor(table);
	return true;
}

GPtrArray *table_chosen(const Table *table)
{
	GPtrArray *chosen = g_ptr_array_new();
	for (guint i = 0; i < table->shown->len; i++) {
		gpointer row = g_ptr_array_index(table->shown, i);
		if (g_hash_table_contains(table->marks, table->spec.id(row)))
			g_ptr_array_add(chosen, row);
	}
	if (chosen->len == 0 && table_row(table))
		g_ptr_array_add(chosen, (gpointer)table_row(table));
	return chosen;
}

static void toggle_mark(Table *table)
{
	const void *row = table_row(table);
	if (!row)
		return;
	const char *id = table->spec.id(row);
	if (!g_hash_table_remove(table->marks, id))
		g_hash_table_add(table->marks, g_strdup(id));
	list_move(&table->list, ACTION_DOWN, NULL, NULL);
	take_cursor(table);
}

/* ---- filter and search -------------------------------------------------------------------- */

static void keep_search(Table *table)
{
	if (table->filter.len == 0)
		return;
	g_free(table->search);
	table->search = g_strdup(table->filter.text);
}

bool table_clear_filter(Table *table)
{
	bool had = table->filter.len > 0 || table->typing;
	keep_search(table);
	table->typing = false;
	prompt_wipe(&table->filter);
	if (had)
		show_rows(table);
	return had;
}

bool table_is_typing(const Table *table)
{
	return table->typing;
}

bool table_key(Table *table, Key key)
{
	if (!table->typing)
		return false;
	if (key == KEYCODE_ESC)
		return table_clear_filter(table);
	if (key == KEYCODE_ENTER) {
		table->typing = false;
		keep_search(table);
		return true;
	}
	if (!prompt_key(&table->filter, key))
		return false;
	show_rows(table);
	return true;
}

/* To the next row that the last filter means, round the end; all rows are shown meanwhile. */
static void step_match(Table *table, int step)
{
	Filter filter = filter_new(table->search);
	int n = (int)table->shown->len, at = MAX(table->list.selected, 0);
	for (int i = 0; filter.needle && i < n; i++) {
		at = (at + step + n) % n;
		if (row_matches(table, &filter, g_ptr_array_index(table->shown, (guint)at)) !=
		    filter.invert) {
			table->list.selected = at;
			take_cursor(table);
			break;
		}
	}
	filter_clear(&filter);
}

/* Turns "web" into "!web" and back: the others are shown. */
static void invert_filter(Table *table)
{
	g_autofree char *turned = filter_inverted(table->filter.text);
	prompt_set(&table->filter, turned);
	keep_search(table);
	show_rows(table);
}

bool table_action(Table *table, ActionId id)
{
	switch (id) {
	case ACTION_FILTER:
		table->typing = true;
		return true;
	case ACTION_INVERT:
		invert_filter(table);
		return true;
	case ACTION_MATCH_NEXT:
	case ACTION_MATCH_PREV:
		step_match(table, id == ACTION_MATCH_NEXT ? 1 : -1);
		return true;
	case ACTION_MARK:
		toggle_mark(table);
		return true;
	case ACTION_UNMARK:
		g_hash_table_remove_all(table->marks);
		return true;
	default:
		break;
	}
	if (!list_move(&table->list, id, NULL, NULL))
		return false;
	take_cursor(table);
	return true;
}

/* ---- columns ------------------------------------------------------------------------------ */

guint table_columns(const Table *table)
{
	return table->n_columns;
}

const Column *table_column(const Table *table, guint column)
{
	return table->spec.columns[column];
}

void table_sort(Table *table, guint column)
{
	table->descending = table->sort == (int)column && !table->descending;
	table->sort = (int)column;
	show_rows(table);
}

int table_sorted_by(const Table *table, bool *descending)
{
	*descending = table->descending;
	return table->sort;
}

void table_toggle(Table *table, guint column)
{
	if (column > 0 && column < table->n_columns)
		table->hidden[column] = !table->hidden[column];
}

bool table_is_hidden(const Table *table, guint column)
{
	return table->hidden[column];
}

/* ---- life --------------------------------------------------------------------------------- */

Table *table_new(const TableSpec *spec, bool ascii)
{
	Table *table = g_new0(Table, 1);
	table->spec = *spec;
	table->ascii = ascii;
	while (table->n_columns < TABLE_COLUMNS_MAX && spec->columns[table->n_columns])
		table->n_columns++;
	table->sort = -1;
	table->rows = g_ptr_array_new();
	table->shown = g_ptr_array_new();
	table->marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	table->list.rows = 1;
	return table;
}

void table_free(Table *table)
{
	if (!table)
		return;
	g_ptr_array_unref(table->shown);
	g_ptr_array_unref(table->rows);
	g_hash_table_unref(table->marks);
	g_free(table->at);
	g_free(table->search);
	g_free(table);
}
