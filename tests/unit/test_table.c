// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table: order by value, filter and its inversion, marks, and a cursor that stays on its thing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/widgets/table.h"

typedef struct {
	char *name;
	int size; /* -1: not known */
} Thing;

static void thing_free(gpointer data)
{
	g_free(((Thing *)data)->name);
	g_free(data);
}

static char *name_cell(const void *row)
{
	return g_strdup(((const Thing *)row)->name);
}

static char *size_cell(const void *row)
{
	int size = ((const Thing *)row)->size;
	return size < 0 ? NULL : g_strdup_printf("%d MiB", size);
}

static char *long_cell(const void *row)
{
	return g_strdup_printf("what there is to be said of %s", ((const Thing *)row)->name);
}

static char *rare_cell(const void *row)
{
	return g_strdup("seldom wanted");
}

static const Column name_column = { "name", "name", "NAME", ALIGN_LEFT, WIDTH_WHOLE, name_cell };
static const Column size_column = { "size", "size", "SIZE", ALIGN_RIGHT, WIDTH_WHOLE, size_cell };
static const Column long_column = { "text", NULL, "TEXT", ALIGN_LEFT, WIDTH_CUT, long_cell };
static const Column rare_column = { "rare",      NULL,      "RARE",   ALIGN_LEFT,
	                            WIDTH_WHOLE, rare_cell, .drop = 1 };
static const Column *const columns[] = { &name_column, &size_column, &rare_column, &long_column,
	                                 NULL };
enum { NAME, SIZE, RARE, TEXT };

static const char *thing_id(const void *row)
{
	return ((const Thing *)row)->name;
}

/* Rows of "NAME SIZE" pairs. */
static GPtrArray *things(const char *first, int size, ...)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(thing_free);
	va_list args;
	va_start(args, size);
	for (const char *name = first; name; name = va_arg(args, const char *)) {
		Thing *thing = g_new(Thing, 1);
		*thing = (Thing){ g_strdup(name), name == first ? size : va_arg(args, int) };
		g_ptr_array_add(rows, thing);
	}
	va_end(args);
	return rows;
}

static Table *sample(void)
{
	static const TableSpec spec = { .columns = columns, .id = thing_id };
	Table *table = table_new(&spec, true);
	table_set_rows(table, things("disk-10", 9, "disk-9", 100, "tape", -1, "card", 20, NULL));
	return table;
}

static const char *at(const Table *table)
{
	return table_row(table) ? ((const Thing *)table_row(table))->name : "";
}

/* The rows in order, by walking with the cursor. */
static char *walk(Table *table)
{
	GString *out = g_string_new(NULL);
	g_autofree char *before = NULL;
	table_action(table, ACTION_HOME);
	while (g_strcmp0(before, at(table)) != 0) {
		g_free(before);
		before = g_strdup(at(table));
		g_string_append_printf(out, "%s ", before);
		table_action(table, ACTION_DOWN);
	}
	return g_string_free(out, FALSE);
}

static void assert_order(Table *table, const char *expected)
{
	g_autofree char *order = walk(table);
	assert_string_equal(order, expected);
}

static void type(Table *table, const char *text)
{
	table_action(table, ACTION_FILTER);
	for (; *text; text++)
		assert_true(table_key(table, (Key)*text));
}

/* Numbers are sorted as numbers, and what has no value is last in both directions. */
static void test_sorts_by_value(void **state)
{
	(void)state;
	g_autoptr(Table) table = sample();
	assert_order(table, "disk-10 disk-9 tape card ");
	table_sort(table, SIZE);
	assert_order(table, "disk-10 card disk-9 tape ");
	table_sort(table, SIZE);
	assert_order(table, "disk-9 card disk-10 tape ");
	table_sort(table, NAME);
	assert_order(table, "card disk-9 disk-10 tape ");
}

static void test_filters_and_inverts(void **state)
{
	(void)state;
	g_autoptr(Table) table = sample();
	type(table, "DISK");
	g_autofree char *status = table_status(table);
	assert_non_null(strstr(status, "2 of 4 match"));
	assert_true(table_is_typing(table));
	assert_true(table_key(table, KEYCODE_ENTER));
	assert_false(table_is_typing(table));
	assert_order(table, "disk-10 disk-9 ");
	table_action(table, ACTION_INVERT);
	assert_order(table, "tape card ");
	assert_true(table_clear_filter(table));
	assert_false(table_clear_filter(table));
	assert_order(table, "disk-10 disk-9 tape card ");
}

