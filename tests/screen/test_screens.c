// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The console's screens, on two recorded hosts with SR-IOV cards (tests/data), read through a real
 * pty. The golden files beside this were looked at: they are pictures of a good screen.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "tests/screen/recorded.h"

static Term *term;

static void start_with(const char *source, const char *target, int rows, int cols,
                       const char *const extra[], const char *color)
{
	const char *const labels[] = { source, target, NULL };
	term = recorded_start(labels, rows, cols, extra, color);
	expect_text(term, "2 recorded");
}

static void start(int rows, int cols, const char *const extra[], const char *color)
{
	start_with("gpu-a", "gpu-b", rows, cols, extra, color);
}

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
}

/* The cursor on web-7, an instance in use: the screen of the tutorial. */
static void on_instance(void)
{
	press("Down");
	expect_text(term, "web-7 (1 device)");
}

static void test_pair_80x24(void **state)
{
	(void)state;
	start(24, 80, NULL, NULL);
	on_instance();
	expect_golden(term, "pair-80x24");
}

static void test_pair_120x40(void **state)
{
	(void)state;
	start(40, 120, NULL, NULL);
	on_instance();
	expect_golden(term, "pair-120x40");
}

static void test_pair_60x15(void **state)
{
	(void)state;
	start(15, 60, NULL, NULL);
	on_instance();
	expect_golden(term, "pair-60x15-source");
	press("Tab");
	expect_text(term, "TARGET gpu-b");
	expect_golden(term, "pair-60x15-target");
}

/* By hardware: cards with their types; the functions behind them are named, not listed. */
static void by_hardware(int rows, int cols)
{
	start_with("gpu-sriov", "gpu-b", rows, cols, NULL, NULL);
	press("a");
	for (int i = 0; i < 4; i++)
		press("Down");
	expect_text(term, "web-7 (1 device)");
}

static void test_hardware_80x24(void **state)
{
	(void)state;
	by_hardware(24, 80);
	expect_golden(term, "hardware-80x24");
	press("a");
	expect_text(term, "web-7 (1 device)");
	expect_gone(term, "A40 a1:00.0");
}

static void test_hardware_120x40(void **state)
{
	(void)state;
	by_hardware(40, 120);
	expect_golden(term, "hardware-120x40");
}

static void test_hardware_60x15(void **state)
{
	(void)state;
	by_hardware(15, 60);
	expect_golden(term, "hardware-60x15");
}

/* Left folds the card that one is in, Right opens it again. */
static void test_fold_a_card(void **state)
{
	(void)state;
	by_hardware(24, 80);
	press("Left");
	expect_gone(term, "web-9");
	expect_text(term, ">A40 41:00.0");
	press("Right");
	expect_text(term, "web-9");
}

/* A type that reads 0 says why, in the panel and in the details. */
static void test_zero_says_why(void **state)
{
	(void)state;
	start_with("gpu-sriov", "gpu-b", 24, 80, NULL, NULL);
	press("a");
	press("o");
	press("Down");
	expect_text(term, "gpu-sriov can make no nvidia-555: the card holds 3 nvidia-562");
	expect_golden(term, "zero-80x24");
	press("F3");
	expect_text(term, "why 0");
}

/* A host without devices says what is missing and how to mend it; one with vendor VFIO, what is
 * used instead. */
static void test_empty_says_why(void **state)
{
	(void)state;
	start_with("gpu-vendor", "gpu-off", 24, 80, NULL, NULL);
	expect_text(term, "sriov-manage");
	expect_golden(term, "empty-80x24");
	/* By hardware the cards are there, each with its own reason and functions. */
	press("a");
	press("Home");
	expect_text(term, "L40S 21:00.0: NVIDIA's vendor VFIO is in use instead of mdev");
	press("F3");
	expect_text(term, "21:00.4          nvidia-1152");
	expect_text(term, "21:00.7          no type set");
}

