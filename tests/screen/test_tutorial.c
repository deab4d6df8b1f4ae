// SPDX-License-Identifier: GPL-2.0-or-later
/* docs/tutorial.md, walked through: every key that it says to press, and what must then be seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "tests/screen/term.h"

static Term *term;

static int set_up(void **state)
{
	(void)state;
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--demo", NULL };
	term = term_start(24, 80, argv, NULL);
	expect_text(term, "READY AFTER 1 STEP");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	term_stop(term, NULL);
	term = NULL;
	return 0;
}

static void press(const char *key)
{
	assert_true(term_key(term, key));
}

/* The picker of a side, a name, Enter; then that host is there. */
static void choose(const char *key, const char *host, const char *side)
{
	g_autofree char *title = g_strdup_printf("%s %s  simulated", side, host);
	press(key);
	expect_text(term, "Choose");
	term_send(term, host);
	press("Enter");
	expect_text(term, title);
}

static void select_web_7(void)
{
	press("j");
	expect_row(term, 0, "^ web-7 ");
}

static void test_verdicts(void **state)
{
	(void)state;
	static const struct {
		const char *host, *verdict, *reason;
	} targets[] = {
		{ "gpu-old", "× CANNOT", "equal versions are" },
		{ "gpu-full", "~ BLOCKED NOW", "no free nvidia-560" },
		{ "gpu-off", "× CANNOT", "/usr/lib/nvidia/sriov-manage -e" },
		{ "pve-a", "× CANNOT", "vendor VFIO" },
		{ "z-1", "× CANNOT", "s390x" },
		{ "plain", "× CANNOT", "the mdev module is not loaded" },
		{ "silent", "? CANNOT TELL", "it has not answered" },
		{ "gpu-b", "+ READY AFTER 1 STEP", "create 1 nvidia-560 on gpu-b" },
	};
	select_web_7();
	expect_text(term, "assurance B");
	press("F3");
	expect_text(term, "Details: gpu-a");
	press("End");
	expect_text(term, "board 10de:2235");
	press("Esc");
	for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
		choose("t", targets[i].host, "TARGET");
		expect_text(term, targets[i].verdict);
		expect_text(term, targets[i].reason);
	}
	press("]");
	expect_text(term, "TARGET gpu-full");
	press("[");
	expect_text(term, "TARGET gpu-b");
	press("a");
	expect_text(term, "A40 af:00.0");
	press("a");
	expect_text(term, "17 more types unused");
	press("o");
	expect_gone(term, "17 more types unused");
}

/* Apply on the review page that is shown. */
static void apply(const char *outcome)
{
	expect_text(term, "Review: nothing has changed yet");
	press("Tab");
	press("Tab");
	press("Enter");
	expect_text(term, "What came of it");
	expect_text(term, outcome);
	press("Enter");
	expect_gone(term, "What came of it");
}

typedef struct {
	int row, col;
} Place;

/* In another row of the same column: while a screen is drawn, the cursor is anywhere. */
static bool cursor_moved(Term *t, void *data)
{
	const Place *from = data;
	Place now;
	return term_cursor(t, &now.row, &now.col) && now.row != from->row && now.col == from->col;
}

/* Moves the cursor of the focused pane to the row that holds `text`. */
static void go_to(const char *text)
{
	int row = 0, col;
	expect_text(term, text);
	for (int i = 0; i < 24; i++) {
		Place cursor;
		term_wait_idle(term, 100, 1000);
		assert_true(term_find(term, text, &row, &col));
		assert_true(term_cursor(term, &cursor.row, &cursor.col));
		if (cursor.row == row)
			return;
		press(cursor.row < row ? "j" : "k");
		assert_true(term_wait(term, cursor_moved, &cursor, "the cursor to move",
		                      TERM_DEADLINE_MS));
	}
	term_print(term);
	fail_msg("the cursor does not get to %s", text);
}

static void test_create_and_remove(void **state)
{
	(void)state;
	select_web_7();
	press("Tab");
	press("c");
	expect_text(term, "nvidia-560  NVIDIA A40-2Q");
	press("Enter");
	apply("done    created nvidia-560");
	go_to("=   ○ -");
	press("D");
	apply("done    removed");
	expect_gone(term, "=   ○ -");
	go_to("● db-2");
	press("D");
	expect_text(term, "It cannot be removed");
	expect_text(term, "in use by pid 3077 (db-2)");
	expect_text(term, "nothing lifts this");
}

static void test_sick(void **state)
{
	(void)state;
	choose("t", "new", "TARGET");
	expect_text(term, "SHA256:");
	press("Enter");
	expect_text(term, "Down. new: the host key is not known");
	choose("s", "lab-a", "SOURCE");
	choose("t", "lab-shut", "TARGET");
	expect_text(term, "room ?");
	go_to("│ mtty-1 Single");
	expect_text(term, "? CANNOT TELL: available_instances of mtty-1 on lab-shut/mtty");
	choose("t", "lab-sick", "TARGET");
	press("Tab");
	press("c");
	expect_text(term, "mtty-1  Single port serial");
	press("Enter");
	apply("Input/output error");
	go_to("○ -        77777777");
	press("D");
	expect_text(term, "Review: nothing has changed yet");
	press("Tab");
	press("Tab");
	press("Enter");
	assert_true(term_wait_text(term, "pending until its user lets go", 4 * TERM_DEADLINE_MS));
	press("Enter");
	press("6");
	expect_text(term, "EIO");
	press("q");
	press("q");
	expect_exit(term, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_verdicts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_create_and_remove, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sick, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
