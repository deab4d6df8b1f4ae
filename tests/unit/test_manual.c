// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The documents against the program, both ways: every row of its tables is in its page, and what
 * pages, README and tutorial name is there. Examples in pages are read by the program's parsers.
 * $MDEVCON_MAN is the folder of the pages as scdoc gets them, $MDEVCON_SOURCE that of the sources.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <glib/gstdio.h>

#include "cli/commands.h"
#include "core/folders.h"
#include "core/hosts.h"
#include "core/paths.h"
#include "tui/config.h"
#include "tui/keymap.h"
#include "tui/theme.h"

static const char *const pages[] = { "mdevcon.1",        "mdevcon-hosts.5", "mdevcon-facts.5",
	                             "mdevcon-themes.5", "mdevcon-keys.7",  "mdevcon.conf.5" };
static const char *const documents[] = { "README.md", "docs/tutorial.md" };

static char *read_text(const char *variable, const char *name)
{
	g_autofree char *file = g_build_filename(g_getenv(variable), name, NULL);
	char *text = NULL;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(file, &text, NULL, &error))
		fail_msg("%s", error->message);
	return text;
}

/* A page as scdoc gets it, without its escapes. New. */
static char *read_page(const char *name)
{
	g_autofree char *file = g_strconcat(name, ".scd", NULL);
	char *text = read_text("MDEVCON_MAN", file), *to = text;
	for (const char *from = text; *from; from++)
		if (*from != '\\' || *++from)
			*to++ = *from;
	*to = '\0';
	return text;
}

static void must_have(const char *name, const char *page, const char *text)
{
	if (!strstr(page, text))
		fail_msg("%s says nothing of %s", name, text);
}

/* ---- the program's tables are in the pages ------------------------------------------------ */

static void test_commands(void **state)
{
	(void)state;
	g_autofree char *page = read_page("mdevcon.1");
	const Command *command;
	const OptionRow *option;
	const StatusRow *status;
	const Folder *folder;

	for (guint i = 1; (command = command_nth(i)); i++) {
		g_autofree char *line = g_strdup_printf("\n*mdevcon %s* %s\n\t%s", command->name,
		                                        command->args, command->summary);
		must_have("mdevcon.1", page, line);
	}
	for (guint i = 0; (option = option_nth(i)); i++) {
		g_autofree char *line =
			g_strdup_printf("--%s*%s%s\n\t%s\n", option->name, option->arg ? " " : "",
		                        option->arg ? option->arg : "", option->help);
		must_have("mdevcon.1", page, line);
	}
	for (guint i = 0; (status = status_nth(i)); i++) {
		g_autofree char *line =
			g_strdup_printf("\n*%d*\n\t%s: ", status->status, status->name);
		must_have("mdevcon.1", page, line);
	}
	for (guint i = 0; (folder = folder_nth(i)); i++)
		must_have("mdevcon.1", page, folder->written);
}

static void test_formats(void **state)
{
	(void)state;
	g_autofree char *hosts = read_page("mdevcon-hosts.5"),
			*facts = read_page("mdevcon-facts.5");
	g_autofree char *themes = read_page("mdevcon-themes.5");
	g_autofree char *config = read_page("mdevcon.conf.5");
	const HostsKey *key;
	const ConfigOption *option;

	for (guint i = 0; (option = config_option(i)); i++) {
		g_autofree char *line = g_strdup_printf("\n*%s* = %s\n\t%s\n", option->name,
		                                        option->value, option->help);
		must_have("mdevcon.conf.5", config, line);
	}
	for (guint i = 0; (key = hosts_key(i)); i++) {
		g_autofree char *line = g_strdup_printf("\n*%s* = ", key->name);
		must_have("mdevcon-hosts.5", hosts, line);
	}
	for (guint i = 0; i < path_row_count; i++) {
		g_autofree char *line = g_strdup_printf("\n- *%c* %s", (char)path_rows[i].kind,
		                                        path_rows[i].pattern);
		must_have("mdevcon-facts.5", facts, line);
	}
	for (int i = 0; i < ROLE_COUNT; i++) {
		g_autofree char *line =
			g_strdup_printf("\n*%s*\n\t%s\n", role_name((Role)i), role_help((Role)i));
		must_have("mdevcon-themes.5", themes, line);
	}
	for (guint i = 0; theme_shipped[i]; i++) {
		g_autofree char *line = g_strdup_printf("\n- *%s*\n", theme_shipped[i]);
		must_have("mdevcon-themes.5", themes, line);
	}
}