/* Nobody takes the demo for hosts; a host that asks does so when it is wanted, not before. */
static void test_demo(void **state)
{
	(void)state;
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--demo", NULL };
	term = term_start(24, 80, argv, NULL);
	expect_text(term, "SIMULATED up");
	expect_text(term, "SOURCE gpu-a  simulated");
	expect_text(term, "TARGET gpu-b  simulated");
	expect_text(term, "web-7");
	expect_text(term, "READY AFTER 1 STEP");
	press("t");
	expect_text(term, "BLOCKED NOW: no free nvidia-560");
	expect_text(term, "asks");
	term_send(term, "new");
	press("Enter");
	expect_text(term, "Host key: new");
	press("Tab");
	press("Enter");
	expect_text(term, "TARGET new  simulated");
	expect_text(term, "CANNOT");
}

/* The create page offers cards; the review names the function that was picked of one. */
static void test_create_picks_a_function(void **state)
{
	(void)state;
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--host", "h=sim:nvidia", "h", NULL };
	term = term_start(24, 80, argv, NULL);
	expect_text(term, "1 of 1 SIMULATED up");
	press("a");
	expect_text(term, "A40 af:00.0");
	press("Down");
	press("c");
	expect_text(term, "A40 af:00.0  up to 16 available");
	for (int i = 0; i < 6; i++)
		press("Tab");
	press("Enter");
	expect_text(term, "Functions picked of A40 af:00.0: af:00.4");
	press("Esc");
	press("Esc");
}

static void test_ascii(void **state)
{
	(void)state;
	start(24, 80, (const char *const[]){ "--ascii", NULL }, NULL);
	on_instance();
	expect_golden(term, "pair-80x24-ascii");
	g_autofree char *dump = term_dump(term);
	for (const char *p = dump; *p; p++)
		assert_true((guchar)*p < 0x80);
}

static void test_no_color(void **state)
{
	(void)state;
	start(24, 80, NULL, "NO_COLOR=1");
	on_instance();
	for (int row = 0; row < 24; row++) {
		for (int col = 0; col < 80; col++) {
			TermCell cell;
			assert_true(term_cell(term, row, col, &cell));
			assert_int_equal(cell.fg, TERM_DEFAULT);
			assert_int_equal(cell.bg, TERM_DEFAULT);
		}
	}
}

static bool cursor_is_on(Term *t, void *data)
{
	int row, at;
	return term_find(t, data, &row, NULL) && term_cursor(t, &at, NULL) && at == row;
}

static void test_cursor_is_on_the_selection(void **state)
{
	(void)state;
	start(24, 80, NULL, NULL);
	on_instance();
	assert_true(term_wait(term, cursor_is_on, (void *)"● web-7", "the cursor's row", 5000));
}

static void test_details(void **state)
{
	(void)state;
	start(40, 120, NULL, NULL);
	on_instance();
	press("F3");
	expect_text(term, "/sys/devices/pci0000:40");
	expect_golden(term, "details-120x40");
	press("Esc");
	expect_gone(term, "/sys/devices/pci0000:40");
}

static void test_help(void **state)
{
	(void)state;
	start(24, 80, NULL, NULL);
	press("F1");
	expect_text(term, "Keys of the main screen");
	expect_golden(term, "help-80x24");
}

static void test_filter(void **state)
{
	(void)state;
	start(24, 80, NULL, NULL);
	press("/");
	term_send(term, "c0ffee");
	expect_gone(term, "web-9");
	expect_text(term, "db-2");
	expect_golden(term, "filter-80x24");
	press("Enter");
	press("Esc");
	expect_text(term, "web-9");
}

static void test_picker_and_swap(void **state)
{
	(void)state;
	start(24, 80, NULL, NULL);
	press("t");
	expect_golden(term, "picker-80x24");
	press("Esc");
	press("x");
	expect_text(term, "SOURCE gpu-b");
	expect_text(term, "TARGET gpu-a");
}

