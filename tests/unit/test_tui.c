// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the console is made of, without a terminal: layout, surface, keys, theme, list, prompt, text
 * and the pair model.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "core/text.h"
#include "tui/footer.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/surface.h"
#include "tui/widgets/list.h"
#include "tui/widgets/prompt.h"
#include "tui/widgets/viewer.h"

/* ---- layout ------------------------------------------------------------------------------- */

static bool inside(Rect r, int w, int h)
{
	return r.x >= 0 && r.y >= 0 && r.w > 0 && r.h > 0 && r.x + r.w <= w && r.y + r.h <= h;
}

static bool overlap(Rect a, Rect b)
{
	return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* At every size: nothing leaves the screen, nothing overlaps, every pane has rows to show. */
static void test_layout_properties(void **state)
{
	(void)state;
	for (int w = 1; w <= 200; w++) {
		for (int h = 1; h <= 70; h++) {
			PairLayout l = layout_pair(w, h);
			assert_int_equal(l.too_small, w < 40 || h < 10);
			if (l.too_small)
				continue;
			Rect parts[] = { l.title, l.left, l.reasons, l.message, l.footer, l.right };
			int n = l.single ? 5 : 6;
			for (int i = 0; i < n; i++) {
				assert_true(inside(parts[i], w, h));
				for (int k = 0; k < i; k++)
					assert_false(overlap(parts[i], parts[k]));
			}
			assert_true(l.left.h >= 5);
			assert_true(l.left.w >= 30 && l.right.w >= 30);
		}
	}
}

static void test_layout_sizes(void **state)
{
	(void)state;
	PairLayout l = layout_pair(80, 24);
	assert_false(l.single);
	assert_int_equal(l.left.w, 36);
	assert_int_equal(l.right.w, 44);
	assert_int_equal(l.right.x, 36);
	assert_true(layout_pair(60, 15).single);
	assert_true(layout_pair(120, 40).left.w > 36);
}

/* ---- surface ------------------------------------------------------------------------------ */

static void assert_row(const Surface *surface, int y, const char *want)
{
	g_autofree char *row = surface_row(surface, y);
	assert_string_equal(row, want);
}

static void test_surface_clips(void **state)
{
	(void)state;
	g_autoptr(Surface) s = surface_new(10, 2, false);
	assert_int_equal(surface_put(s, 7, 0, -1, ROLE_NORMAL, "abcdef"), 3);
	assert_row(s, 0, "       ab…");
	surface_put(s, -2, 1, 20, ROLE_NORMAL, "xyz");
	assert_row(s, 1, "z");
	surface_put(s, 0, 5, -1, ROLE_NORMAL, "below");
	surface_put(s, 50, 0, -1, ROLE_NORMAL, "beside");
	surface_put(s, 3, 1, 0, ROLE_NORMAL, "no room");
	surface_box(s, (Rect){ -5, -5, 50, 50 }, ROLE_BORDER);
	surface_fill(s, (Rect){ 8, 1, 100, 100 }, '#', ROLE_NORMAL);
	assert_row(s, 1, "z       ##");
}

static void test_surface_wide(void **state)
{
	(void)state;
	g_autoptr(Surface) s = surface_new(6, 1, false);
	assert_int_equal(surface_put(s, 0, 0, -1, ROLE_NORMAL, "a中b"), 4);
	assert_int_equal(surface_cell(s, 1, 0)->base, 0x4e2d);
	assert_int_equal(surface_cell(s, 2, 0)->base, 0);
	/* Overwriting a half leaves no other half behind. */
	surface_put(s, 2, 0, 1, ROLE_NORMAL, "x");
	assert_row(s, 0, "a xb");
	/* One that does not fit whole is not drawn. */
	surface_clear(s);
	surface_put(s, 5, 0, -1, ROLE_NORMAL, "中");
	assert_true(surface_cell(s, 5, 0)->base != 0x4e2d);
	/* Combining marks join the cell before and take no column. */
	surface_clear(s);
	assert_int_equal(surface_put(s, 0, 0, -1, ROLE_NORMAL, "e\xcc\x81z"), 2);
	assert_int_equal(surface_cell(s, 0, 0)->combining[0], 0x301);
	assert_int_equal(surface_cell(s, 1, 0)->base, 'z');
}

static void test_surface_controls(void **state)
{
	(void)state;
	g_autoptr(Surface) s = surface_new(60, 1, false);
	surface_put(s, 0, 0, -1, ROLE_NORMAL, "a\033[2Jb\xff\nc\xc2\x9b\xe2\x80\xae");
	assert_row(s, 0, "a\\x1b[2Jb\\xff\\x0ac\\x9b\\u{202e}");
	for (int x = 0; x < 60; x++) {
		gunichar c = surface_cell(s, x, 0)->base;
		assert_true(c >= 0x20 && !(c >= 0x7f && c < 0xa0));
	}
}

static void test_surface_ascii(void **state)
{
	(void)state;
	g_autoptr(Surface) s = surface_new(12, 3, true);
	surface_box(s, (Rect){ 0, 0, 4, 3 }, ROLE_BORDER);
	surface_put(s, 5, 1, -1, ROLE_NORMAL, "●○→×…");
	assert_row(s, 0, "+--+");
	assert_row(s, 1, "|  | *o>x~");
}

/* ---- keys --------------------------------------------------------------------------------- */

static void test_keymap(void **state)
{
	(void)state;
	g_autofree char *collision = NULL;
	g_autoptr(Keymap) keymap = keymap_new(&collision);
	assert_null(collision);
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 't'), ACTION_TARGET);
	assert_int_equal(keymap_find(keymap, CONTEXT_TEXT, 't'), ACTION_NONE);
	assert_int_equal(keymap_find(keymap, CONTEXT_TEXT, KEYCODE_F1), ACTION_HELP);
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 'j'), ACTION_DOWN);
	assert_int_equal(key_parse("Ctrl-L"), 12);
	assert_int_equal(key_parse("F10"), KEYCODE_F1 + 9);
	assert_int_equal(key_parse("F13"), KEYCODE_NONE);
	assert_int_equal(key_parse("Nonsense"), KEYCODE_NONE);
}