static void test_keys(void **state)
{
	(void)state;
	g_autofree char *page = read_page("mdevcon-keys.7");
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const Action *action = action_get((ActionId)i);
		g_autofree char *line = g_strdup_printf("\n*%s* (%s", action->keys, action->name);
		must_have("mdevcon-keys.7", page, line);
	}
	for (int c = 0; c < CONTEXT_COUNT; c++) {
		g_autofree char *line = g_strdup_printf("\n## %s\n", context_name((Context)c));
		must_have("mdevcon-keys.7", page, line);
	}
}

/* What a recording notes of itself is explained. */
static void test_notes(void **state)
{
	(void)state;
	g_autofree char *page = read_page("mdevcon-facts.5");
	g_autofree char *file =
		g_build_filename(g_getenv("MDEVCON_SOURCE"), "tests/data/gpu-a.facts", NULL);
	g_autoptr(Facts) facts = facts_load(file, NULL);
	assert_non_null(facts);
	g_autoptr(GList) keys = facts_note_keys(facts);
	assert_non_null(keys);
	for (GList *at = keys; at; at = at->next) {
		g_autofree char *word = g_strdup_printf("*%s*", (const char *)at->data);
		must_have("mdevcon-facts.5", page, word);
	}
}

/* ---- what documents name is there --------------------------------------------------------- */

/* An option of ours, or the one that an inventory program is asked with. */
static bool is_option(const char *word)
{
	const OptionRow *row;
	for (guint i = 0; (row = option_nth(i)); i++)
		if (strcmp(row->name, word) == 0)
			return true;
	return strcmp(word, "list") == 0;
}

static bool is_command(const char *word)
{
	return command_find(word) || strcmp(word, "COMMAND") == 0 || word[0] == '-';
}

/* A host of an example: in capitals, or something in it is in no command's name. */
static bool is_host(const char *word)
{
	return g_ascii_isupper(word[0]) || strpbrk(word, "=:[-") != NULL;
}

/* Calls `check` with each match's first group. */
static guint each_match(const char *pattern, const char *name, const char *text,
                        bool (*check)(const char *word))
{
	g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	guint n = 0;
	assert_non_null(regex);
	for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
	     g_match_info_next(match, NULL), n++) {
		g_autofree char *word = g_match_info_fetch(match, 1);
		if (!check(word))
			fail_msg("%s names %s, which is gone", name, word);
	}
	return n;
}

static bool is_command_or_host(const char *word)
{
	return is_command(word) || is_host(word);
}

/* The lines between fences. New. */
static char *code_of(const char *text)
{
	GString *code = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	bool inside = false;
	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, "```"))
			inside = !inside;
		else if (inside)
			g_string_append_printf(code, "%s\n", *line);
	}
	return g_string_free(code, FALSE);
}

static guint check_names(const char *name, const char *text)
{
	g_autofree char *code = code_of(text);
	guint n = each_match("(?:^|[\\s*`(,])--([a-z][a-z-]*)", name, text, is_option);
	n += each_match("\\*mdevcon ([^_*\\s]+)", name, text, is_command);
	n += each_match("^(?:sudo )?mdevcon (\\S+)", name, code, is_command_or_host);
	return n + each_match("`mdevcon ([^`\\s]+)", name, text, is_command_or_host);
}

static void test_names(void **state)
{
	(void)state;
	guint n = 0;
	for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autofree char *page = read_page(pages[i]);
		n += check_names(pages[i], page);
	}
	for (guint i = 0; i < G_N_ELEMENTS(documents); i++) {
		g_autofree char *text = read_text("MDEVCON_SOURCE", documents[i]);
		n += check_names(documents[i], text);
	}
	assert_true(n > 50);
}

static bool is_role(const char *word)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (strcmp(role_name((Role)i), word) == 0)
			return true;
	return false;
}

static bool is_theme(const char *word)
{
	return g_strv_contains(theme_shipped, word);
}

static bool is_host_key(const char *word)
{
	const HostsKey *key;
	for (guint i = 0; (key = hosts_key(i)); i++)
		if (strcmp(key->name, word) == 0)
			return true;
	return false;
}

static bool is_config_option(const char *word)
{
	const ConfigOption *option;
	for (guint i = 0; (option = config_option(i)); i++)
		if (strcmp(option->name, word) == 0)
			return true;
	return false;
}

static bool is_path(const char *word)
{
	for (guint i = 0; i < path_row_count; i++)
		if (strcmp(path_rows[i].pattern, word) == 0)
			return true;
	return false;
}

