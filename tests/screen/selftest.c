// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The harness tested by itself: shell scripts that print escape sequences and, if built with
 * SELFTEST_NCURSES and linked with ncursesw, a small ncurses program, "selftest --ncurses".
 */
#include "term.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#ifdef SELFTEST_NCURSES
#include <curses.h>
#include <locale.h>
#endif

#define T(name) cmocka_unit_test_teardown(name, teardown)

/* The terminal and the golden files of the running test; the teardown sees to them. */
static Term *term;
static char *golden_dir;

static Term *run(int rows, int cols, const char *const argv[], const char *const env[])
{
	term = term_start(rows, cols, argv, env);
	assert_non_null(term);
	return term;
}

static Term *shell(int rows, int cols, const char *script)
{
	const char *argv[] = { "sh", "-c", script, NULL };

	return run(rows, cols, argv, NULL);
}

/* The same without echo: only what the script prints is on the screen. */
static Term *quiet_shell(int rows, int cols, const char *script)
{
	g_autofree char *all = g_strdup_printf("stty -echo -icanon; %s", script);

	return shell(rows, cols, all);
}

static int stop(void)
{
	int status;

	term_stop(g_steal_pointer(&term), &status);
	return status;
}

static int teardown(void **state G_GNUC_UNUSED)
{
	stop();
	g_unsetenv("MDEVCON_TEST_SLOW");
	g_unsetenv("MDEVCON_UPDATE_GOLDEN");
	if (golden_dir) {
		g_autofree char *path = g_strdup_printf("%s/one.txt", golden_dir);

		g_unlink(path);
		g_rmdir(golden_dir);
		g_clear_pointer(&golden_dir, g_free);
	}
	return 0;
}

static void assert_row(Term *t, int row, const char *want)
{
	g_autofree char *got = term_row(t, row);

	assert_string_equal(got, want);
}