/* Every action can be reached and explained; none that changes a host hangs on a Ctrl-letter. */
static void test_actions(void **state)
{
	(void)state;
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const Action *action = action_get((ActionId)i);
		assert_true(*action->name && *action->help && *action->keys);
		g_auto(GStrv) names = g_strsplit(action->keys, " ", -1);
		for (char **n = names; *n; n++) {
			Key key = key_parse(*n);
			assert_int_not_equal(key, KEYCODE_NONE);
			assert_int_equal(keymap_find(keymap, action->context, key), i);
			assert_false(action->changes && g_str_has_prefix(*n, "Ctrl-"));
		}
	}
}

static void test_footer(void **state)
{
	(void)state;
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	g_autoptr(Surface) s = surface_new(80, 1, false);
	footer_draw(s, surface_area(s), keymap, CONTEXT_PAIR, false, false);
	g_autofree char *row = surface_row(s, 0);
	assert_true(g_str_has_prefix(row, " 1Help 2Act 3View 4Filter 7Create 8Remove 10Quit"));
	surface_clear(s);
	footer_draw(s, surface_area(s), keymap, CONTEXT_MOVE, true, true);
	assert_row(s, 0, " 1Help 10Back");
	for (int w = 1; w < 80; w++) {
		surface_resize(s, w, 1);
		footer_draw(s, surface_area(s), keymap, CONTEXT_PAIR, false, false);
	}
}

/* ---- theme -------------------------------------------------------------------------------- */

static void test_theme(void **state)
{
	(void)state;
	Theme theme;
	theme_default(&theme);
	assert_true(theme.color[ROLE_CURSOR].reverse);
	for (int i = 0; i < ROLE_COUNT; i++)
		assert_int_equal(theme.mono[i].fg, COLOR_DEFAULT);

	g_autofree char *path = g_build_filename(g_get_tmp_dir(), "mdevcon-test-XXXXXX", NULL);
	int fd = g_mkstemp(path);
	assert_true(fd >= 0);
	g_close(fd, NULL);
	static const struct {
		const char *text, *error; /* error NULL: it loads */
	} cases[] = {
		{ "[color]\nerror = bold bright-red on 17\n", NULL },
		{ "[color]\nnobody = red\n", ":2: unknown role \"nobody\"" },
		{ "[color]\nerror = \n\nkey = crimson\n", ":4: key: unknown word \"crimson\"" },
		{ "[colour]\nerror = red\n", ":2: unknown section [colour]" },
		{ "[color]\nerror = on 256\n", "unknown word \"256\"" },
		{ "rubbish\n", ":1: " },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_true(g_file_set_contents(path, cases[i].text, -1, NULL));
		assert_int_equal(theme_load(&theme, path, &error), cases[i].error == NULL);
		if (cases[i].error)
			assert_non_null(strstr(error->message, cases[i].error));
		else
			assert_int_equal(theme.color[ROLE_ERROR].fg, 9);
	}
	remove(path);
}