/* What was filtered by last can be stepped through when all rows are shown again. */
static void test_steps_through_matches(void **state)
{
	(void)state;
	g_autoptr(Table) table = sample();
	type(table, "disk");
	table_clear_filter(table);
	table_select(table, "tape");
	table_action(table, ACTION_MATCH_NEXT);
	assert_string_equal(at(table), "disk-10");
	table_action(table, ACTION_MATCH_NEXT);
	assert_string_equal(at(table), "disk-9");
	table_action(table, ACTION_MATCH_PREV);
	assert_string_equal(at(table), "disk-10");
}

static void test_cursor_stays_on_its_thing(void **state)
{
	(void)state;
	g_autoptr(Table) table = sample();
	table_select(table, "tape");
	table_set_rows(table, things("new", 1, "tape", 5, NULL));
	assert_string_equal(at(table), "tape");
	/* It goes: some row is selected all the same. It comes back: there one is again. */
	table_set_rows(table, things("new", 1, "other", 2, "third", 3, NULL));
	assert_non_null(table_row(table));
	table_set_rows(table, things("new", 1, "other", 2, "third", 3, "tape", 4, NULL));
	assert_string_equal(at(table), "tape");
	table_set_rows(table, g_ptr_array_new());
	assert_null(table_row(table));
}

static char *chosen_names(const Table *table)
{
	g_autoptr(GPtrArray) chosen = table_chosen(table);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < chosen->len; i++)
		g_string_append_printf(out, "%s ", ((Thing *)g_ptr_array_index(chosen, i))->name);
	return g_string_free(out, FALSE);
}

/* Marks stand on things; nothing is done to a marked row that is hidden. */
static void test_marks(void **state)
{
	(void)state;
	g_autoptr(Table) table = sample();
	table_select(table, "tape");
	g_autofree char *alone = chosen_names(table);
	assert_string_equal(alone, "tape ");
	table_action(table, ACTION_MARK);
	table_action(table, ACTION_MARK); /* the cursor has moved on to the next one */
	table_sort(table, NAME);
	g_autofree char *both = chosen_names(table);
	assert_string_equal(both, "card tape ");
	type(table, "card");
	g_autofree char *shown = chosen_names(table);
	assert_string_equal(shown, "card ");
	table_clear_filter(table);
	table_select(table, "disk-9");
	table_action(table, ACTION_UNMARK);
	g_autofree char *none = chosen_names(table);
	assert_string_equal(none, "disk-9 ");
}

static char *drawn_row(Table *table, int w, int y)
{
	g_autoptr(Surface) surface = surface_new(w, 5, true);
	table_draw(table, surface, (Rect){ 0, 0, w, 5 }, "nothing");
	return surface_row(surface, y);
}

/* With less room the least wanted column goes first, then text is cut; names never are. */
static void test_fits_the_width(void **state)
{
	(void)state;
	g_autoptr(Table) table = sample();
	g_autofree char *wide = drawn_row(table, 90, 1);
	assert_string_equal(
		wide, " disk-10    9 MiB  seldom wanted  what there is to be said of disk-10");
	g_autofree char *narrow = drawn_row(table, 40, 1);
	assert_string_equal(narrow, " disk-10    9 MiB  what there is to be ~");
	g_autofree char *least = drawn_row(table, 12, 1);
	assert_true(g_str_has_prefix(least, " disk-10"));
	table_toggle(table, SIZE);
	table_toggle(table, NAME); /* the first one stays */
	g_autofree char *hidden = drawn_row(table, 40, 1);
	assert_string_equal(hidden, " disk-10  seldom wanted  what there is ~");
}

static void test_says_what_sorts_and_what_is_empty(void **state)
{
	(void)state;
	g_autoptr(Table) table = sample();
	table_sort(table, SIZE);
	g_autofree char *up = drawn_row(table, 90, 0);
	assert_non_null(strstr(up, "SIZE^"));
	table_sort(table, SIZE);
	g_autofree char *down = drawn_row(table, 90, 0);
	assert_non_null(strstr(down, "SIZEv"));
	type(table, "zzz");
	g_autofree char *unmatched = drawn_row(table, 90, 1);
	assert_non_null(strstr(unmatched, "Nothing matches"));
	table_set_rows(table, g_ptr_array_new());
	g_autofree char *empty = drawn_row(table, 90, 1);
	assert_string_equal(empty, " nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorts_by_value),
		cmocka_unit_test(test_filters_and_inverts),
		cmocka_unit_test(test_steps_through_matches),
		cmocka_unit_test(test_cursor_stays_on_its_thing),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_fits_the_width),
		cmocka_unit_test(test_says_what_sorts_and_what_is_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
