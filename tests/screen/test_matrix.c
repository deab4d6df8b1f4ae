// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The matrix, the ranked targets and the answers for a selection as a whole: recorded hosts where
 * the picture matters, the demo's where something happens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "tests/screen/recorded.h"

static Term *term;

static void start_recorded(int rows, int cols, const char *const extra[])
{
	static const char *const labels[] = { "gpu-a",   "gpu-b",   "gpu-sriov", "gpu-vendor",
		                              "gpu-off", "gvt-off", "lab-a",     NULL };
	term = recorded_start(labels, rows, cols, extra, NULL);
	assert_true(term_key(term, "3"));
	expect_text(term, "Matrix");
}

static void start_demo(void)
{
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--demo", "--no-journal", NULL };
	term = term_start(24, 80, argv, NULL);
	expect_text(term, "web-7");
	expect_text(term, "locked down");
}

static int stop(void **state)
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

static void press_until(const char *key, const char *text)
{
	for (int i = 0; i < 30 && !term_find(term, text, NULL, NULL); i++) {
		press(key);
		term_wait_idle(term, 50, 1000);
	}
	expect_text(term, text);
}

static void test_80x24(void **state)
{
	(void)state;
	start_recorded(24, 80, NULL);
	expect_golden(term, "matrix-80x24");
}

static void test_120x40(void **state)
{
	(void)state;
	start_recorded(40, 120, NULL);
	expect_golden(term, "matrix-120x40");
}

static void test_60x15(void **state)
{
	(void)state;
	start_recorded(15, 60, (const char *const[]){ "--ascii", NULL });
	expect_golden(term, "matrix-60x15-ascii");
}

/* The cell says what the pair will, and Enter opens just that pair. */
static void test_opens_the_pair(void **state)
{
	(void)state;
	start_demo();
	press("3");
	expect_text(term, "Matrix");
	press_until("Down", "web-7 → desk-1: CANNOT");
	press_until("Right", "web-7 is on gpu-a");
	press_until("Right", "web-7 → gpu-b: READY AFTER 1 STEP");
	press("Enter");
	expect_text(term, "TARGET gpu-b");
	expect_row(term, 0, "^ web-7 .*gpu-a → gpu-b");
	expect_text(term, "assurance B");
}

/* Instances come and go on lab-busy: the cursor stays on web-7 and gpu-b. */
static void test_cursor_stays(void **state)
{
	(void)state;
	start_demo();
	press("3");
	press_until("Down", "web-7 ");
	press_until("Right", "→ gpu-b:");
	press_until("Down", "web-7 → gpu-b: READY AFTER 1 STEP");
	press("1");
	expect_text(term, "SOURCE gpu-a");
	press("3");
	expect_text(term, "web-7 → gpu-b: READY AFTER 1 STEP");
}

static void test_best(void **state)
{
	(void)state;
	start_demo();
	press("j");
	press("t");
	expect_text(term, "Choose the target");
	term_send(term, "gpu-full");
	press("Enter");
	expect_text(term, "~ BLOCKED NOW");
	press("b");
	expect_text(term, "The best targets of all hosts");
	expect_row(term, 3, "gpu-b +up +\\+ READY AFTER 1 STEP");
	press("Enter");
	expect_text(term, "TARGET gpu-b");
	press("]");
	expect_text(term, "TARGET gpu-full");
	press("}");
	expect_text(term, "TARGET gpu-b");
	press("}");
	expect_text(term, "No other host can take it now");
}

/* A guest that cannot go anywhere: said at the foot of the list. */
static void test_nowhere(void **state)
{
	(void)state;
	start_demo();
	press("s");
	expect_text(term, "Choose the source");
	term_send(term, "desk-1");
	press("Enter");
	expect_text(term, "SOURCE desk-1");
	press("j");
	expect_text(term, "desktop-4");
	press("b");
	expect_text(term, "No host can take it now, and no type looks like it.");
}

static void test_answers(void **state)
{
	(void)state;
	start_demo();
	expect_text(term, "3 here; up to 14 fit there");
	press("a");
	press("Home");
	expect_text(term, "2 of 2 in use can go to gpu-b");
	press("a");
	press("s");
	expect_text(term, "Choose the source");
	term_send(term, "lab-a");
	press("Enter");
	expect_text(term, "SOURCE lab-a");
	press("t");
	expect_text(term, "Choose the target");
	term_send(term, "lab-b");
	press("Enter");
	expect_text(term, "TARGET lab-b");
	press_until("Down", "console-1 (1 of 2): each of the 2 devices fits alone");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, stop)
	const struct CMUnitTest tests[] = {
		TEST(test_80x24),          TEST(test_120x40),       TEST(test_60x15),
		TEST(test_opens_the_pair), TEST(test_cursor_stays), TEST(test_best),
		TEST(test_nowhere),        TEST(test_answers),
	};
	return cmocka_run_group_tests_name("matrix", tests, NULL, NULL);
}
