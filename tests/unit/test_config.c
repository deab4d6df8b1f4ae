// SPDX-License-Identifier: GPL-2.0-or-later
/* The console's configuration, what is wrong in it, and the history of the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "tui/config.h"
#include "tui/history.h"

static char *folder;

static int make_folder(void **state)
{
	folder = g_dir_make_tmp("mdevcon-config-XXXXXX", NULL);
	return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
	g_autofree char *file = g_build_filename(folder, "file", NULL);
	g_unlink(file);
	g_rmdir(folder);
	g_clear_pointer(&folder, g_free);
	return 0;
}

static char *write_file(const char *text)
{
	char *file = g_build_filename(folder, "file", NULL);
	assert_true(g_file_set_contents(file, text, -1, NULL));
	return file;
}

static void read_text(Config *config, Keymap *keymap, const char *text)
{
	g_autofree char *file = write_file(text);
	config_read(config, keymap, file);
}

/* The nth problem ends so, behind the file's name. */
static void assert_problem(const Config *config, guint nth, const char *expected)
{
	assert_true(nth < config->problems->len);
	assert_string_equal(strchr((char *)g_ptr_array_index(config->problems, nth), ':'),
	                    expected);
}

static void test_options_and_keys(void **state)
{
	g_auto(Config) config = { 0 };
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	read_text(&config, keymap,
	          "# a comment\n[console]\nascii = yes\ntheme = light\n\n[keys]\n"
	          "swap = X\nrefresh =\nfleet = F11 2\n");
	assert_int_equal(config.problems->len, 0);
	assert_true(config.ascii);
	assert_false(config.read_only);
	assert_string_equal(config.theme, "light");
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 'X'), ACTION_SWAP);
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 'x'), ACTION_NONE);
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 'r'), ACTION_NONE);
	assert_int_equal(keymap_find(keymap, CONTEXT_TEXT, KEYCODE_F1 + 10), ACTION_FLEET);
	assert_string_equal(keymap_keys(keymap, ACTION_FLEET), "F11 2");
}

/* Two actions may change their keys with each other: only the end of the file counts. */
static void test_keys_change_places(void **state)
{
	g_auto(Config) config = { 0 };
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	read_text(&config, keymap, "[keys]\nsource = t\ntarget = s\n");
	assert_int_equal(config.problems->len, 0);
	assert_int_equal(keymap_find(keymap, CONTEXT_FLEET, 's'), ACTION_TARGET);
	assert_int_equal(keymap_find(keymap, CONTEXT_FLEET, 't'), ACTION_SOURCE);
}

static void test_problems_have_a_place(void **state)
{
	g_auto(Config) config = { 0 };
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	read_text(&config, keymap,
	          "[console]\nascii = maybe\ncolour = red\n[keys]\nfly = f\nswap = Hyper-x\n"
	          "hardware = t\nunfold = O\n[what]\na = b\n");
	assert_problem(&config, 0, ":2: ascii: yes or no, not \"maybe\"");
	assert_problem(&config, 1, ":3: there is no option \"colour\"");
	assert_problem(&config, 2, ":5: there is no action \"fly\"");
	assert_problem(&config, 3, ":6: there is no key \"Hyper-x\"");
	assert_problem(&config, 4, ":10: there is no section [what]");
	assert_problem(&config, 5, ":7: key t: target has it already (built in)");
	assert_int_equal(config.problems->len, 6);
	/* What was wrong is as built in; the rest holds. */
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 'a'), ACTION_HARDWARE);
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 't'), ACTION_TARGET);
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 'x'), ACTION_SWAP);
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 'O'), ACTION_UNFOLD);
}

static void test_no_file_is_no_problem(void **state)
{
	g_auto(Config) config = { 0 };
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	g_autofree char *file = g_build_filename(folder, "none", NULL);
	config_read(&config, keymap, file);
	assert_int_equal(config.problems->len, 0);
	config_read(&config, keymap, folder);
	assert_int_equal(config.problems->len, 1);
}

/* Two consoles at once: neither loses what the other was told; nobody else may read it. */
static void test_history(void **state)
{
	g_autofree char *file = g_build_filename(folder, "file", NULL);
	History *one = history_new(file), *other = history_new(file);
	assert_int_equal(history_count(one), 0);
	history_add(one, "fleet");
	history_add(one, "fleet");
	history_add(one, "");
	assert_int_equal(history_count(one), 1);
	history_add(other, "host gpu-a");
	history_free(one);
	history_free(other);
	GStatBuf status;
	assert_int_equal(g_stat(file, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	History *both = history_new(file);
	assert_int_equal(history_count(both), 2);
	assert_string_equal(history_nth(both, 0), "fleet");
	assert_string_equal(history_nth(both, 1), "host gpu-a");
	history_free(both);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		TEST(test_options_and_keys),
		TEST(test_keys_change_places),
		TEST(test_problems_have_a_place),
		TEST(test_no_file_is_no_problem),
		TEST(test_history),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
