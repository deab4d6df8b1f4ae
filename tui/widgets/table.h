// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * A table on the screen: rows of typed columns (core/output/columns.h), sorted by value, filtered
 * while one types, with marks. Cursor and marks stand on things, by their identity, so they stay
 * where they are when rows come and go. The table knows nothing of what the rows are. UI thread.
 */

#include "core/output/columns.h"
#include "tui/actions.h"
#include "tui/keymap.h"
#include "tui/surface.h"

/* What a table shows. */
typedef struct {
	const Column *const *columns; /* NULL-terminated; the first is never hidden */
	/* The identity of a row: unique in the table, lives as long as the row. */
	const char *(*id)(const void *row);
	/* How a cell looks. NULL: ROLE_NORMAL. */
	Role (*role)(const void *row, const Column *column);
	bool at_end; /* until the operator moves, the cursor stands on the last row: messages */
} TableSpec;

typedef struct Table Table;

/* An empty table; the spec's columns live as long as it. */
Table *table_new(const TableSpec *spec, bool ascii);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* Replaces all rows; the array is taken, with its free function. */
void table_set_rows(Table *table, GPtrArray *rows);

/* The row under the cursor, or NULL. */
const void *table_row(const Table *table);
/* Moves the cursor to a row by its identity; it waits for one that is not there yet. */
void table_select(Table *table, const char *id);
/* What an action acts on: the marked rows that are shown, else the one under the cursor. */
GPtrArray *table_chosen(const Table *table);

/* Typing of the filter and what goes with it; true if the key was used up. */
bool table_key(Table *table, Key key);
/* Movement, marks, filter, search; true if it was one of them. */
bool table_action(Table *table, ActionId id);
bool table_is_typing(const Table *table);
/* Ends the filter, also while it is typed; false if there was none. */
bool table_clear_filter(Table *table);

/* Columns by their place in the spec; sorting by the same one again turns the order round. */
guint table_columns(const Table *table);
const Column *table_column(const Table *table, guint column);
void table_sort(Table *table, guint column);
/* The column that sorts, or -1: the rows' own order. */
int table_sorted_by(const Table *table, bool *descending);
void table_toggle(Table *table, guint column);
bool table_is_hidden(const Table *table, guint column);

/* Header and rows; the hardware cursor stands on the selected row. `empty` is shown without rows.
 */
void table_draw(Table *table, Surface *surface, Rect area, const char *empty);
/* The row at a place of the screen as last drawn, to select it; false if there is none. */
bool table_click(Table *table, int y);
/* The field in which the filter is typed, with its count; nothing unless table_is_typing. */
void table_draw_filter(const Table *table, Surface *surface, Rect row);
/* "Filter: web   3 of 22 match   2 marked", or "" . New text. */
char *table_status(const Table *table);
/* "3 of 22": where the cursor stands. New text. */
char *table_place(const Table *table);