static void test_text_and_exit(void **state G_GNUC_UNUSED)
{
	Term *t = shell(3, 20, "printf 'one\\n  two   \\nthree'; exit 7");

	expect_exit(t, 7);
	g_autofree char *dump = term_dump(t);

	assert_string_equal(dump, "one\n  two\nthree\n");
	assert_row(t, -1, "three");
	assert_row(t, 3, "");
	assert_false(term_signal(t, SIGTERM));
	/* Nothing can come any more: no waiting for the deadline. */
	gint64 start = g_get_monotonic_time();

	assert_false(term_wait_text(t, "never", 60000));
	assert_true(g_get_monotonic_time() - start < 30 * G_USEC_PER_SEC);
	assert_int_equal(term_bytes(t), strlen("one\r\n  two   \r\nthree"));
	assert_string_equal(term_output(t, NULL), "one\r\n  two   \r\nthree");
	stop();
	/* More than any buffer holds, then an immediate end: nothing may be lost. */
	t = shell(5, 20, "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
	expect_exit(t, 0);
	expect_text(t, "line 19998\nline 19999\n\n");
}

static void test_stop(void **state G_GNUC_UNUSED)
{
	expect_text(shell(3, 20, "trap 'exit 3' TERM; printf up; while :; do sleep 0.01; done"),
	            "up");
	assert_int_equal(stop(), 3);
	expect_text(shell(3, 20, "trap '' TERM HUP; printf up; while :; do sleep 0.01; done"),
	            "up");
	assert_int_equal(stop(), 128 + SIGKILL);
	shell(3, 20, "kill -STOP $$");
	assert_int_equal(stop(), 128 + SIGTERM);
	assert_int_equal(stop(), -1);
	assert_null(term_start(3, 20, (const char *[]){ "no-such-program-here", NULL }, NULL));
}

static void test_environment(void **state G_GNUC_UNUSED)
{
	const char *argv[] = { "sh", "-c",
		               "env | grep -E '^(TERM|LANG|LC_ALL|TZ|HOME|SHELL|NO_COLOR|"
		               "COLUMNS|LINES|SELFTEST_LEAK)=' | sort",
		               NULL };
	const char *extra[] = { "HOME=/tmp/x", "NO_COLOR=1", "TZ", NULL };

	g_setenv("COLUMNS", "33", TRUE);
	g_setenv("SELFTEST_LEAK", "1", TRUE);
	expect_exit(run(8, 40, argv, extra), 0);
	expect_text(term, "HOME=/tmp/x\nLANG=C.UTF-8\nNO_COLOR=1\nSHELL=/bin/sh\n"
	                  "TERM=xterm-256color\n");
}

static void test_waits(void **state G_GNUC_UNUSED)
{
	Term *t = quiet_shell(4, 30,
	                      "printf wait; read -r a; printf '\\033[2J\\033[Hgone %s' \"$a\";"
	                      "read -r b");

	expect_text(t, "wait");
	assert_false(term_wait_text(t, "gone", 0));
	term_send(t, "now\n");
	expect_gone(t, "wait");
	expect_row(t, 0, "^gone n.w$");
	expect_row(t, -1, "^$");
	assert_true(term_wait_idle(t, 20, 2000));
}

static void test_deadline(void **state G_GNUC_UNUSED)
{
	Term *t = quiet_shell(2, 12, "while :; do printf 'busy '; done");
	gint64 start = g_get_monotonic_time();

	/* Endless output neither holds up the deadline nor ever is idle. */
	assert_false(term_wait_text(t, "never", 100));
	assert_false(term_wait_idle(t, 50, 100));
	assert_true(g_get_monotonic_time() - start < 4 * G_USEC_PER_SEC);
	assert_false(term_wait_row(t, 0, "(", 100));
	g_setenv("MDEVCON_TEST_SLOW", "3", TRUE);
	start = g_get_monotonic_time();
	assert_false(term_wait_text(t, "never", 100));
	assert_true(g_get_monotonic_time() - start >= 300 * 1000);
}

static void test_attributes(void **state G_GNUC_UNUSED)
{
	Term *t = shell(3, 40,
	                "printf 'a\\033[1mb\\033[0;7mc\\033[0;31;44md\\033[38;5;200me"
	                "\\033[38;2;1;2;3mf\\033[0;4mg\\033[3mh\\033[9mi\\033[2mj\\033[0mk';"
	                "printf '\\033[?25l\\033[2;5H'");
	TermCell c[11];
	int row, col;

	expect_exit(t, 0);
	for (int i = 0; i < 11; i++)
		assert_true(term_cell(t, 0, i, &c[i]));
	assert_true(!c[0].bold && !c[0].reverse && c[0].fg == TERM_DEFAULT);
	assert_true(c[1].bold && !c[1].reverse && c[1].bg == TERM_DEFAULT);
	assert_true(c[2].reverse && !c[2].bold && c[3].fg == 1 && c[3].bg == 4 && c[4].fg == 200);
	assert_int_equal(c[5].fg, TERM_RGB | 0x010203);
	assert_true(c[6].underline && c[7].italic && c[8].strike && !c[10].strike);
	assert_false(term_cell(t, 0, 40, &c[0]) || term_cell(t, 3, 0, &c[0]));
	assert_true(!term_cursor(t, &row, &col) && row == 1 && col == 4);
}

static void test_wide(void **state G_GNUC_UNUSED)
{
	/* A wide character, one with an accent, and a wide one whose left half is overwritten. */
	Term *t = shell(3, 20,
	                "printf '日本x e\\314\\201!\\r\\n日\\033[2;1Hab本';"
	                "printf '\\r\\n界z\\033[3;1H|'");
	TermCell cell;
	int row, col;

	expect_exit(t, 0);
	assert_row(t, 0, "日本x e\xcc\x81!");
	assert_row(t, 1, "ab本");
	assert_row(t, 2, "| z");
	assert_true(term_find(t, "x e", &row, &col) && row == 0 && col == 4);
	assert_true(term_find(t, "本x", NULL, &col) && col == 2 && !term_find(t, "y", NULL, NULL));
	assert_true(term_cell(t, 0, 0, &cell) && cell.width == 2);
	assert_true(term_cell(t, 0, 1, &cell) && cell.width == 0);
	assert_string_equal(cell.text, "");
}

static void test_alternate_screen(void **state G_GNUC_UNUSED)
{
	Term *t = quiet_shell(4, 20,
	                      "printf 'shell$ '; printf '\\033[?1049h\\033[2J\\033[Hfull';"
	                      "read -r a; printf '\\033[?1049lback'; read -r b");

	expect_text(t, "full");
	assert_true(term_alternate(t) && !term_wait_text(t, "shell$", 0));
	term_send(t, "\n");
	expect_text(t, "shell$ back");
	assert_false(term_alternate(t) || term_wait_text(t, "full", 0));
}

static void test_modes_and_commands(void **state G_GNUC_UNUSED)
{
	Term *t = shell(
		3, 30,
		"printf '\\033[?2004h\\033[?1000h\\033[?1006h\\033]2;a title\\007\\a';"
		"printf '\\033]52;c;aGVsbG8=\\033\\\\'; stty raw; printf ok; head -c1; stty sane");

	assert_null(term_last_osc(t));
	expect_row(t, 0, "^ok$");
	assert_true(term_mouse(t) && !term_cooked(t));
	assert_string_equal(term_title(t), "a title");
	assert_int_equal(term_bells(t), 1);
	assert_string_equal(term_last_osc(t), "52;c;aGVsbG8=");
	assert_non_null(strstr(term_output(t, NULL), "\033[?2004h"));
	term_key(t, "x");
	expect_exit(t, 0);
	assert_true(term_cooked(t));
}

/* Cut into many reads, and once between the last two bytes. */
static void test_long_osc(void **state G_GNUC_UNUSED)
{
	Term *t = quiet_shell(3, 30,
	                      "printf '\\033]52;c;'; head -c 100000 /dev/zero | tr '\\0' A;"
	                      "printf '\\033'; read -r a; printf '\\\\done'");

	while (term_bytes(t) < 100000 + strlen("\033]52;c;\033"))
		assert_true(term_wait_idle(t, 10, TERM_DEADLINE_MS));
	term_send(t, "\n");
	expect_exit(t, 0);
	assert_row(t, 0, "done");
	assert_int_equal(strlen(term_last_osc(t)), 100000 + strlen("52;c;"));
}

static void test_resize(void **state G_GNUC_UNUSED)
{
	Term *t = shell(10, 40, "trap 'stty size' WINCH; stty size; while :; do sleep 0.01; done");

	expect_row(t, 0, "^10 40$");
	term_resize(t, 24, 100);
	expect_text(t, "24 100");
	term_resize(t, 4, 20);
	expect_row(t, 3, "^$");
	expect_text(t, "4 20");
	assert_false(term_cell(t, 4, 0, &(TermCell){ 0 }));
}

typedef struct Key {
	const char *name, *shown; /* as cat -vT shows it */
} Key;

static const Key normal_keys[] = {
	{ "F1", "^[OP" },       { "F4", "^[OS" },   { "F5", "^[[15~" },  { "F12", "^[[24~" },
	{ "Up", "^[[A" },       { "Home", "^[[H" }, { "PgUp", "^[[5~" }, { "PgDn", "^[[6~" },
	{ "Ins", "^[[2~" },     { "Del", "^[[3~" }, { "Enter", "^M" },   { "Tab", "^I" },
	{ "BackTab", "^[[Z" },  { "Esc", "^[" },    { "Space", " " },    { "Backspace", "^?" },
	{ "Ctrl-L", "^L" },     { "Ctrl-i", "^I" }, { "Alt-x", "^[x" },  { "Alt-Ctrl-l", "^[^L" },
	{ "Shift-q", "Q" },     { "q", "q" },       { "-", "-" },        { "é", "M-CM-)" },
	{ "日", "M-fM-^WM-%" },
};

static const Key application_keys[] = {
	{ "Up", "^[OA" }, { "Right", "^[OC" }, { "Home", "^[OH" },        { "End", "^[OF" },
	{ "F1", "^[OP" }, { "PgUp", "^[[5~" }, { "Shift-Up", "^[[1;2A" }, { "Enter", "^M" },
};

static void check_keys(Term *t, const Key *keys, size_t n)
{
	expect_text(t, "ready");
	for (size_t i = 0; i < n; i++) {
		g_autofree char *shown = g_strdup_printf("{%s}", keys[i].shown);

		term_send(t, "{");
		assert_true(term_key(t, keys[i].name));
		term_send(t, "}");
		expect_text(t, shown);
	}
}

static void test_keys(void **state G_GNUC_UNUSED)
{
	Term *t = shell(20, 250, "stty raw -echo; printf 'ready\\r\\n'; exec cat -vT");

	check_keys(t, normal_keys, G_N_ELEMENTS(normal_keys));
	assert_false(term_key(t, "F13") || term_key(t, "Entre") || term_key(t, ""));
	assert_false(term_key(t, "Ctrl-1"));
	stop();
	t = shell(20, 250, "stty raw -echo; printf '\\033[?1h\\033=ready\\r\\n'; exec cat -vT");
	check_keys(t, application_keys, G_N_ELEMENTS(application_keys));
}

static void test_paste_click_reply(void **state G_GNUC_UNUSED)
{
	Term *t = shell(5, 60,
	                "stty -icanon -echo; printf '\\033[?2004h\\033[?1000h\\033[?1006h';"
	                "printf 'ready\\r\\n'; exec cat -v");

	expect_text(t, "ready");
	term_paste(t, "some text");
	expect_text(t, "^[[200~some text^[[201~");
	term_click(t, 2, 4, 1);
	expect_text(t, "^[[<0;5;3M^[[<0;5;3m");
	/* Where is the cursor? The emulator answers as a terminal does. */
	stop();
	t = shell(5, 30, "stty raw -echo; printf '\\033[3;4H\\033[6n'; head -c6 | cat -v");
	expect_text(t, "^[[3;4R");
}

static void test_unread_input(void **state G_GNUC_UNUSED)
{
	/* The program reads late; a megabyte must neither block the test nor get lost. */
	g_autofree char *big = g_strnfill(1000000, 'x');
	Term *t = quiet_shell(3, 30, "stty raw; printf ready; sleep 0.2; head -c 1000000 | wc -c");

	expect_text(t, "ready");
	term_send(t, big);
	expect_text(t, "1000000");
}

/* The path of a golden file "one" in a new directory. */
static char *make_golden(void)
{
	golden_dir = g_dir_make_tmp("screen-selftest-XXXXXX", NULL);
	assert_non_null(golden_dir);
	g_setenv("MDEVCON_GOLDEN_DIR", golden_dir, TRUE);
	return g_strdup_printf("%s/one.txt", golden_dir);
}

static void test_golden(void **state G_GNUC_UNUSED)
{
	g_autofree char *path = make_golden();
	g_autofree char *text = NULL;
	Term *t = quiet_shell(3, 24,
	                      "printf '|1234-ab | 3s   | end\\r\\n|日本| 10m 7'; read -r a;"
	                      "printf '\\033[1;2H99'; read -r b");

	assert_false(term_normalise(t, "(", "x"));
	assert_true(term_normalise(t, "[0-9]+-([a-z]+)", "<\\1>"));
	assert_true(term_normalise(t, "\\b[0-9]+[sm]\\b", "<age>"));
	assert_true(term_normalise(t, "日本", "jp"));
	expect_text(t, "10m");
	g_setenv("MDEVCON_UPDATE_GOLDEN", "1", TRUE);
	expect_golden(t, "one");
	g_unsetenv("MDEVCON_UPDATE_GOLDEN");
	g_file_get_contents(path, &text, NULL, NULL);
	assert_string_equal(text, "|<ab>    | <age> | end\n|jp  | <age> 7\n\n");
	expect_golden(t, "one");
	term_send(t, "\n");
	expect_text(t, "9934-ab");
	expect_golden(t, "one");
}

/* Runs "selftest --fail HOW", which must fail with the message and a place in this file. */
static void expect_failure(const char *how, const char *message)
{
	g_autofree char *env = g_strdup_printf("MDEVCON_GOLDEN_DIR=%s", golden_dir);
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	const char *extra[] = { env, "MDEVCON_TEST_SLOW=0.1", NULL };
	Term *t = run(40, 200, (const char *[]){ self, "--fail", how, NULL }, extra);
	int status;

	assert_true(term_wait_exit(t, TERM_DEADLINE_MS * 2, &status));
	assert_int_not_equal(status, 0);
	expect_text(t, message);
	expect_text(t, "selftest.c:");
	stop();
}

static void test_failures(void **state G_GNUC_UNUSED)
{
	g_autofree char *path = make_golden();

	assert_true(g_file_set_contents(path, "wanted\nsame\n", -1, NULL));
	expect_failure("text", "  0|shown");
	expect_failure("gone", "for the text \"shown\" to go");
	expect_failure("row", "row 0 to match /^x/");
	expect_failure("exit", "exit status 0 instead of 1");
	expect_failure("golden", "  0 wanted   * shown");
	expect_failure("missing", "MDEVCON_UPDATE_GOLDEN=1 writes it");
	expect_failure("glib", "the text is not on the screen");
}

static const char *failing;

static void fail_somehow(void)
{
	Term *t = shell(2, 12, "printf 'shown\\nsame'");

	expect_text(t, "same");
	if (strcmp(failing, "text") == 0 || strcmp(failing, "glib") == 0)
		expect_text(t, "absent");
	else if (strcmp(failing, "gone") == 0)
		expect_gone(t, "shown");
	else if (strcmp(failing, "row") == 0)
		expect_row(t, 0, "^x");
	else if (strcmp(failing, "exit") == 0)
		expect_exit(t, 1);
	else
		expect_golden(t, strcmp(failing, "golden") == 0 ? "one" : "none");
}

static void test_fail_somehow(void **state G_GNUC_UNUSED)
{
	fail_somehow();
}

static int run_failing(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { T(test_fail_somehow) };

	if (strcmp(failing, "glib") != 0)
		return cmocka_run_group_tests(tests, NULL, NULL);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/failing", fail_somehow);
	return g_test_run();
}

#ifdef SELFTEST_NCURSES
/* Shows the last key and the size in colour until q. */
static int run_ncurses(void)
{
	int key = 0, last = 0;

	setlocale(LC_ALL, "");
	initscr();
	noecho();
	keypad(stdscr, TRUE);
	cbreak();
	timeout(50); /* a blocking getch() misses a SIGWINCH that comes just before its read */
	start_color();
	init_pair(1, COLOR_YELLOW, COLOR_BLUE);
	do {
		erase();
		box(stdscr, 0, 0);
		attrset(A_BOLD | COLOR_PAIR(1));
		mvaddstr(1, 2, "日本 title");
		attrset(A_NORMAL);
		mvprintw(2, 2, "%dx%d %s", LINES, COLS, last ? keyname(last) : "start");
		key = getch();
		last = key == ERR ? last : key;
	} while (key != 'q');
	return endwin();
}

static void test_ncurses(void **state G_GNUC_UNUSED)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	/* ncurses frees nothing; a leak report would become the exit status. */
	const char *extra[] = { "ASAN_OPTIONS=detect_leaks=0", NULL };
	Term *t = run(6, 30, (const char *[]){ self, "--ncurses", NULL }, extra);
	static const Key keys[] = {
		{ "F5", "KEY_F(5)" },
		{ "Up", "KEY_UP" },
		{ "BackTab", "KEY_BTAB" },
	};
	TermCell cell;

	expect_text(t, "6x30 start");
	assert_true(term_alternate(t));
	assert_row(t, 1, "│ 日本 title                 │");
	term_cell(t, 1, 2, &cell);
	assert_true(cell.bold && cell.fg == COLOR_YELLOW && cell.bg == COLOR_BLUE);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		term_key(t, keys[i].name);
		expect_text(t, keys[i].shown);
	}
	term_resize(t, 8, 40);
	expect_text(t, "8x40 KEY_RESIZE");
	expect_row(t, -1, "^└─{38}┘$");
	term_key(t, "q");
	expect_exit(t, 0);
	assert_true(!term_alternate(t) && term_cooked(t) && term_cursor(t, NULL, NULL));
}
#endif

int main(int argc, char *argv[])
{
	static const struct CMUnitTest tests[] = {
		T(test_text_and_exit),
		T(test_stop),
		T(test_environment),
		T(test_waits),
		T(test_deadline),
		T(test_attributes),
		T(test_wide),
		T(test_alternate_screen),
		T(test_modes_and_commands),
		T(test_long_osc),
		T(test_resize),
		T(test_keys),
		T(test_paste_click_reply),
		T(test_unread_input),
		T(test_golden),
		T(test_failures),
#ifdef SELFTEST_NCURSES
		T(test_ncurses),
#endif
	};

	failing = argc == 3 && strcmp(argv[1], "--fail") == 0 ? argv[2] : NULL;
	if (failing)
		return run_failing(argc, argv);
#ifdef SELFTEST_NCURSES
	if (argc == 2 && strcmp(argv[1], "--ncurses") == 0)
		return run_ncurses();
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