/* Typed text survives a resize, down to a size that shows nothing but a message. */
static void test_resize_loses_nothing(void **state)
{
	(void)state;
	start(24, 80, NULL, NULL);
	press("/");
	term_send(term, "web");
	expect_text(term, "Filter: web");
	term_resize(term, 5, 20);
	expect_text(term, "too small");
	term_resize(term, 40, 120);
	expect_text(term, "Filter: web");
	expect_text(term, "web-7");
	term_send(term, "-9");
	expect_text(term, "Filter: web-9");
	expect_gone(term, "● web-7");
}

static void test_recordings_are_read_only(void **state)
{
	(void)state;
	start(24, 80, NULL, NULL);
	press("c");
	expect_text(term, "recording");
	expect_gone(term, "Create on");
}

static void test_quit_restores_the_terminal(void **state)
{
	(void)state;
	int status = -1;
	start(24, 80, NULL, NULL);
	assert_true(term_alternate(term));
	press("q");
	assert_true(term_wait_exit(term, 5000, &status));
	assert_int_equal(status, 0);
	assert_false(term_alternate(term));
	assert_true(term_cooked(term));
}

static void ended_by(int sig)
{
	int status = -1;
	start(24, 80, NULL, NULL);
	assert_true(term_signal(term, sig));
	assert_true(term_wait_exit(term, 5000, &status));
	assert_false(term_alternate(term));
	assert_true(term_cooked(term));
}

static void test_killed_restores_the_terminal(void **state)
{
	(void)state;
	ended_by(SIGTERM);
}

static void test_crash_restores_the_terminal(void **state)
{
	(void)state;
	ended_by(SIGABRT);
	stop(NULL);
	ended_by(SIGSEGV);
}

/* Names that a hostile host sends reach the terminal as visible text, never as controls. */
static void test_hostile_names(void **state)
{
	(void)state;
	g_autofree char *file = g_build_filename(g_get_tmp_dir(), "mdevcon-hostile.facts", NULL);
	g_autofree char *host = g_strdup_printf("evil=recorded:%s", file);
	const char *facts =
		"mdevcon-facts 1\n"
		"v /proc/sys/kernel/hostname %1B]0;owned%07\n"
		"n /sys/class/mdev_bus p%1B[2J\n"
		"l /sys/class/mdev_bus/p%1B[2J ../../devices/virtual/x/p%1B[2J\n"
		"n /sys/class/mdev_bus/p%1B[2J/mdev_supported_types t-%E2%80%AE1\n"
		"v /sys/class/mdev_bus/p%1B[2J/mdev_supported_types/t-%E2%80%AE1/name %9B31m\n"
		".\n";
	const char *const argv[] = { g_getenv("MDEVCON_BIN"), "--host", host, "evil", NULL };

	assert_true(g_file_set_contents(file, facts, -1, NULL));
	term = term_start(40, 120, argv, NULL);
	expect_text(term, "t-\\u{202e}1");
	press("o");
	press("F3");
	expect_text(term, "\\x1b");
	assert_string_equal(term_title(term), "");
	g_unlink(file);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, stop)
	const struct CMUnitTest tests[] = {
		TEST(test_pair_80x24),
		TEST(test_pair_120x40),
		TEST(test_pair_60x15),
		TEST(test_hardware_80x24),
		TEST(test_hardware_120x40),
		TEST(test_hardware_60x15),
		TEST(test_fold_a_card),
		TEST(test_zero_says_why),
		TEST(test_empty_says_why),
		TEST(test_demo),
		TEST(test_create_picks_a_function),
		TEST(test_ascii),
		TEST(test_no_color),
		TEST(test_cursor_is_on_the_selection),
		TEST(test_details),
		TEST(test_help),
		TEST(test_filter),
		TEST(test_picker_and_swap),
		TEST(test_resize_loses_nothing),
		TEST(test_recordings_are_read_only),
		TEST(test_quit_restores_the_terminal),
		TEST(test_killed_restores_the_terminal),
		TEST(test_crash_restores_the_terminal),
		TEST(test_hostile_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
