// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the program writes when it is given hostile hosts, names and files: on stdout, on stderr, in
 * JSON, in a recording and on a terminal. Not one byte of theirs arrives raw.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/clean.h"
#include "tests/hostile/zoo.h"
#include "tests/screen/term.h"
#include "tests/unit/host_tree.h"

#define ODD "odd\033[31m\302\233\342\200\256\377"

static char *tree;    /* with everything that zoo.h has */
static char *address; /* "evil=recorded:TREE" */

static int make_tree(void **state)
{
	static const char binary[] = "\033]0;owned\007\302\233\342\200\256\377\r\n\tx";
	(void)state;
	tree = host_tree_new();
	host_tree_mtty(tree);
	zoo_put_names(tree);
	g_strfreev(zoo_put_card(tree, binary, strlen(binary)));
	host_tree_link(tree, "/proc/42/fd/7", "/dev/vfio/3");
	static const char qemu[] = "qemu\0-name\0vm\033]0;owned\007\342\200\256\377";
	host_tree_bytes(tree, "/proc/42/cmdline", qemu, sizeof qemu - 1);
	address = g_strconcat("evil=recorded:", tree, NULL);
	return 0;
}

static int drop_tree(void **state)
{
	(void)state;
	host_tree_free(tree);
	g_free(address);
	return 0;
}

static void assert_clean(const char *text, const char *allowed, const char *what)
{
	g_autofree char *unclean = unclean_at(text, strlen(text), allowed);
	if (unclean)
		fail_msg("%s: %s", what, unclean);
}

/* Runs the binary; both streams must be clean. Returns stdout. */
static char *run(const char *const *arguments)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autofree char *err = NULL;
	char *out = NULL;
	int status = 0;

	g_ptr_array_add(argv, (gpointer)g_getenv("MDEVCON_BIN"));
	for (; *arguments; arguments++)
		g_ptr_array_add(argv, (gpointer)*arguments);
	g_ptr_array_add(argv, NULL);
	assert_true(g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL,
	                         &out, &err, &status, NULL));
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) <= 10);
	assert_clean(out, "\n", "stdout");
	assert_clean(err, "\n", err);
	return out;
}

#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static void test_commands(void **state)
{
	(void)state;
	g_autofree char *list = RUN("list", "--host", address);
	assert_non_null(strstr(list, "11111111-1111-1111-1111-111111111111"));
	assert_non_null(strstr(list, "\\x1b]0;owned\\x07"));
	g_autofree char *ascii = RUN("list", "--host", address, "--ascii");
	assert_true(g_str_is_ascii(ascii));
	g_free(RUN("hosts", "--host", address));
	g_free(RUN("create", "--host", address, "evil/mtty", "mtty-1", "--dry-run"));
	g_free(RUN("create", "--host", address, "evil/mtty", "mtty-1"));
	g_free(RUN("remove", "--host", address, "evil/" HOST_TREE_UUID, "--yes"));
}

static void assert_json_clean(const json_t *value)
{
	const json_t *item;
	size_t i;

	if (json_is_string(value))
		assert_clean(json_string_value(value), "", "JSON");
	json_array_foreach(value, i, item) assert_json_clean(item);
	for (void *at = json_object_iter((json_t *)value); at;
	     at = json_object_iter_next((json_t *)value, at)) {
		assert_clean(json_object_iter_key(at), "", "JSON");
		assert_json_clean(json_object_iter_value(at));
	}
}

static void test_json(void **state)
{
	static const char *const commands[] = { "list", "hosts" };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *text = RUN(commands[i], "--host", address, "--json");
		json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(document);
		assert_json_clean(document);
		assert_true(json_array_size(json_object_get(document, "hosts")) == 1);
		json_decref(document);
	}
	/* What the user types comes back in messages. */
	g_autofree char *text = RUN("create", "--json", "--host", address, "evil/" ODD, ODD);
	json_t *document = json_loads(text, 0, NULL);
	assert_non_null(document);
	assert_json_clean(document);
	json_decref(document);
}