/* The name of a key, as the configuration takes it. */
static bool is_key_name(const char *word)
{
	return key_parse(word) != KEYCODE_NONE;
}

/* In code of the tutorial: a key that somebody listens to. */
static bool is_key(const char *word)
{
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	Key key = key_parse(word);
	for (int c = 0; c < CONTEXT_COUNT; c++)
		if (key != KEYCODE_NONE && keymap_find(keymap, (Context)c, key))
			return true;
	return false;
}

static bool is_key_or_sign(const char *word)
{
	return is_key(word) || strstr("=+~×", word);
}

static void test_rows(void **state)
{
	(void)state;
	g_autofree char *hosts = read_page("mdevcon-hosts.5"),
			*facts = read_page("mdevcon-facts.5");
	g_autofree char *themes = read_page("mdevcon-themes.5"),
			*keys = read_page("mdevcon-keys.7");
	g_autofree char *config = read_page("mdevcon.conf.5");
	g_autofree char *tutorial = read_text("MDEVCON_SOURCE", "docs/tutorial.md");
	assert_true(each_match("^\\*([a-z-]+)\\*\n", "themes", themes, is_role) == ROLE_COUNT);
	assert_true(each_match("^- \\*([a-z-]+)\\*", "themes", themes, is_theme) > 1);
	assert_true(each_match("^\\*([a-z_]+)\\* =", "hosts", hosts, is_host_key) > 1);
	assert_true(each_match("^\\*([a-z_]+)\\* =", "config", config, is_config_option) > 0);
	assert_true(each_match("^- \\*.\\* (/\\S+)", "facts", facts, is_path) == path_row_count);
	assert_true(each_match(" \\*(\\S{1,3})\\*[ ,.]", "keys", keys, is_key_name) > 0);
	assert_true(each_match("`(F\\d+|[^`\\s])`", "tutorial", tutorial, is_key_or_sign) > 5);
}

/* ---- examples ----------------------------------------------------------------------------- */

/* The block of code behind the heading EXAMPLE, as a file of its own. New name. */
static char *example(const char *page_name)
{
	g_autofree char *text = read_text("MDEVCON_MAN", page_name);
	char *begin = strstr(text, "# EXAMPLE\n");
	assert_non_null(begin);
	begin = strstr(begin, "```\n");
	assert_non_null(begin);
	begin += strlen("```\n");
	char *end = strstr(begin, "```\n");
	assert_non_null(end);
	char *file = NULL;
	int fd = g_file_open_tmp("mdevcon-manual-XXXXXX", &file, NULL);
	assert_true(fd >= 0 && g_close(fd, NULL));
	assert_true(g_file_set_contents(file, begin, end - begin, NULL));
	return file;
}

static void test_examples(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	g_autofree char *hosts_file = example("mdevcon-hosts.5.scd");
	g_autofree char *facts_file = example("mdevcon-facts.5.scd");
	g_autofree char *theme_file = example("mdevcon-themes.5.scd");
	g_autofree char *config_file = example("mdevcon.conf.5.scd");
	g_autoptr(Keymap) keymap = keymap_new(NULL);
	g_auto(Config) config = { .problems = g_ptr_array_new_with_free_func(g_free) };
	Theme theme;

	g_autoptr(GPtrArray) hosts = hosts_load(hosts_file, &error);
	g_autoptr(Facts) facts = error ? NULL : facts_load(facts_file, &error);
	if (error || !theme_load(&theme, theme_file, &error))
		fail_msg("%s", error->message);
	assert_int_equal(hosts->len, 3);
	assert_int_equal(((HostAddress *)hosts->pdata[0])->interval_s, 5);
	assert_string_equal(facts_names(facts, "/sys/class/mdev_bus")[0], "mtty");
	assert_int_equal(theme.color[ROLE_CURSOR].bg, PALETTE_RGB | 0xffd700);
	config_read(&config, keymap, config_file);
	assert_int_equal(config.problems->len, 0);
	assert_string_equal(config.theme, "light");
	assert_true(config.read_only);
	assert_int_equal(keymap_find(keymap, CONTEXT_PAIR, 'X'), ACTION_SWAP);
	g_remove(config_file);
	g_remove(hosts_file);
	g_remove(facts_file);
	g_remove(theme_file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands), cmocka_unit_test(test_formats),
		cmocka_unit_test(test_keys),     cmocka_unit_test(test_notes),
		cmocka_unit_test(test_names),    cmocka_unit_test(test_rows),
		cmocka_unit_test(test_examples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