/* ---- widgets ------------------------------------------------------------------------------ */

static bool even(int row, void *data)
{
	(void)data;
	return row % 2 == 0;
}

static void test_list(void **state)
{
	(void)state;
	List list = { 0 };
	list_fit(&list, 9, 4);
	assert_true(list_move(&list, ACTION_DOWN, even, NULL));
	assert_int_equal(list.selected, 2);
	list_move(&list, ACTION_END, even, NULL);
	assert_int_equal(list.selected, 8);
	assert_int_equal(list.top, 5);
	list_move(&list, ACTION_DOWN, even, NULL);
	assert_int_equal(list.selected, 8);
	list_move(&list, ACTION_PAGE_UP, even, NULL);
	assert_int_equal(list.selected % 2, 0);
	list_fit(&list, 0, 4);
	assert_int_equal(list.selected, -1);
	assert_true(list_move(&list, ACTION_UP, even, NULL));
	assert_false(list_move(&list, ACTION_HELP, NULL, NULL));
}

static void type(Prompt *prompt, const char *text)
{
	for (const char *p = text; *p; p = g_utf8_next_char(p))
		assert_true(prompt_key(prompt, g_utf8_get_char(p)));
}

static void test_prompt(void **state)
{
	(void)state;
	Prompt prompt = { 0 };
	type(&prompt, "aé中");
	prompt_key(&prompt, KEYCODE_LEFT);
	prompt_key(&prompt, KEYCODE_BACKSPACE);
	assert_string_equal(prompt.text, "a中");
	prompt_key(&prompt, KEYCODE_DELETE);
	prompt_key(&prompt, KEYCODE_HOME);
	prompt_key(&prompt, KEYCODE_BACKSPACE);
	assert_string_equal(prompt.text, "a");
	for (int i = 0; i < 2 * PROMPT_MAX; i++)
		prompt_key(&prompt, 0x4e2d);
	assert_true(prompt.len < PROMPT_MAX && g_utf8_validate(prompt.text, -1, NULL));
	assert_false(prompt_key(&prompt, KEYCODE_ENTER));
	assert_false(prompt_key(&prompt, KEYCODE_F1));

	g_autoptr(Surface) s = surface_new(20, 1, false);
	prompt.secret = true;
	prompt_set(&prompt, "hunter2");
	prompt_draw(&prompt, s, 0, 0, 20, true);
	assert_row(s, 0, "");
	prompt_wipe(&prompt);
	for (gsize i = 0; i < sizeof prompt.text; i++)
		assert_int_equal(prompt.text[i], 0);
	assert_true(prompt.secret);
}

static void test_wrap(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) lines = text_wrap("one two three\nfour", 9);
	assert_int_equal(lines->len, 3);
	assert_string_equal(g_ptr_array_index(lines, 0), "one two");
	assert_string_equal(g_ptr_array_index(lines, 1), "three");
	assert_string_equal(g_ptr_array_index(lines, 2), "four");
	for (int w = 1; w < 30; w++) {
		g_autoptr(GPtrArray) rows = text_wrap("a 中文 averyveryverylongword  \033 b", w);
		for (guint i = 0; i < rows->len; i++)
			assert_true(text_columns(g_ptr_array_index(rows, i)) <= MAX(w, 2));
	}
}

/* ---- order ------------------------------------------------------------------------------- */

static void test_natural(void **state)
{
	(void)state;
	assert_true(natural_compare("nvidia-558", "nvidia-1000") < 0);
	assert_true(natural_compare("a-2-b", "a-2-a") > 0);
	assert_true(natural_compare("a", "a-1") < 0);
	assert_int_equal(natural_compare("x-10", "x-10"), 0);
	assert_true(natural_compare("x-99999999999999999999999", "x-100000000000000000000000") < 0);
}

int main(void)
{
	/* Widths follow the locale, as on a real terminal. */
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout_properties),
		cmocka_unit_test(test_layout_sizes),
		cmocka_unit_test(test_surface_clips),
		cmocka_unit_test(test_surface_wide),
		cmocka_unit_test(test_surface_controls),
		cmocka_unit_test(test_surface_ascii),
		cmocka_unit_test(test_keymap),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_footer),
		cmocka_unit_test(test_theme),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_prompt),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_natural),
	};
	return cmocka_run_group_tests_name("tui", tests, NULL, NULL);
}