static void test_recording(void **state)
{
	(void)state;
	char *folder = host_tree_new();
	g_autofree char *file = g_build_filename(folder, "evil.facts", NULL);
	g_autofree char *again = g_strconcat("evil=recorded:", file, NULL);
	g_free(RUN("record", "--host", address, "evil", file));
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	assert_true(g_str_is_ascii(text));
	assert_clean(text, "\n", "recording");
	g_autofree char *of_tree = RUN("list", "--host", address);
	g_autofree char *of_file = RUN("list", "--host", again);
	/* But for the first line, which says when it was read. */
	assert_string_equal(strchr(of_tree, '\n'), strchr(of_file, '\n'));
	host_tree_free(folder);
}

/* Words of the command line, and files that it names, come back in messages. */
static void test_words(void **state)
{
	(void)state;
	char *folder = host_tree_new();
	g_autofree char *hosts = g_build_filename(folder, "hosts" ODD, NULL);
	g_autofree char *facts = g_build_filename(folder, "facts" ODD, NULL);
	g_autofree char *recorded = g_strconcat("recorded:", facts, NULL);
	host_tree_file(folder, "hosts" ODD, "[a]\n" ODD " = " ODD "\n");
	host_tree_file(folder, "facts" ODD, "mdevcon-facts 1\nv /" ODD " x\n.\n");
	g_free(RUN(ODD));
	g_free(RUN("list", ODD));
	g_free(RUN("list", "--" ODD));
	g_free(RUN("list", "--host", ODD));
	g_free(RUN("list", "--host", "a=recorded:/nowhere/" ODD));
	g_free(RUN("list", "--host", recorded));
	g_free(RUN("list", "--hosts", hosts));
	g_free(RUN("list", "--group", ODD));
	g_free(RUN("list", "--root", facts));
	g_free(RUN("create", "--host", address, "evil/" ODD, ODD));
	g_free(RUN("create", "--host", address, "evil/mtty", ODD));
	g_free(RUN("create", "--host", address, "evil/mtty", "mtty-1", "--uuid", ODD));
	g_free(RUN("remove", "--host", address, "evil/" ODD, "--yes"));
	g_free(RUN("record", "--host", address, "evil", "/nowhere/" ODD));
	host_tree_free(folder);
}

/* ---- the console ---- */

static Term *term;

static int stop(void **state)
{
	(void)state;
	if (term)
		term_stop(term, NULL);
	term = NULL;
	return 0;
}

static void press(const char *key)
{
	assert_true(term_key(term, key));
	term_wait_idle(term, 30, 1000);
}

/* All screens that show what the host said, through all of its rows. */
static void test_console(void **state)
{
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--host", address, "evil", NULL };
	static const char *const keys[] = { "Enter", "F3",  "Esc", "o",   "F3", "F1", "Esc",
		                            "c",     "Esc", "r",   "Esc", "t",  "Esc" };
	gsize len;

	(void)state;
	term = term_start(40, 120, argv, NULL);
	assert_non_null(term);
	expect_text(term, "evil");
	expect_text(term, "mtty-1");
	for (guint row = 0; row < 12; row++) {
		press("Down");
		for (guint i = 0; row % 4 == 0 && i < G_N_ELEMENTS(keys); i++)
			press(keys[i]);
	}
	press("/");
	term_paste(term, ODD);
	press("Enter");
	press("Esc");
	press("Esc");
	const char *bytes = term_output(term, &len);
	g_autofree char *unclean = unclean_screen(bytes, len);
	if (unclean)
		fail_msg("the terminal was sent: %s", unclean);
	assert_null(memmem(bytes, len, "\033[31mred", 8));
	/* It was all there, but to be read. */
	static const char *const seen[] = { "\\x1b]0;owned", "\\u{202e}", "\\xff", "\\x0a" };
	for (guint i = 0; i < G_N_ELEMENTS(seen); i++)
		assert_non_null(memmem(bytes, len, seen[i], strlen(seen[i])));
	assert_string_equal(term_title(term), "");
	assert_int_equal(term_bells(term), 0);
	assert_null(term_last_osc(term));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_recording),
		cmocka_unit_test(test_words),
		cmocka_unit_test_teardown(test_console, stop),
	};
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	return cmocka_run_group_tests_name("shown", tests, make_tree, drop_tree);
}
